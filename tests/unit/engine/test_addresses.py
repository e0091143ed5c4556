"""Engines' addresses, read as docker's own command reads them, and corrections for faulty ones."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.engine.addresses import is_address, read_address
from runner.errors import UsageError


def read(text: str, *, tls: bool = False) -> str:
    return read_address(text, source="DOCKER_HOST", environ={"HOME": "/home/me"}, tls=tls)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("unix:///run/docker.sock", "unix:///run/docker.sock"),
        (" unix:///run/docker.sock\n", "unix:///run/docker.sock"),
        ("unix:///run/docker.sock/", "unix:///run/docker.sock"),
        ("unix://", "unix:///var/run/docker.sock"),
        ("unix://docker.sock", f"unix://{Path.cwd()}/docker.sock"),
        ("tcp://example:1234", "tcp://example:1234"),
        ("tcp://example", "tcp://example:2375"),
        ("tcp://", "tcp://localhost:2375"),
        ("tcp://[::1]:2375", "tcp://[::1]:2375"),
        ("tcp://example:2375/prefix/", "tcp://example:2375/prefix"),
        ("example:1234", "tcp://example:1234"),
        ("localhost", "tcp://localhost:2375"),
        ("ssh://me@example", "ssh://me@example"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    assert read(text) == url


def test_the_port_of_tls_is_another() -> None:
    assert read("tcp://example", tls=True) == "tcp://example:2376"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("/home/me/.colima/default/docker.sock", "unix:///home/me/.colima/default/docker.sock"),
        ("~/.colima/default/docker.sock", "unix:///home/me/.colima/default/docker.sock"),
        ("unix://~/docker.sock", "unix:///home/me/docker.sock"),
        ("./docker.sock", f"unix://{Path.cwd()}/docker.sock"),
        ("docker.sock", f"unix://{Path.cwd()}/docker.sock"),
        ("unix:/run/docker.sock", "unix:///run/docker.sock"),
        ("unix:run/docker.sock", "unix:///run/docker.sock"),
        ("http://example:2375", "tcp://example:2375"),
        ('"unix:///run/docker.sock"', "unix:///run/docker.sock"),
    ],
)
def test_nearly_correct_addresses_get_a_correction(text: str, instead: str) -> None:
    with pytest.raises(UsageError, match="DOCKER_HOST") as raised:
        read(text)
    assert raised.value.remedy == f"write {instead}"


@pytest.mark.parametrize(
    "text", ["fd://", "npipe:////./pipe/docker_engine", "ssh://", "tcp://example:port", "x://y"]
)
def test_other_text_gets_a_list_of_addresses(text: str) -> None:
    with pytest.raises(UsageError, match="DOCKER_HOST") as raised:
        read(text)
    assert "unix:///" in raised.value.remedy


def test_a_context_s_name_is_no_address() -> None:
    assert not is_address("colima")
    assert is_address("/run/docker.sock")
    assert is_address("example:2375")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with an engine's socket in it."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "docker.sock"))
        yield tmp_path


def test_a_folder_is_corrected_to_the_socket_in_it(folder: Path) -> None:
    with pytest.raises(UsageError, match="is a folder") as caught:
        read(str(folder))
    assert caught.value.remedy == f"write unix://{folder}/docker.sock"


def test_a_folder_without_a_socket_is_never_the_address(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder") as caught:
        read(str(tmp_path))
    assert caught.value.remedy == f"write unix://{tmp_path}/docker.sock"


def test_what_is_no_address_is_not_led_to_one_that_is_refused() -> None:
    with pytest.raises(UsageError, match="is not an address") as caught:
        read("fd://")
    assert caught.value.remedy == "write unix:///path/of/docker.sock or tcp://host:port"


def test_a_named_pipe_is_of_windows() -> None:
    with pytest.raises(UsageError, match="only Windows has named pipes") as caught:
        read("npipe:////./pipe/docker_engine")
    assert caught.value.remedy == "write unix:///var/run/docker.sock"
