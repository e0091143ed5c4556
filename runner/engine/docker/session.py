"""An engine from one session's view: the connection, the engine's description, and the labels of all its containers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docker.errors import NotFound

from runner.engine.api import ContainerState, EngineInfo
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.podman import NAME, profile_file
from runner.engine.docker.state import container_state
from runner.engine.image_names import OWN
from runner.errors import EngineError, UsageError
from runner.folders import cache_folder
from runner.language import tr


@dataclass(frozen=True, slots=True)
class EngineSession:
    """Creates and examines containers on behalf of one session; for one thread, as its client is."""

    client: Client
    info: EngineInfo
    labels: Mapping[str, str]

    def create(self, body: Mapping[str, Any], name: str = "") -> str:
        """Create a container by the body of the API's request, and return its id.

        Raises:
            APIError: the engine refuses it.
        """
        create: Any = self.client.create_container_from_config  # its stub has no types
        created: Mapping[str, str] = create(dict(body), name or None)
        return created["Id"]

    def profile(self, content: str) -> str:
        """The value of the option `seccomp` by which this engine takes a profile's JSON content.

        `unconfined` and "" are returned unchanged.

        Raises:
            EngineError: Podman takes a file, which cannot be written.
        """
        return profile_file(content, cache_folder() / "profiles") if self.info.name == NAME else content

    def state_of(self, container: str) -> ContainerState:
        """Return the state of a container, also of one that is not from this session.

        Raises:
            UsageError: no container has this name or id.
        """
        with engine_errors(tr("cannot look at {name}", name=container), self.client.endpoint):
            try:
                return container_state(self.client.inspect_container(container))
            except NotFound as error:
                raise UsageError(
                    tr(
                        "the engine at {endpoint} has no container {name}",
                        endpoint=self.info.endpoint,
                        name=container,
                    ),
                    remedy=tr("name one that `docker ps` shows, or its engine: --engine NAME"),
                ) from error

    def image_names(self) -> tuple[str, ...]:
        """The names of the engine's images (`lab:latest`), without the workshop's own; () if unknown."""
        try:
            with engine_errors(tr("cannot list the images"), self.client.endpoint):
                found = self.client.images()
        except EngineError:
            return ()
        tags = (tag for image in found for tag in image.get("RepoTags") or ())
        return tuple(sorted(tag for tag in tags if not tag.startswith((OWN, "<none>"))))
