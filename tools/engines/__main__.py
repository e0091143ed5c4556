"""`python -m tools.engines`: run the engine and lab tests in every combination, and print each result."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from runner.folders import cache_folder
from tools.engines.matrix import Combination, Way, run, table
from tools.engines.suite import SUITES, Suite

_SOURCE = Path(__file__).parents[2]


def main() -> int:
    """Run the combinations; returns the exit status, 0 if everything passed everywhere."""
    parser = argparse.ArgumentParser(prog="python -m tools.engines", description=__doc__)
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this suite; may be repeated")
    parser.add_argument(
        "--way", action="append", choices=list(Way), type=Way, help="only this way; may be repeated"
    )
    parser.add_argument(
        "--cache", type=Path, default=cache_folder() / "engines", help="where the roots are kept"
    )
    parser.add_argument("tests", nargs="*", help="options for pytest, after --")
    chosen = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("mounting the roots needs root")
    if absent := [name for name in ("mmdebstrap", "unshare", "pivot_root") if shutil.which(name) is None]:
        parser.error(f"not installed: {', '.join(absent)} (apt-get install mmdebstrap util-linux)")
    results = []
    for name in chosen.suite or SUITES:
        suite = Suite(name, chosen.cache.absolute())
        for way in chosen.way or Way:
            results.append(run(Combination(suite, way), _SOURCE, chosen.tests, _say))
            _say(list(table(results[-1:]))[1])
    print("\n".join(["", *table(results)]))
    return 0 if all(result.good for result in results) else 1


def _say(line: str) -> None:
    print(line, flush=True)


sys.exit(main())
