"""The list of labs of a large workshop against a small one's, from exec until it is shown."""

import statistics
import sys
import tempfile
from pathlib import Path

from tools.bench.labs import write_workshop
from tools.bench.terminal import report
from tools.bench.tui import ROUNDS, first_paint

SMALL, LARGE = 5, 23
PAINTED = ("Large", "Lab lab-00000", "Sandbox", "You will learn to", "Help")
"""The texts of a complete first frame of the small list; the large list's frame lacks the sandbox, at its end."""


def main() -> None:
    """Alternate the two, so that noise affects both alike, and compare medians."""
    with tempfile.TemporaryDirectory() as name:
        taken: dict[int, list[float]] = {SMALL: [], LARGE: []}
        for labs in taken:
            folder = Path(name, str(labs))
            folder.mkdir()
            write_workshop(folder, labs, tracks=4)
        for number in range(ROUNDS + 1):
            for labs, seconds in taken.items():
                shown = PAINTED if labs == SMALL else [text for text in PAINTED if text != "Sandbox"]
                command = [sys.executable, "-m", "runner", "run", str(Path(name, str(labs)))]
                passed = first_paint(command, shown)
                # In the first round, the workshops are read and cached.
                if number:
                    seconds.append(passed)
    small, large = (statistics.median(taken[labs]) for labs in (SMALL, LARGE))
    report(f"first paint of {LARGE} labs", f"{SMALL} labs {small * 1e3:.0f} ms", large / small, 1.05, "times")


if __name__ == "__main__":
    main()
