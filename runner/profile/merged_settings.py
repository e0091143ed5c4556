"""What two merged profiles say beside their rules: architectures, flags, and the listener that is asked."""

from dataclasses import replace

from runner.profile.errors import ProfileError
from runner.profile.model import ArchMap, Profile

_LOOSENING = frozenset(("SECCOMP_FILTER_FLAG_SPEC_ALLOW",))
"""The flags that lift a protection: with this one, the processor may speculate past stores."""


def merged_settings(first: Profile, second: Profile, *, widen: bool) -> Profile:
    """The first profile, with all but its rules and its default merged with the second's.

    Raises:
        ProfileError: they name two listeners, or tell one listener two things.
    """
    listener = _listener(first, second)
    return replace(
        first,
        flags=_flags(first.flags, second.flags, widen=widen),
        listener_path=listener.listener_path,
        listener_metadata=listener.listener_metadata,
        architectures=_combined(first.architectures, second.architectures, widen=widen),
        arch_map=_arch_map(first.arch_map, second.arch_map, widen=widen),
    )


def _listener(first: Profile, second: Profile) -> Profile:
    """The profile whose listener is asked."""
    if not (first.listener_path and second.listener_path):
        return first if first.listener_path else second
    if first.listener_path != second.listener_path:
        raise ProfileError(
            f"the profiles name two listeners, {first.listener_path} and {second.listener_path}, and there can be one",
            remedy="take listenerPath out of one of them, and its rules with SCMP_ACT_NOTIFY",
        )
    if first.listener_metadata != second.listener_metadata:
        raise ProfileError(
            f"the profiles tell the listener {first.listener_path} two things, {first.listener_metadata!r} and "
            f"{second.listener_metadata!r}, and it can be told one",
            remedy="write the same listenerMetadata in both",
        )
    return first


def _flags(one: tuple[str, ...], two: tuple[str, ...], *, widen: bool) -> tuple[str, ...]:
    """The flags of either; one that loosens is in an intersection only if both have it."""
    loose = frozenset[str]() if widen else _LOOSENING - {*_combined(one, two, widen=False)}
    return tuple(flag for flag in _combined(one, two, widen=True) if flag not in loose)


def _combined(one: tuple[str, ...], two: tuple[str, ...], *, widen: bool) -> tuple[str, ...]:
    if widen:
        return tuple(dict.fromkeys((*one, *two)))
    return tuple(item for item in one if item in two)


def _arch_map(one: tuple[ArchMap, ...], two: tuple[ArchMap, ...], *, widen: bool) -> tuple[ArchMap, ...]:
    mine = {entry.architecture: entry.sub_architectures for entry in one}
    theirs = {entry.architecture: entry.sub_architectures for entry in two}
    return tuple(
        ArchMap(name, _combined(mine.get(name, ()), theirs.get(name, ()), widen=widen))
        for name in _combined(tuple(mine), tuple(theirs), widen=widen)
    )
