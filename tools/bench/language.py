"""The list of labs in another language against the original, from exec until it is shown."""

import statistics
import sys

from runner.content import LABS
from tools.bench.terminal import report
from tools.bench.tui import ROUNDS, first_paint

PAINTED = {"en": ("You will learn to", "Open", "Help"), "es": ("Aprenderás a", "Abrir", "Ayuda")}
"""The texts of a complete first frame."""


def main() -> None:
    """Alternate the two, so that noise affects both alike, and compare medians."""
    taken: dict[str, list[float]] = {language: [] for language in PAINTED}
    for number in range(ROUNDS + 1):
        for language, seconds in taken.items():
            command = [sys.executable, "-m", "runner", "run", str(LABS / "seccomp"), "--lang", language]
            passed = first_paint(command, PAINTED[language])
            # In the first round, the lessons are read and cached.
            if number:
                seconds.append(passed)
    original, other = (statistics.median(seconds) for seconds in taken.values())
    report("first paint in Spanish", f"in English {original * 1e3:.0f} ms", other / original, 1.1, "times")


if __name__ == "__main__":
    main()
