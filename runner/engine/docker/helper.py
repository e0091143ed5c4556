"""The workshop's own containers, which run beside the learner's."""

from collections.abc import Sequence
from typing import Any

from docker.errors import NotFound

from runner.engine.docker import podman
from runner.engine.docker.client import engine_errors
from runner.engine.docker.session import EngineSession
from runner.errors import EngineError
from runner.language import tr

IMAGE = "lab"


def create_helper(
    session: EngineSession,
    failing: str,
    command: Sequence[str],
    *,
    environment: Sequence[str] = (),
    stdin: bool = False,
    volume: str = "",
    host: dict[str, Any] | None = None,
) -> str:
    """Create a container of the image `lab` without a network, a log or a profile, and return its id.

    `failing` begins the error ("cannot create …"), `volume` is a folder for an anonymous volume, `host` more of the
    API's HostConfig.

    Raises:
        EngineError: it cannot be created; the cause is the engine's answer, unless the image is missing.
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
            # Podman does not support NetworkDisabled.
            **({"NetworkMode": "none"} if session.info.name == podman.NAME else {}),
            **(host or {}),
        },
    }
    with engine_errors(failing, session.client.endpoint):
        try:
            return session.create(body)
        except NotFound as error:
            raise EngineError(
                tr("the engine has no image {image}, which has strace", image=IMAGE),
                remedy=tr("run `workshop engine start`"),
            ) from error
