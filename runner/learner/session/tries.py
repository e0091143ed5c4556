"""What a learner has tried, and which checks that is about."""

from dataclasses import dataclass, field

from runner.lab.model.check import (
    Check,
    ContainerProbe,
    FileProbe,
    ProfileProbe,
    container_of,
    what_runs,
)


@dataclass(frozen=True)
class Tries:
    """What the learner has done of their own accord since the checks were looked at."""

    consoles: set[str] = field(default_factory=set)
    """Where they typed something else than the lesson, and the containers that they had start under their profiles."""
    files: set[str] = field(default_factory=set)
    """What they wrote."""
    earlier: frozenset[str] = frozenset()
    """What they wrote before that, in the same step."""

    def __bool__(self) -> bool:
        return bool(self.consoles or self.files)

    @property
    def written(self) -> frozenset[str]:
        """All that they wrote in the step."""
        return self.earlier | self.files

    def looked_at(self) -> "Tries":
        """The tries that still count once the checks were looked at."""
        return Tries(earlier=self.written)

    def concern(self, check: Check) -> bool:
        """Whether a check is about it, also if what it sees stays as it was."""
        if container := container_of(check.probe):
            return container in self.consoles
        return file_of(check) in self.files


def file_of(check: Check) -> str:
    """The learner's file that a check looks at, as the lab names it; "" for none."""
    match what_runs(check.probe):
        case ContainerProbe(spec):
            return "" if spec.seccomp == "unconfined" else spec.seccomp
        case ProfileProbe(name) | FileProbe(name):
            return name
    return ""
