"""The speed of the profile toolkit: one command against `python -c pass`, and growth over many profiles."""

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from runner.content import PROFILES
from runner.profile.lint import LintTarget, lint
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile

_LINT = "import sys; from runner.cli.main import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class Ratio:
    """The medians in milliseconds of two commands measured in turns, and the ratio of the first to the second."""

    command: float
    baseline: float

    @property
    def value(self) -> float:
        return self.command / self.baseline


def lint_ratio(rounds: int = 20) -> Ratio:
    """`workshop profile lint` of the default profile as a whole process, against `python -c pass`."""
    command, baseline = [], []
    for _ in range(rounds):
        command.append(_milliseconds(_LINT, "profile", "lint", str(PROFILES / "default.json")))
        baseline.append(_milliseconds("pass"))
    return Ratio(statistics.median(command), statistics.median(baseline))


def growth(counts: tuple[int, ...] = (125, 250, 500, 1000)) -> dict[int, float]:
    """Milliseconds per profile to read, resolve and lint this many different ones; equal if growth is linear."""
    text = (PROFILES / "default.json").read_text(encoding="utf-8")
    found = {}
    for count in counts:
        started = time.perf_counter()
        for number in range(count):
            reading = read_profile(
                text.replace('"defaultErrnoRet": 1', f'"defaultErrnoRet": {number % 4000 + 1}')
            )
            resolve(reading.profile, Target())
            lint(reading, LintTarget())
        found[count] = (time.perf_counter() - started) * 1000 / count
    return found


def _milliseconds(program: str, *arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Print the figures."""
    ratio = lint_ratio()
    print(
        f"profile lint {ratio.command:.1f} ms, python -c pass {ratio.baseline:.1f} ms: {ratio.value:.2f}x (aim: 6)"
    )
    for count, each in growth().items():
        print(f"read, resolve, lint {count:5} profiles: {each:.2f} ms each")


if __name__ == "__main__":
    main()
