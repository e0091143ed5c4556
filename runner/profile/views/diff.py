"""The differences between two profiles' decisions, whatever their texts."""

from dataclasses import dataclass
from enum import StrEnum

from runner.profile import libseccomp
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.syscalls import ARCHES, Arch, multiplexed, own_number
from runner.profile.calls.syscalls import arch as named_arch
from runner.profile.filter.effective import Effective, effective
from runner.profile.model import OciSeccomp


class ChangeKind(StrEnum):
    """The direction in which a call's decision changes."""

    ALLOWED = "allowed"
    """The first profile denies it for all arguments; the second allows it for some at least."""
    DENIED = "denied"
    """The first profile allows it for some arguments at least; the second denies it for all."""
    ARGUMENTS = "arguments"
    """Both allow it, for different arguments."""
    OUTCOME = "outcome"
    """Both deny it, with different outcomes."""


@dataclass(frozen=True, slots=True)
class Change:
    """A call that the profiles decide differently, in words."""

    name: str
    kind: ChangeKind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A difference in something other than a call: the default, the architectures, the flags or the listener."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All differences of two profiles for one target; false if there are none."""

    settings: tuple[Setting, ...]
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.settings or self.changes)


def diff(before: OciSeccomp | None, after: OciSeccomp | None, arch: str = "amd64") -> Difference:
    """Compare two profiles resolved for an architecture by Go's name; None is seccomp switched off.

    If the defaults differ, every call of the architectures that either profile filters is compared; else those that
    either profile names and these architectures have: a rule on another call has no effect. Conditions are compared as
    written: two lists of them that cover the same values in other words count as different.
    """
    first, second = effective(before), effective(after)
    compared = {*first.calls, *second.calls}
    if first.default != second.default:
        compared |= KNOWN
    compared -= _foreign(compared, arch, before, after)
    changes = [_change(name, first, second) for name in sorted(compared)]
    return Difference(tuple(_settings(before, after)), tuple(change for change in changes if change))


def _foreign(compared: set[str], arch: str, before: OciSeccomp | None, after: OciSeccomp | None) -> set[str]:
    """The calls that exist, but on none of the architectures that either profile filters."""
    listed = {entry.scmp: entry for entry in ARCHES}
    filtered = {named_arch(arch)}
    for oci in filter(None, (before, after)):
        filtered |= {listed[name] for name in oci.architectures if name in listed}
    return {name for name in compared if all(_lacks(each, name) for each in filtered)}


def _lacks(arch: Arch, name: str) -> bool:
    """True if libseccomp knows the call, and knows that the architecture does not have it."""
    known = libseccomp.number(name, arch.token) is not None
    return known and own_number(name, arch) is None and multiplexed(name, arch) is None


def _change(name: str, first: Effective, second: Effective) -> Change | None:
    before, after = first.text(name), second.text(name)
    if before == after:
        return None
    passes = first.allowed(name), second.allowed(name)
    kinds = {
        (False, True): ChangeKind.ALLOWED,
        (True, False): ChangeKind.DENIED,
        (True, True): ChangeKind.ARGUMENTS,
        (False, False): ChangeKind.OUTCOME,
    }
    return Change(name, kinds[passes], before, after)


def _settings(before: OciSeccomp | None, after: OciSeccomp | None) -> list[Setting]:
    first, second = _setting_texts(before), _setting_texts(after)
    return [Setting(name, first[name], second[name]) for name in first if first[name] != second[name]]


def _setting_texts(oci: OciSeccomp | None) -> dict[str, str]:
    if oci is None:
        return {"default": "no seccomp", "architectures": "", "flags": "", "listener": ""}
    return {
        "default": str(effective(oci).default),
        "architectures": " ".join(sorted(oci.architectures)),
        "flags": " ".join(sorted(oci.flags)),
        "listener": " ".join(filter(None, (oci.listener_path, oci.listener_metadata))),
    }
