"""An engine as one session has it: the connection, what the engine is, and the labels on all that is started there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docker.errors import NotFound

from runner.engine.api import ContainerState, EngineInfo
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.state import container_state
from runner.errors import UsageError


@dataclass(frozen=True, slots=True)
class EngineSession:
    """What makes and examines containers on behalf of one session; for one thread, as its client is."""

    client: Client
    info: EngineInfo
    labels: Mapping[str, str]

    def create(self, body: Mapping[str, Any], name: str = "") -> str:
        """Create a container by the body of the API's request; its id.

        Raises:
            APIError: the engine refuses it.
        """
        create: Any = self.client.create_container_from_config  # its stub has no types
        created: Mapping[str, str] = create(dict(body), name or None)
        return created["Id"]

    def state_of(self, container: str) -> ContainerState:
        """How a container was started, also one that is not of this session.

        Raises:
            UsageError: there is none of this name or id.
        """
        with engine_errors(f"cannot look at {container}", self.client.endpoint):
            try:
                return container_state(self.client.inspect_container(container))
            except NotFound as error:
                raise UsageError(
                    f"the engine at {self.info.endpoint} has no container {container}",
                    remedy="name one that `docker ps` shows, or its engine: --engine NAME",
                ) from error
