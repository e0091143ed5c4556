"""Removes containers by our labels: those of a session, or those whose owner has died."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from docker.errors import APIError

from runner.engine.api import SESSION_LABEL
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.removal import remove
from runner.engine.owner import OWNER_LABEL, Owner


@dataclass(frozen=True, slots=True)
class Swept:
    """The numbers removed, by kind."""

    containers: int = 0
    networks: int = 0
    volumes: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.containers + other.containers, self.networks + other.networks, self.volumes + other.volumes
        )


NOTHING = Swept()


def sweep_session(client: Client, session: str) -> Swept:
    """Remove everything with this session's label, in any state."""
    return _sweep(client, f"{SESSION_LABEL}={session}", lambda _labels: True)


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
        containers = [
            found["Id"] for found in client.containers(all=True, filters=filters) if wanted(_labels(found))
        ]
        with ExitStack() as each:  # one that cannot be removed must not keep the others
            for identity in containers:
                # The profile of a container that was started by hand is unknown.
                each.callback(remove, client, identity, threads_die=True)
        networks = [found["Id"] for found in client.networks(filters=filters) if wanted(_labels(found))]
        for identity in networks:
            with suppress(APIError):  # still used by someone else's container
                client.remove_network(identity)
        volumes = [
            found["Name"]
            for found in client.volumes(filters=filters)["Volumes"] or ()
            if wanted(_labels(found))
        ]
        for name in volumes:
            with suppress(APIError):
                client.remove_volume(name)
    return Swept(len(containers), len(networks), len(volumes))


def _labels(found: Mapping[str, Any]) -> Mapping[str, str]:
    return found.get("Labels") or {}
