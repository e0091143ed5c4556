"""Containers of the workshop's own, which stand beside those of the learner."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from docker.errors import NotFound

from runner.engine.docker.client import engine_errors
from runner.errors import EngineError

if TYPE_CHECKING:
    from runner.engine.docker.engine import DockerEngine

IMAGE = "lab"


def create_helper(
    engine: "DockerEngine",
    name: str,
    command: Sequence[str],
    *,
    environment: Sequence[str] = (),
    stdin: bool = False,
    volume: str = "",
    host: dict[str, Any] | None = None,
) -> str:
    """Create a container of the image `lab` without a network, a log or a profile; its id.

    `name` is what errors call it, `volume` a folder for an anonymous volume, `host` more of the API's HostConfig.

    Raises:
        EngineError: it cannot be created; an answer other than that the image is missing is the cause.
    """
    body = {
        "Image": IMAGE,
        "Entrypoint": list(command),
        "Cmd": [],
        "Env": list(environment),
        "AttachStdin": stdin,
        "OpenStdin": stdin,
        "AttachStdout": True,
        "AttachStderr": True,
        "Labels": dict(engine.labels),
        "NetworkDisabled": True,
        "Volumes": {volume: {}} if volume else {},
        "HostConfig": {
            "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined"],
            "LogConfig": {"Type": "none", "Config": {}},
            **(host or {}),
        },
    }
    create: Any = engine.client.create_container_from_config  # its stub has no types
    with engine_errors(f"cannot create the {name}", engine.client.endpoint):
        try:
            identity: str = create(body, None)["Id"]
        except NotFound as error:
            raise EngineError(
                f"the engine has no image {IMAGE}, which has strace", remedy="run `workshop engine start`"
            ) from error
    return identity
