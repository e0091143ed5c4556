"""Run every benchmark, or those named: `python -m tools.bench [NAME…]`."""

import os
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
_PARTS = {"record"}
"""Benchmarks that run as a part of another one, and by themselves only if named."""


def main() -> None:
    """Run the benchmarks one after another; figures are ratios of measurements taken side by side."""
    # As on a user's machine, where each module is compiled once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    known = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    chosen = sys.argv[1:] or [name for name in known if name not in _PARTS]
    if unknown := set(chosen) - set(known):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    sys.argv[1:] = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        import_module(f"tools.bench.{name}").main()


if __name__ == "__main__":
    main()
