"""Reads an engine's address as docker's own command does."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from runner.errors import UsageError
from runner.folders import home
from runner.language import tr
from runner.paths import is_folder, is_socket

DEFAULT_SOCKET = Path("/var/run/docker.sock")
SOCKETS = ("docker.sock", "podman/podman.sock", "podman.sock")
"""The names that engines give their sockets in a folder."""
_PORT, _TLS_PORT = 2375, 2376
_KINDS = "write unix:///path/of/docker.sock or tcp://host:port"


def docker_variables(endpoint: str, connection: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment variables that lead docker's own command to an engine; `connection` are those of its TLS.

    The user's settings for TLS are for another engine: docker would follow them even to a socket, so they are emptied.
    """
    no_tls = dict.fromkeys(("DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"), "")
    return {"DOCKER_HOST": endpoint, **no_tls, **(connection or {})}


def is_address(text: str) -> bool:
    """True if the text is meant as an address or a path, and not as a context's name."""
    return any(mark in text for mark in "/:")


def read_address(text: str, *, source: str, environ: Mapping[str, str], tls: bool) -> str:
    """Return the URL that `text` means: `unix://` with an absolute path, `tcp://` with a port, or `ssh://`.

    Raises:
        UsageError: `text` is not an address; the remedy gives the correct form.
    """
    text = text.strip()
    scheme, mark, rest = text.partition("://")
    if not mark:
        if socket := _meant_socket(text, environ):
            folder = is_folder(socket)
            why = tr("it is a folder, not an address") if folder else tr("it is a path, not an address")
            meant = (socket_in(socket) or socket / SOCKETS[0]) if folder else socket
            raise _unusable(source, text, why, f"unix://{meant}")
        scheme, rest = "tcp", text
    if scheme == "unix":
        if rest.startswith("~"):
            raise _unusable(source, text, tr("nothing expands its ~"), f"unix://{_absolute(rest, environ)}")
        return f"unix://{Path(rest or DEFAULT_SOCKET).absolute()}"
    if scheme == "tcp":
        return _tcp(rest, text, source, tls=tls)
    if scheme == "ssh" and rest:
        return text
    if scheme in {"http", "https"} and rest:
        raise _unusable(source, text, tr("docker does not know {scheme}://", scheme=scheme), f"tcp://{rest}")
    if scheme == "npipe":
        raise _unusable(source, text, tr("only Windows has named pipes"), f"unix://{DEFAULT_SOCKET}")
    if (bare := text.strip("'\"")) != text:
        raise _unusable(source, text, tr("it has quotation marks"), bare)
    raise UsageError(
        tr("{source} cannot be used: {text!r} is not an address", source=source, text=text),
        remedy=tr(_KINDS),
    )


def socket_in(folder: Path) -> Path | None:
    """The engine's socket in a folder; None if there is none."""
    return next((path for name in SOCKETS if is_socket(path := folder / name)), None)


def _meant_socket(text: str, environ: Mapping[str, str]) -> Path | None:
    """The socket that was probably meant by a path, or by `unix:` with too few slashes."""
    path = re.sub(r"^unix:/*(?=/|~|\w)", "", text)
    if path != text and not path.startswith(("/", "~")):
        path = f"/{path}"
    return _absolute(path, environ) if path.startswith(("/", "~", ".")) or path.endswith(".sock") else None


def _absolute(path: str, environ: Mapping[str, str]) -> Path:
    if path == "~" or path.startswith("~/"):
        return home(environ) / path[2:]
    return Path(path).absolute()


def _tcp(rest: str, text: str, source: str, *, tls: bool) -> str:
    try:
        parts = urlsplit(f"tcp://{rest}")
        host, port = parts.hostname or "localhost", parts.port
    except ValueError as error:
        raise UsageError(
            tr("{source} cannot be used: {text!r}: {why}", source=source, text=text, why=error),
            remedy=tr(_KINDS),
        ) from error
    shown = f"[{host}]" if ":" in host else host
    return f"tcp://{shown}:{port or (_TLS_PORT if tls else _PORT)}{parts.path.rstrip('/')}"


def _unusable(source: str, text: str, why: str, instead: str) -> UsageError:
    return UsageError(
        tr("{source} cannot be used: {text!r}: {why}", source=source, text=text, why=why),
        remedy=tr("write {instead}", instead=instead),
    )
