"""The reasons why no engine answers at a socket, in words."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runner.engine.unix_http import answers, silence


@pytest.fixture
def path() -> Iterator[Path]:
    """A path for a socket, which must be short."""
    with TemporaryDirectory(prefix="w-") as folder:
        yield Path(folder, "s")


def test_no_socket(path: Path) -> None:
    assert silence(path, seconds=5) == "there is no such socket"


def test_a_file(path: Path) -> None:
    path.write_text("")
    assert silence(path, seconds=5) == "it is not a socket"


def test_a_folder(path: Path) -> None:
    """One with an engine's socket in it is corrected."""
    path.mkdir()
    assert silence(path, seconds=5) == "it is a folder, not a socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path / "docker.sock"))
        assert silence(path, seconds=5) == f"it is a folder; name the socket in it: {path}/docker.sock"


def test_a_socket_that_was_left(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(path))
    assert silence(path, seconds=5) == "nothing listens there"


def test_a_server_that_accepts_and_stays_silent(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(path))
        mute.listen()
        assert silence(path, seconds=0.2) == "it did not answer within 0.2 s"


@pytest.mark.parametrize(
    ("status", "why"),
    [("200 OK", ""), ("404 Not Found", "the server there is not a container engine (status 404)")],
)
def test_answers_of_servers(path: Path, status: str, why: str) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            for _ in range(2):
                connection, _address = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

        serving = threading.Thread(target=serve)
        serving.start()
        assert silence(path, seconds=5) == why
        assert answers(path) == (not why)
        serving.join()


def test_a_server_of_another_kind_whose_json_is_cut(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(4096)
                head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1"
                connection.sendall(f"{head}\r\n\r\n{{".encode())

        serving = threading.Thread(target=serve)
        serving.start()
        assert "sends no JSON" in silence(path, seconds=5)
        serving.join()
