"""A probe's programs in the workspace, beside the learner's shell."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.engine.api import Completed, ProgramTimeout
from runner.language import tr
from runner.shell.program import run_program


def run_on_host(
    argv: Sequence[str], *, folder: Path, environment: Mapping[str, str], timeout: float
) -> Completed:
    """Run `argv` in `folder` to its end, and kill any children it leaves behind.

    Raises:
        ProgramTimeout: the time is over; carries the output so far. The program and its children are killed.
    """
    try:
        status, output = run_program(argv, folder=folder, environment=environment, timeout=timeout)
    except OSError as error:
        return Completed(127, f"{argv[0]}: {error.strerror}")
    if status is None:
        raise ProgramTimeout(
            tr("{program} was still running after {timeout:g} s", program=argv[0], timeout=timeout),
            output=output,
        )
    return Completed(status, output)
