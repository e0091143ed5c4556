"""Compose's references to settings that stand elsewhere: `extends` and `include`."""

import os
from collections.abc import Collection, Iterator, Sequence
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


def extends_of(definition: Tree, service: str, services: str, holder: str = "") -> Extends | None:
    """What a service of the file `holder` extends, if its name is known; None if nothing."""
    given = definition.get("extends")
    if given is None:
        return None
    privileged = definition.get("privileged") is not None
    if isinstance(given.value, str):
        return Extends(service, services, "", unescaped(given.value) or given.value, privileged)
    file, base = (unescaped(given.text(key)) or given.text(key) for key in ("file", "service"))
    return Extends(service, services, "" if _is_same(file, holder) else file, base, privileged)


def unescaped(text: str) -> str | None:
    """A text of a compose file, in which `$$` is one dollar; None if it has a variable."""
    parts = text.split("$$")
    return None if any("$" in part for part in parts) else "$".join(parts)


def is_below(where: str, paths: Collection[str]) -> bool:
    """True if a path is one of those, or of a member of one."""
    return any(where == path or where.startswith((f"{path}.", f"{path}[")) for path in paths)


def _is_same(file: str, holder: str) -> bool:
    """True if a path that a file names is the file itself."""
    if not file or holder in ("", "-"):
        return False
    named = os.path.join(os.path.dirname(holder), file)  # noqa: PTH118, PTH120 - pathlib is slow to import
    return os.path.abspath(named) == os.path.abspath(holder)  # noqa: PTH100


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


def with_bases(stated: Stated, extends: list[Extends], cleared: Collection[str] = ()) -> Stated:
    """What a file says, with what services take from their bases in the same file, but for the paths `cleared`.

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
            taken = (
                replace(held, name=each.service, where=own + held.where.removeprefix(before))
                for held in list(found)
                if held.where.startswith(before)
            )
            found += [held for held in taken if not is_below(held.where, cleared)]
        for kind in (off, default):
            places = (
                replace(place, owner=each.service, where=own + place.where.removeprefix(before))
                for place in list(kind)
                if place.where.startswith(before)
                and not (each.privileged if place.where == privileged else says_something)
            )
            kind += [place for place in places if not is_below(place.where, cleared)]
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
