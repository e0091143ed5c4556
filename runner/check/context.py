"""What probes may look at: one learner's environment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.engine.api import Completed, Container, Engine
from runner.lab.model.container import ContainerSpec
from runner.language import tr
from runner.paths import read_bytes, why
from runner.shell.recorder import CommandFinished

MAX_TEXT = 16 << 20
"""The most that is read of a learner's file, in bytes: what they fill it with must not fill our memory."""


class NotThere(Exception):
    """What a probe asks about does not exist yet: the learner has not done that part."""


def learner_text(workspace: Path, name: str) -> str:
    """The text of the file `name`, whatever bytes the learner has put there.

    Raises:
        NotThere: there is no such file, or it cannot be read.
    """
    try:
        return read_bytes(workspace / name, MAX_TEXT).decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotThere(tr("the workspace has no file {name!r}", name=name)) from error
    except (OSError, ValueError) as error:
        raise NotThere(
            tr("the workspace's file {name!r} cannot be read: {why}", name=name, why=tr(why(error)))
        ) from error


@dataclass(frozen=True, slots=True)
class ProbeContext:
    """Where probes run, beside the learner's terminals and never in them.

    `containers` maps a lab's names to running containers, `typed` a console's name to its finished commands.
    `profile` gives what the engine takes for a container's `seccomp=` option; it raises NotThere for a file that is
    missing and StartRefused for one that must not be started with; `unusable` says why the engine cannot use a
    profile's text for a container, "" if it can. `host` runs a program in the workspace within a number of seconds.
    """

    engine: Engine
    workspace: Path
    containers: Mapping[str, Container]
    typed: Mapping[str, Sequence[CommandFinished]]
    profile: Callable[[ContainerSpec], str]
    unusable: Callable[[ContainerSpec, str], str]
    host: Callable[[Sequence[str], float], Completed]
