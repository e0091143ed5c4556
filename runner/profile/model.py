"""A profile in Docker's format as frozen values, and the OCI object it resolves to."""

from dataclasses import dataclass
from enum import StrEnum

from runner.profile.version import Version

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from typing import Any


class Action(StrEnum):
    """The kernel's action on a call, by the names in Docker's and OCI's JSON."""

    ALLOW = "SCMP_ACT_ALLOW"
    ERRNO = "SCMP_ACT_ERRNO"
    KILL = "SCMP_ACT_KILL"
    KILL_THREAD = "SCMP_ACT_KILL_THREAD"
    KILL_PROCESS = "SCMP_ACT_KILL_PROCESS"
    LOG = "SCMP_ACT_LOG"
    NOTIFY = "SCMP_ACT_NOTIFY"
    TRACE = "SCMP_ACT_TRACE"
    TRAP = "SCMP_ACT_TRAP"


class Operator(StrEnum):
    """A comparison of an argument; all comparisons are of unsigned 64-bit values."""

    NE = "SCMP_CMP_NE"
    LT = "SCMP_CMP_LT"
    LE = "SCMP_CMP_LE"
    EQ = "SCMP_CMP_EQ"
    GE = "SCMP_CMP_GE"
    GT = "SCMP_CMP_GT"
    MASKED_EQ = "SCMP_CMP_MASKED_EQ"

    def holds(self, argument: int, value: int, value_two: int) -> bool:
        """True if a condition with this operator holds for an argument; all values are unsigned."""
        match self:
            case Operator.NE:
                return argument != value
            case Operator.LT:
                return argument < value
            case Operator.LE:
                return argument <= value
            case Operator.EQ:
                return argument == value
            case Operator.GE:
                return argument >= value
            case Operator.GT:
                return argument > value
            case Operator.MASKED_EQ:
                return argument & value == value_two & value


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """The position of a value in its JSON text: 1-based line and column, and its path (`syscalls[3].action`)."""

    line: int
    column: int
    path: str

    @classmethod
    def at(cls, text: str, offset: int) -> "Location":
        """The line and the column of a character of a text, without a path."""
        return cls(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), "")

    @property
    def in_json(self) -> bool:
        """True for a value's position; a line of another text has no path."""
        return self.path != ""


NOWHERE = Location(1, 1, "")
"""The position of a rule that no text holds."""


@dataclass(frozen=True, slots=True)
class Arg:
    """A condition on argument `index`; for MASKED_EQ, `(argument & value) == (value_two & value)`."""

    index: int
    value: int
    op: Operator
    value_two: int = 0


@dataclass(frozen=True, slots=True)
class Selector:
    """The conditions of `includes` or `excludes`; `min_kernel` is (kernel, major) or None."""

    caps: tuple[str, ...] = ()
    arches: tuple[str, ...] = ()
    min_kernel: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `syscalls`; `errno` is None if the file gives none; `legacy_name` is true if it used `name`.

    `fault` is a reason for the runtime to refuse the rule, with the position: an unknown action or operator. The rule
    then has a placeholder for it.
    """

    names: tuple[str, ...]
    action: Action
    errno: int | None
    args: tuple[Arg, ...]
    comment: str
    includes: Selector
    excludes: Selector
    legacy_name: bool
    at: Location
    fault: tuple[str, Location] | None = None

    @property
    def gives_both(self) -> bool:
        """True if the file gave both `name` and `names`, which engines refuse."""
        return self.legacy_name and len(self.names) > 1


@dataclass(frozen=True, slots=True)
class ArchMap:
    """An entry of `archMap`, in libseccomp's names (`SCMP_ARCH_X86_64`)."""

    architecture: str
    sub_architectures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile as read; `default_action` is None only for the empty profile, which turns seccomp off."""

    default_action: Action | None
    default_errno: int | None
    architectures: tuple[str, ...]
    arch_map: tuple[ArchMap, ...]
    flags: tuple[str, ...]
    listener_path: str
    listener_metadata: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class OciRule:
    """An entry of `linux.seccomp.syscalls`; `source` is the profile's rule behind it, None if it was read as OCI."""

    names: tuple[str, ...]
    action: Action
    errno: int | None
    args: tuple[Arg, ...]
    source: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OciSeccomp:
    """The OCI runtime configuration's `linux.seccomp` object."""

    default_action: Action
    default_errno: int | None
    architectures: tuple[str, ...]
    flags: tuple[str, ...]
    listener_path: str
    listener_metadata: str
    rules: tuple[OciRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The machine and container that a profile is resolved for.

    `arch` is Go's name, `caps` the bounding set (`CAP_X`), `kernel` (kernel, major); `engine`, `runtime` (runc) and
    `library` (libseccomp) are versions; None is a current one.
    """

    arch: str = "amd64"
    caps: frozenset[str] = frozenset()
    kernel: tuple[int, int] = (6, 18)
    engine: Version | None = None
    runtime: Version | None = None
    library: Version | None = None


Json = dict[str, "Any"]
