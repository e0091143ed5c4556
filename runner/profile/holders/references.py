"""Compose's references to settings that stand elsewhere: `extends` and `include`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from runner.profile.holders.found import Held, Off
from runner.profile.holders.tree import Tree

_DEEPEST = 10


class Extends(NamedTuple):
    """A service that takes the settings of another one; `file` is empty for one of the same file."""

    service: str
    services: str
    """The path of all services."""
    file: str
    base: str

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
    if isinstance(given.value, str):
        return Extends(service, services, "", given.value)
    return Extends(service, services, given.text("file"), given.text("service"))


def included(root: Tree) -> Iterator[str]:
    """The files that a compose file includes."""
    given = root.get("include")
    if root.get("services") is None or given is None or not isinstance(given.value, tuple):
        return
    for item in given.value:
        path = item if isinstance(item.value, str) else item.get("path")
        paths = path.value if path is not None and isinstance(path.value, tuple) else (path,)
        yield from (str(each.value) for each in paths if each is not None and isinstance(each.value, str))


def elsewhere(extends: list[Extends], files: list[str]) -> tuple[str, ...]:
    """In words, which settings stand in other files."""
    taken = (f"{each.service} extends {each.base} of {each.file}" for each in extends if each.file)
    return (*taken, *(f"it includes {file}" for file in files))


def with_bases_profiles(found: list[Held], extends: list[Extends]) -> list[Held]:
    """The profiles, with those of bases in the same file also under the names of the services that extend them."""
    all_found = list(found)
    for each in _in_order(extends):
        if any(held.where.startswith(f"{each.where}.") for held in found):
            continue
        of_base = [held for held in all_found if held.where.startswith(f"{each.base_where}.")]
        of_base += [held for held in all_found if held.name == each.base and held not in of_base]
        all_found += [replace(held, name=each.service) for held in of_base]
    return all_found


def with_bases_places(places: list[Off], extends: list[Extends]) -> list[Off]:
    """The same for places that say what confines a container."""
    all_places = list(places)
    for each in _in_order(extends):
        before = f"{each.base_where}."
        all_places += [
            replace(place, owner=each.service, where=f"{each.where}.{place.where.removeprefix(before)}")
            for place in all_places
            if place.where.startswith(before)
        ]
    return all_places


def _in_order(extends: list[Extends]) -> list[Extends]:
    """Those of the same file, a base before what extends it."""
    local = {each.where: each for each in extends if not each.file}

    def depth(each: Extends) -> int:
        steps = 0
        while each.base_where in local and steps < _DEEPEST:
            each, steps = local[each.base_where], steps + 1
        return steps

    return sorted(local.values(), key=depth)
