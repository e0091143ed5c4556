"""What probes may look at: one learner's environment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.engine.api import Completed, Container, Engine
from runner.lab.container import ContainerSpec
from runner.shell.recorder import CommandFinished


class NotThere(Exception):
    """What a probe asks about does not exist yet: the learner has not done that part."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where probes run, beside the learner's terminals and never in them.

    `containers` maps a lab's names to running containers, `typed` a console's name to its finished commands.
    `profile` gives what the engine takes for a container's `seccomp=` option; it raises NotThere for a file that is
    missing and StartRefused for one that must not be started with. `host` runs a program in the workspace within a
    number of seconds.
    """

    engine: Engine
    workspace: Path
    containers: Mapping[str, Container]
    typed: Mapping[str, Sequence[CommandFinished]]
    profile: Callable[[ContainerSpec], str]
    host: Callable[[Sequence[str], float], Completed]
