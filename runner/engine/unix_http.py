"""Engine requests that must not wait for the SDK's import: ping, list, remove."""

import http.client
import socket
from pathlib import Path
from typing import Any

from runner import paths
from runner.engine.addresses import socket_in
from runner.json_value import json_value


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def request(path: Path, method: str, target: str, *, seconds: float) -> tuple[int, Any]:
    """Send one request to the engine that listens at `path`; return the status and the decoded JSON (or text).

    Raises:
        OSError: nothing usable listens there, or it does not answer in time.
    """
    connection = _Connection(path, seconds)
    try:
        connection.request(method, target)
        response = connection.getresponse()
        body = response.read()
    except http.client.HTTPException as error:
        raise OSError(f"{path} does not speak HTTP: {error!r}") from error
    finally:
        connection.close()
    text = body.decode(errors="replace")
    if response.headers.get_content_type() != "application/json" or not text:
        return response.status, text
    try:
        return response.status, json_value(text)
    except ValueError as error:
        raise OSError(f"{path} sends no JSON that can be read: {error}") from error


def answers(path: Path, *, seconds: float = 2.0) -> bool:
    """True if an engine listens at `path`."""
    return not silence(path, seconds=seconds)


def silence(path: Path, *, seconds: float) -> str:
    """The reason why no engine answers at `path`; "" if one does."""
    try:
        status, _ = request(path, "GET", "/_ping", seconds=seconds)
    except TimeoutError:
        return f"it did not answer within {seconds:g} s"
    except FileNotFoundError:
        return "there is no such socket"
    except PermissionError:
        return f"this user may not use it: it is {_owners(path)}"
    except ConnectionRefusedError:
        return "nothing listens there" if paths.is_socket(path) else _no_socket(path)
    except OSError as error:
        return error.strerror or str(error)
    return "" if status == 200 else f"the server there is not a container engine (status {status})"


def _no_socket(path: Path) -> str:
    if not paths.is_folder(path):
        return "it is not a socket"
    inner = socket_in(path)
    return f"it is a folder; name the socket in it: {inner}" if inner else "it is a folder, not a socket"


def _owners(path: Path) -> str:
    try:
        return f"{path.owner()}'s and the group {path.group()}'s"
    except (OSError, KeyError):
        return "another user's"


def remove_containers(path: Path, *, seconds: float) -> None:
    """Remove every container of the engine; containers that cannot be removed are left for its end.

    Raises:
        OSError: the engine does not answer.
    """
    status, found = request(path, "GET", "/containers/json?all=1", seconds=seconds)
    for container in found if status == 200 else ():
        request(path, "DELETE", f"/containers/{container['Id']}?force=1&v=1", seconds=seconds)
