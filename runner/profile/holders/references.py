"""Compose's references to settings that stand elsewhere: `extends` and `include`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from runner.profile.capabilities import PRIVILEGED_PROFILE_SINCE
from runner.profile.holders.found import Held, Place, Stated
from runner.profile.holders.tree import Tree

_DEEPEST = 10


class Extends(NamedTuple):
    """A service that takes the settings of another one; `file` is empty for one of the same file."""

    service: str
    services: str
    """The path of all services."""
    file: str
    base: str
    privileged: bool
    """True if the service has the key `privileged` itself."""

    @property
    def where(self) -> str:
        """The service's path."""
        return f"{self.services}.{self.service}"

    @property
    def base_where(self) -> str:
        """The path of the other service, if it is in the same file."""
        return f"{self.services}.{self.base}"


def extends_of(definition: Tree, service: str, services: str) -> Extends | None:
    """What a service extends; None if nothing."""
    given = definition.get("extends")
    if given is None:
        return None
    privileged = definition.get("privileged") is not None
    if isinstance(given.value, str):
        return Extends(service, services, "", given.value, privileged)
    return Extends(service, services, given.text("file"), given.text("service"), privileged)


def included(root: Tree) -> Iterator[str]:
    """The files that a compose file includes."""
    given = root.get("include")
    if root.get("services") is None or given is None or not isinstance(given.value, tuple):
        return
    for item in given.value:
        path = item if isinstance(item.value, str) else item.get("path")
        paths = path.value if path is not None and isinstance(path.value, tuple) else (path,)
        yield from (str(each.value) for each in paths if each is not None and isinstance(each.value, str))


def external_settings(extends: list[Extends], files: list[str]) -> tuple[str, ...]:
    """In words, which settings stand in other files."""
    taken = (f"{each.service} extends {each.base} of {each.file}" for each in extends if each.file)
    return (*taken, *(f"it includes {file}" for file in files))


def with_bases(stated: Stated, extends: list[Extends]) -> Stated:
    """What a file says, with what services take from their bases in the same file.

    A service that says something about seccomp takes nothing about it, for its own option stands behind its base's, and
    the last one counts. `privileged` is a key of its own, which the service takes unless it has that key.
    """
    found, off, default = list(stated.found), list(stated.off), list(stated.default)
    for each in _in_order(extends):
        own, before = f"{each.where}.", f"{each.base_where}."
        privileged = f"{before}privileged"
        says_something = any(
            where.startswith(own) and where != f"{own}privileged" for where in _paths(found, off, default)
        )
        if not says_something:
            found += [
                replace(held, name=each.service, where=own + held.where.removeprefix(before))
                for held in found
                if held.where.startswith(before)
            ]
        for kind in (off, default):
            kind += [
                replace(place, owner=each.service, where=own + place.where.removeprefix(before))
                for place in kind
                if place.where.startswith(before)
                and not (each.privileged if place.where == privileged else says_something)
            ]
        _judge_privileged(own, found, off, default)
    return stated._replace(found=tuple(found), off=tuple(off), default=tuple(default))


def _paths(*places: Sequence[Held] | Sequence[Place]) -> Iterator[str]:
    for kind in places:
        yield from (place.where for place in kind)


def _judge_privileged(service: str, found: list[Held], off: list[Place], default: list[Place]) -> None:
    """Tell anew for a privileged service which engines heed the profile that it has now."""
    kept = any(where.startswith(service) for where in _paths(found, default))
    for index, place in enumerate(off):
        if place.where == f"{service}privileged":
            off[index] = replace(place, before=str(PRIVILEGED_PROFILE_SINCE) if kept else "")


def _in_order(extends: list[Extends]) -> list[Extends]:
    """Those of the same file, a base before what extends it."""
    local = {each.where: each for each in extends if not each.file}

    def depth(each: Extends) -> int:
        steps = 0
        while each.base_where in local and steps < _DEEPEST:
            each, steps = local[each.base_where], steps + 1
        return steps

    return sorted(local.values(), key=depth)
