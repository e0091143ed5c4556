"""Containers of the workshop's own, which stand beside those of the learner."""

from collections.abc import Sequence
from typing import Any

from docker.errors import NotFound

from runner.engine.docker.client import engine_errors
from runner.engine.docker.session import EngineSession
from runner.errors import EngineError

IMAGE = "lab"


def create_helper(
    session: EngineSession,
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
        "Labels": dict(session.labels),
        "NetworkDisabled": True,
        "Volumes": {volume: {}} if volume else {},
        "HostConfig": {
            "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined"],
            "LogConfig": {"Type": "none", "Config": {}},
            **(host or {}),
        },
    }
    with engine_errors(f"cannot create the {name}", session.client.endpoint):
        try:
            return session.create(body)
        except NotFound as error:
            raise EngineError(
                f"the engine has no image {IMAGE}, which has strace", remedy="run `workshop engine start`"
            ) from error
