"""The time of whole commands, each against `python -c pass`."""

import statistics
import subprocess
import sys
import time

from runner.content import LABS

ROUNDS = 21
SCRIPT = ["-c", "import sys; from runner.cli.main import main; sys.exit(main())"]
"""The command that the installed `workshop` script runs."""
COMMANDS = {
    "workshop --help": (4.0, [*SCRIPT, "--help"]),
    "workshop lint": (8.0, [*SCRIPT, "lint", str(LABS)]),
    "workshop profile lint default": (6.0, [*SCRIPT, "profile", "lint", "default"]),
}


def seconds(arguments: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Interleave the commands with the empty one, so that noise affects all alike, and compare medians."""
    for arguments in (["-c", "pass"], *(arguments for _, arguments in COMMANDS.values())):
        seconds(arguments)
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    empty = []
    for _ in range(ROUNDS):
        empty.append(seconds(["-c", "pass"]))
        for name, (_, arguments) in COMMANDS.items():
            taken[name].append(seconds(arguments))
    for name, (aim, _) in COMMANDS.items():
        ratio = statistics.median(taken[name]) / statistics.median(empty)
        print(f"{name:<32} {ratio:5.1f}x `python -c pass` (aim: {aim:g}x)")


if __name__ == "__main__":
    main()
