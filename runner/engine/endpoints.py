"""Which endpoints there may be: the one that the user named, and the usual sockets."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from docker.context import Context, ContextAPI
from docker.context.config import get_current_context_name
from docker.errors import DockerException
from docker.tls import TLSConfig
from docker.utils import kwargs_from_env

from runner.errors import UsageError

AUTOMATIC = "auto"
PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine may listen, and who says so."""

    source: str
    url: str
    tls: TLSConfig | None = None

    @property
    def socket(self) -> Path | None:
        """The socket's path, if it is one of this machine."""
        return Path(self.url.removeprefix("unix://")) if self.url.startswith("unix://") else None


def named(engine: str, environ: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that the user names: by `engine` (a URL or a context), `DOCKER_HOST`, or the current Docker context.

    Raises:
        UsageError: it names nothing.
    """
    if engine == PRIVATE:
        return None
    if "://" in engine:
        return Endpoint("--engine", engine)
    if engine != AUTOMATIC:
        return _context("--engine", engine)
    if environ.get("DOCKER_HOST"):
        return _environment(environ)
    if name := environ.get("DOCKER_CONTEXT"):
        return _context("DOCKER_CONTEXT", name)
    current = _current_context()
    return _context("the current Docker context", current) if current else None


def usual(environ: Mapping[str, str], *, uid: int) -> Iterator[Endpoint]:
    """The sockets of engines as they are commonly installed, rootless ones first."""
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or f"/run/user/{uid}")
    home = Path(environ.get("HOME") or Path.home())
    for source, path in (
        ("rootless Docker", runtime / "docker.sock"),
        ("Docker Desktop", home / ".docker/desktop/docker.sock"),
        ("Docker Desktop", home / ".docker/run/docker.sock"),
        ("Colima", home / ".colima/default/docker.sock"),
        ("Rancher Desktop", home / ".rd/docker.sock"),
        ("Docker", Path("/var/run/docker.sock")),
        ("rootless Podman", runtime / "podman/podman.sock"),
        ("Podman", Path("/run/podman/podman.sock")),
    ):
        if path.is_socket() and os.access(path, os.R_OK | os.W_OK):
            yield Endpoint(source, f"unix://{path}")


def _environment(environ: Mapping[str, str]) -> Endpoint:
    try:
        found = kwargs_from_env(environment=dict(environ))
    except DockerException as error:
        raise UsageError(
            f"DOCKER_HOST cannot be used: {error}", remedy="correct the DOCKER_ variables, or unset them"
        ) from error
    return Endpoint("DOCKER_HOST", found["base_url"], found.get("tls") or None)


def _current_context() -> str:
    """The name of the current context unless it is the default one, which names nothing."""
    name = get_current_context_name()
    return "" if name == "default" else name


def _context(source: str, name: str) -> Endpoint:
    context: Context | None
    try:
        context = ContextAPI.get_context(name)
    except (DockerException, OSError, ValueError):
        context = None
    if context is None or not context.Host:
        raise UsageError(
            f"{source} names the Docker context {name}, which does not exist",
            remedy=f"see `docker context ls`; --engine also takes `{PRIVATE}` and a URL (unix:///…/docker.sock)",
        )
    return Endpoint(f"{source} ({name})", context.Host, context.TLSConfig or None)
