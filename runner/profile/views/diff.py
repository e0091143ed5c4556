"""The differences between two profiles' decisions, whatever their texts."""

from dataclasses import dataclass
from enum import StrEnum

from runner.profile.calls.groups import KNOWN
from runner.profile.filter.effective import Effective, effective
from runner.profile.model import OciSeccomp


class Kind(StrEnum):
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
    kind: Kind
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


def diff(before: OciSeccomp | None, after: OciSeccomp | None) -> Difference:
    """Compare two resolved profiles; None is seccomp switched off.

    Every known call is compared if the defaults differ, else those that either profile names. Conditions are
    compared as written: two lists of them that cover the same values in other words count as different.
    """
    first, second = effective(before), effective(after)
    names = {*first.calls, *second.calls}
    if first.default != second.default:
        names |= KNOWN
    changes = [_change(name, first, second) for name in sorted(names)]
    return Difference(tuple(_settings(before, after)), tuple(change for change in changes if change))


def _change(name: str, first: Effective, second: Effective) -> Change | None:
    before, after = first.text(name), second.text(name)
    if before == after:
        return None
    passes = first.allowed(name), second.allowed(name)
    kinds = {
        (False, True): Kind.ALLOWED,
        (True, False): Kind.DENIED,
        (True, True): Kind.ARGUMENTS,
        (False, False): Kind.OUTCOME,
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
