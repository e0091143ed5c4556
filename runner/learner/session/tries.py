"""A learner's tries, and the checks that they concern."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from runner.lab.model.check import (
    Check,
    ContainerProbe,
    FileProbe,
    ProfileProbe,
    container_of,
    what_runs,
)


@dataclass(frozen=True, slots=True)
class Tries:
    """The learner's own actions since the checks were last evaluated."""

    consoles: frozenset[str] = frozenset()
    """Consoles with commands beyond the lesson's, and containers that were started under the learner's profiles."""
    files: frozenset[str] = frozenset()
    """Files that they wrote."""
    earlier: frozenset[str] = frozenset()
    """Files that they wrote before that, in the same step."""

    def __bool__(self) -> bool:
        return bool(self.consoles or self.files)

    @property
    def written(self) -> frozenset[str]:
        """All files that they wrote in the step."""
        return self.earlier | self.files

    def of(self, *, console: str = "", files: Collection[str] = ()) -> "Tries":
        """These and another, in a console or by files."""
        consoles = self.consoles | {console} if console else self.consoles
        return replace(self, consoles=consoles, files=self.files.union(files))

    def looked_at(self) -> "Tries":
        """The tries that still count after an evaluation of the checks."""
        return Tries(earlier=self.written)

    def concern(self, check: Check) -> bool:
        """True if the tries concern a check, even if its observation stays the same."""
        if container := container_of(check.probe):
            return container in self.consoles
        return file_of(check) in self.files


def file_of(check: Check) -> str:
    """The learner's file that a check looks at, by its name in the lab; "" for none."""
    match what_runs(check.probe):
        case ContainerProbe(spec):
            return "" if spec.seccomp == "unconfined" else spec.seccomp
        case ProfileProbe(name) | FileProbe(name):
            return name
    return ""


def can_be_lost(check: Check) -> bool:
    """True if a check that has passed may fail later: it held before the learner's work, or looks at their file."""
    return bool(check.precheck_passes or file_of(check))
