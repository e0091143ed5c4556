"""The parts of an OCI object that runc of each version accepts, ignores and refuses."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from runner.language import tr
from runner.profile.calls.syscalls import ARCHES, Arch, go_name
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError
from runner.profile.model import Action, OciRule, OciSeccomp
from runner.profile.version import Version

_GO_NAMES = frozenset(arch.go for arch in ARCHES)
ACTIONS_SINCE = {
    Action.LOG: Version.of("1.0.0-rc9"),
    Action.NOTIFY: Version.of("1.1.0-rc.1"),
    Action.KILL_THREAD: Version.of("1.1.3"),
    Action.KILL_PROCESS: Version.of("1.1.3"),
}
"""The actions that the first runc did not know; a runc older than the version here refuses the profile."""

ERRNO_SINCE = Version.of("1.0.0-rc91")
"""The first runc that reads a rule's errnoRet; older ones return EPERM."""
DEFAULT_ERRNO_SINCE = Version.of("1.0.0-rc95")
"""The first runc that reads defaultErrnoRet; older ones return EPERM."""
REDUNDANT_SINCE = Version.of("1.0.2")
"""The first runc that skips a rule whose action is the default's; before, libseccomp refuses the profile."""
FLAGS_SINCE = Version.of("1.2.0-rc.1")
"""The first runc that accepts flags; older ones refuse any."""
STUB_SINCE = Version.of("1.0.0-rc93")
"""The first runc that answers ENOSYS for calls newer than the profile."""
STUB_IS_NATIVE_SINCE = Version.of("1.1.15")
"""The first runc whose ENOSYS stub always covers the native architecture, not only if the profile lists it."""

