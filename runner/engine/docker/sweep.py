"""Removes containers by our labels: those of a session, or those whose owner has died."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docker.errors import APIError

from runner.engine.api import SESSION_LABEL, EngineUnavailable
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.removal import HANGING, remove
from runner.engine.owner import OWNER_LABEL, Owner
from runner.errors import EngineError


@dataclass(frozen=True, slots=True)
class Swept:
    """The numbers removed, by kind, and the reasons why containers could not be removed."""

    containers: int = 0
    networks: int = 0
    volumes: int = 0
    failures: tuple[EngineError, ...] = ()

    def __add__(self, other: "Swept") -> "Swept":
        """The sum of two sweeps, of which the later one knows what could still not be removed."""
        return Swept(
            self.containers + other.containers,
            self.networks + other.networks,
            self.volumes + other.volumes,
            other.failures,
        )


NOTHING = Swept()


def sweep_session(client: Client, session: str) -> Swept:
    """Remove everything with this session's label, in any state.

    Raises:
        EngineError: a container could not be removed; everything else was.
    """
    swept = _sweep(client, f"{SESSION_LABEL}={session}", lambda _labels: True)
    for failure in swept.failures:
        raise failure
    return swept


def sweep_orphans(client: Client) -> Swept:
    """Remove everything with our labels whose owner is certainly dead."""
    return _sweep(client, SESSION_LABEL, _orphaned)


def sweep_all(client: Client) -> Swept:
    """Remove everything with our labels, also of sessions that still run."""
    return _sweep(client, SESSION_LABEL, lambda _labels: True)


def _orphaned(labels: Mapping[str, str]) -> bool:
    owner = Owner.parse(labels.get(OWNER_LABEL, ""))
    return owner is not None and owner.is_dead()


def _sweep(client: Client, label: str, wanted: Callable[[Mapping[str, str]], bool]) -> Swept:
    filters = {"label": label}
    with engine_errors("cannot clean up", client.endpoint):
        removed, failures = 0, []
        for found in client.containers(all=True, filters=filters):
            if not wanted(_labels(found)):
                continue
            try:
                # The profile of a container that was started by hand is unknown.
                remove(client, found["Id"], threads_die=True)
                removed += 1
            except EngineUnavailable:
                raise
            except EngineError as error:  # it must not keep the others
                error.remedy = error.remedy or HANGING.format(id=found["Id"])
                failures.append(error)
        networks = [found["Id"] for found in client.networks(filters=filters) if wanted(_labels(found))]
        cut = 0
        for identity in networks:
            with suppress(APIError):  # still used by a container that stays
                client.remove_network(identity)
                cut += 1
        volumes = [
            found["Name"]
            for found in client.volumes(filters=filters)["Volumes"] or ()
            if wanted(_labels(found))
        ]
        emptied = 0
        for name in volumes:
            with suppress(APIError):
                client.remove_volume(name)
                emptied += 1
    return Swept(removed, cut, emptied, tuple(failures))


def _labels(found: Mapping[str, Any]) -> Mapping[str, str]:
    return found.get("Labels") or {}
