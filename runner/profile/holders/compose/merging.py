"""What several documents of Compose say together: each is laid over those before it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from runner.profile.capabilities import PRIVILEGED_PROFILE_SINCE
from runner.profile.holders.compose.references import is_below
from runner.profile.holders.found import Held, Place, Stated

_PRIVILEGED = "privileged"


class Said(NamedTuple):
    """What a compose document says of seccomp.

    `services` are the paths of its services, `privileged` those that have this key, and `cleared` the paths whose
    values in the documents before it do not count.
    """

    stated: Stated
    services: frozenset[str] = frozenset()
    privileged: frozenset[str] = frozenset()
    cleared: tuple[str, ...] = ()


def merged(documents: Sequence[Said]) -> Stated:
    """What the documents say together.

    Options of a service are appended to those before, and the last one counts; `privileged` is replaced.
    """
    said, *others = documents or (Said(Stated()),)
    together, services = said.stated, set(said.services)
    for document in others:
        services |= document.services
        together = _laid_over(together, document, services)
    return together


def _laid_over(before: Stated, over: Said, services: set[str]) -> Stated:
    own = over.stated
    places: tuple[Held | Place, ...] = (*own.found, *own.off, *own.default)
    saying = {
        service
        for place in places
        if (service := _service(place, services)) and place.where != f"{service}.{_PRIVILEGED}"
    }

    def stays(place: Held | Place) -> bool:
        service = _service(place, services)
        replaced = over.privileged if place.where == f"{service}.{_PRIVILEGED}" else saying
        return service not in replaced and not is_below(place.where, over.cleared)

    found = (*filter(stays, before.found), *own.found)
    default = (*filter(stays, before.default), *own.default)
    profiled: tuple[Held | Place, ...] = (*found, *default)
    kept = {_service(place, services) for place in profiled}
    off = tuple(_judged(place, services, kept) for place in (*filter(stays, before.off), *own.off))
    return Stated(found, off, default, (*before.annotated, *own.annotated))


def _judged(off: Place, services: set[str], kept: set[str]) -> Place:
    """The place, with the first engine that heeds the profile that its service has by all documents."""
    service = _service(off, services)
    if not service or off.where != f"{service}.{_PRIVILEGED}":
        return off
    return replace(off, before=str(PRIVILEGED_PROFILE_SINCE) if service in kept else "")


def _service(place: Held | Place, services: set[str]) -> str:
    """The path of the service that a place is in; "" if it is in none. A service's name may have dots."""
    path = place.where
    while path and path not in services:
        path = path.rpartition(".")[0]
    return path