FLAGS = {
    "SECCOMP_FILTER_FLAG_TSYNC": FLAGS_SINCE,
    "SECCOMP_FILTER_FLAG_LOG": FLAGS_SINCE,
    "SECCOMP_FILTER_FLAG_SPEC_ALLOW": FLAGS_SINCE,
    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV": Version.of("1.5.0-rc.2"),
}
"""The flags, and the first runc that knows each."""
LIBRARY_FOR_FLAG = {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV": Version.of("2.6.0")}
"""The flags that also need a certain version of libseccomp."""

ARCHITECTURES = {
    **dict.fromkeys(
        (
            *("SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64"),
            *("SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL"),
            *("SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64"),
            *("SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X"),
        ),
        Version.of("0"),
    ),
    "SCMP_ARCH_RISCV64": Version.of("1.1.8"),
    "SCMP_ARCH_LOONGARCH64": Version.of("1.4.1"),
}
"""The architectures by libseccomp's names, and the first runc that knows each."""


class RefusalKind(StrEnum):
    """The subject of a refusal."""

    UNKNOWN_ARCHITECTURE = "unknown-architecture"
    BYTE_ORDER = "byte-order"
    UNKNOWN_FLAG = "unknown-flag"
    TOO_OLD = "too-old"
    EMPTY_NAME = "empty-name"
    NOTIFY_DEFAULT = "notify-default"
    NOTIFY_WRITE = "notify-write"
    NOTIFY_ALONE = "notify-alone"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which runc refuses an object, with the rule concerned, if any.

    `key` is the field (`flags`, or the rule's `action`), `index` the item within it.
    """

    kind: RefusalKind
    reason: str
    key: str
    index: int = 0
    rule: OciRule | None = None
    remedy: str = ""


def refusals(
    oci: OciSeccomp, native: Arch, runtime: Version | None, library: Version | None = None
) -> Iterator[Refusal]:
    """The reasons for which this runc and libseccomp refuse an object before compiling; None is a current version."""
    yield from _architectures(oci, native, runtime)
    yield from _flags(oci, runtime, library)
    yield from _actions(oci, runtime)
    for rule in oci.rules:
        if "" in rule.names:
            yield Refusal(
                RefusalKind.EMPTY_NAME,
                tr("an empty string names no call"),
                "names",
                rule.names.index(""),
                rule,
            )
    yield from _notifications(oci)


def _notifications(oci: OciSeccomp) -> Iterator[Refusal]:
    if oci.default_action is Action.NOTIFY:
        yield Refusal(
            RefusalKind.NOTIFY_DEFAULT, tr("SCMP_ACT_NOTIFY cannot be the default action"), "defaultAction"
        )
    for rule in oci.rules:
        if rule.action is not Action.NOTIFY:
            continue
        if "write" in rule.names:
            index = rule.names.index("write")
            yield Refusal(
                RefusalKind.NOTIFY_WRITE, tr("write cannot be handed to a listener"), "names", index, rule
            )
        if not oci.listener_path:
            reason = tr("nobody would answer SCMP_ACT_NOTIFY: listenerPath is not set")
            yield Refusal(RefusalKind.NOTIFY_ALONE, reason, "action", 0, rule)


def accepted(
    oci: OciSeccomp, native: Arch, runtime: Version | None, library: Version | None = None
) -> OciSeccomp:
    """The object as this runc reads it, without the parts that it ignores.

    Raises:
        ProfileError: this runc refuses it.
    """
    for refusal in refusals(oci, native, runtime, library):
        rule = refusal.rule
        place = rule.source.at if rule and rule.source else None
        index = "" if place or rule is None else f"syscalls[{oci.rules.index(rule)}]: "
        raise ProfileError(
            index + tr("{reason}: the container does not start", reason=refusal.reason),
            at=place,
            remedy=refusal.remedy,
        )
    if runtime is None or runtime.reaches(DEFAULT_ERRNO_SINCE):
        return oci
    rules = oci.rules
    if not runtime.reaches(ERRNO_SINCE):
        rules = tuple(replace(rule, errno=None) for rule in rules)
    return replace(oci, default_errno=None, rules=rules)


def _meant(name: str) -> str:
    """The architecture's name that runc knows for one as uname, Go or a distribution has it; "" if there is none."""
    spoken = go_name(name)
    return find_arch(spoken).scmp if spoken in _GO_NAMES else ""


def _architectures(oci: OciSeccomp, native: Arch, runtime: Version | None) -> Iterator[Refusal]:
    for index, name in enumerate(oci.architectures):
        since = ARCHITECTURES.get(name)
        if since is None:
            meant = _meant(name)
            reason = (
                tr("'{name}' is not a valid architecture; did you mean {near}?", name=name, near=meant)
                if meant
                else tr("'{name}' is not a valid architecture", name=name)
            )
            yield Refusal(RefusalKind.UNKNOWN_ARCHITECTURE, reason, "architectures", index)
        elif runtime is not None and not runtime.reaches(since):
            yield Refusal(RefusalKind.TOO_OLD, _too_old(name, since, runtime), "architectures", index)
        elif find_arch(name).big_endian != native.big_endian:
            yield Refusal(
                RefusalKind.BYTE_ORDER,
                tr("{name} is of the other byte order than {native}", name=name, native=native.scmp),
                "architectures",
                index,
                remedy=tr("list only architectures of the machine's own byte order, or use archMap"),
            )


def _flags(oci: OciSeccomp, runtime: Version | None, library: Version | None) -> Iterator[Refusal]:
    for index, flag in enumerate(oci.flags):
        since, needs = FLAGS.get(flag), LIBRARY_FOR_FLAG.get(flag)
        if since is None:
            reason = tr("'{flag}' is not a flag of seccomp", flag=flag)
            yield Refusal(RefusalKind.UNKNOWN_FLAG, reason, "flags", index)
        elif runtime is not None and not runtime.reaches(since):
            yield Refusal(RefusalKind.TOO_OLD, _too_old(flag, since, runtime), "flags", index)
        elif needs is not None and library is not None and not library.reaches(needs):
            reason = tr(
                "{flag} needs libseccomp {needed} beside runc; this is {library}",
                flag=flag,
                needed=needs,
                library=library,
            )
            yield Refusal(RefusalKind.TOO_OLD, reason, "flags", index)


def _actions(oci: OciSeccomp, runtime: Version | None) -> Iterator[Refusal]:
    if runtime is None:
        return
    since = ACTIONS_SINCE.get(oci.default_action)
    if since is not None and not runtime.reaches(since):
        reason = _too_old(oci.default_action.value, since, runtime)
        yield Refusal(RefusalKind.TOO_OLD, reason, "defaultAction")
    for rule in oci.rules:
        since = ACTIONS_SINCE.get(rule.action)
        if since is not None and not runtime.reaches(since):
            yield Refusal(RefusalKind.TOO_OLD, _too_old(rule.action.value, since, runtime), "action", 0, rule)


def _too_old(what: str, since: Version, runtime: Version) -> str:
    return tr("{what} needs runc {since}; this is {runtime}", what=what, since=since, runtime=runtime)
