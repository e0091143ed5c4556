"""Rules given to libseccomp in a process of their own, which ends even if libseccomp does not.

Nothing can end a C function that loops in a thread. A process can be killed, and this one has the kernel do so
when its processor time is up: on a busy machine it gets no less of it, and it does not outlive a killed parent.
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
    """The index of the rule on call `number` that libseccomp never finishes with, None if it gets through them all.

    The number of the rules stands for writing the program down after them. `seconds` are of processor time. A rule that
    it refuses ends the trial: refusing is finishing.

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
    """The process: add the rules that stdin describes, with a line on stdout before each."""
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
