"""The learner's environment, as far as probes may look at it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.engine.api import Completed, Container, Engine
from runner.errors import WorkshopError
from runner.lab.model.container import ContainerSpec
from runner.language import tr
from runner.paths import read_bytes, why
from runner.shell.recorder import CommandFinished

MAX_TEXT = 16 << 20
"""The largest part of a learner's file that is read, in bytes: large content must not fill our memory."""


class NotThere(WorkshopError):
    """The subject of a probe does not exist yet: the learner has not done that part."""


def learner_text(workspace: Path, name: str) -> str:
    """Read the text of the file `name`, whatever bytes it has.

    Raises:
        NotThere: there is no such file, or it cannot be read.
    """
    try:
        return read_bytes(workspace / name, MAX_TEXT).decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotThere(
            tr("the workspace has no file {name!r}", name=name),
            remedy=tr("write it again, or reset the lab: that brings the lesson's files back"),
        ) from error
    except (OSError, ValueError) as error:
        raise NotThere(
            tr("the workspace's file {name!r} cannot be read: {why}", name=name, why=tr(why(error))),
            remedy=tr(
                "make it a file that can be read, or reset the lab: that brings the lesson's files back"
            ),
        ) from error


@dataclass(frozen=True, slots=True)
class ProbeContext:
    """The environment where probes run, beside the learner's terminals and never in them.

    `containers` maps a lab's names to running containers, `typed` a console's name to its finished commands. `profile`
    returns the value that the engine gets for a container's `seccomp=` option; it raises NotThere for a missing file
    and StartRefused for a profile that is dangerous to start with. `unusable` returns the reason why the engine cannot
    use a profile's text for a container, "" if it can. `host` runs a program in the workspace within a number of
    seconds.
    """

    engine: Engine
    workspace: Path
    containers: Mapping[str, Container]
    typed: Mapping[str, Sequence[CommandFinished]]
    profile: Callable[[ContainerSpec], str]
    unusable: Callable[[ContainerSpec, str], str]
    host: Callable[[Sequence[str], float], Completed]
