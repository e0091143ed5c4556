"""Adds rules to libseccomp in a separate process, which ends even if libseccomp loops.

A C function that loops in a thread cannot be ended, but a process can. The kernel kills this one when its processor
time is used up: so a busy machine does not shorten the trial, and the process does not outlive a killed parent.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from runner.pace import MACHINE
from runner.profile import libseccomp
from runner.profile.errors import SimulationError

CPU_SECONDS = 1.0
_WALL_SECONDS = 30.0
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from runner.profile.filter.trial import main; main()"

Addition = tuple[int, tuple[tuple[int, int, int, int], ...]]
"""A rule's return value and conditions, as `libseccomp.Builder.add` takes them."""


def stuck_at(
    default: int,
    arches: Sequence[int],
    number: int,
    additions: Sequence[Addition],
    *,
    seconds: float = CPU_SECONDS,
) -> int | None:
    """The index of the rule on call `number` that libseccomp never finishes with; None if it finishes all.

    An index equal to the number of rules means that exporting the program does not finish. `seconds` are processor
    time. A rule that libseccomp refuses ends the trial: refusing is finishing.

    Raises:
        SimulationError: the process fails.
    """
    return _tried(json.dumps([default, list(arches), number, additions]), seconds)


@lru_cache(maxsize=64)
def _tried(request: str, seconds: float) -> int | None:
    root = str(Path(__file__).parents[3])
    argv = [sys.executable, "-I", "-S", "-c", _CHILD, root, str(seconds * MACHINE.processor)]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        try:
            output, said = child.communicate(request.encode(), timeout=MACHINE.stretched(_WALL_SECONDS))
        except subprocess.TimeoutExpired:
            child.kill()
            output, said = child.communicate()
        finally:
            child.kill()
    if child.returncode > 0:
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise SimulationError(
            f"the process that tries the rules ended with status {child.returncode}: {last}"
        )
    return None if child.returncode == 0 else max(output.count(b"\n") - 1, 0)


def main() -> None:
    """Run the trial process: add the rules given on stdin, with a line on stdout before each."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, float(sys.argv[2]))
    default, arches, number, additions = json.load(sys.stdin)
    try:
        with libseccomp.Builder(default) as builder:
            builder.set_architectures(arches)
            for value, conditions in additions:
                _next()
                builder.add(value, number, (tuple(condition) for condition in conditions))
            _next()
            builder.export()
    except libseccomp.RuleRefusedError:
        return


def _next() -> None:
    sys.stdout.write("\n")
    sys.stdout.flush()
