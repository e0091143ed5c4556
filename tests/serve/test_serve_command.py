"""Errors that keep `workshop serve` from serving are reported, with a way on."""

import socket
from pathlib import Path

import pytest

from runner.cli.learn import serve as command
from runner.cli.main import main
from runner.content import LABS


@pytest.mark.parametrize("host", ["192.0.2.1", "::", "workshop.example"])
def test_only_this_machine_is_served(host, capsys):
    """A session has a shell of the machine, so an address that others can reach is refused, with the reason."""
    assert main(["serve", "--host", host]) == 2
    assert "shell" in capsys.readouterr().err


def test_a_taken_port_is_an_error_with_a_remedy(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    said = capsys.readouterr()
    assert "--port" in said.err
    assert said.out == ""


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path / "file"))
    assert main(["serve"]) == 1
    assert "WORKSHOP_STATE_DIR" in capsys.readouterr().err


def test_the_missing_package_is_named(monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    assert main(["serve"]) == 1
    assert "seccomp-workshop[serve]" in capsys.readouterr().err


def test_a_workshop_is_named_by_its_id_as_elsewhere(monkeypatch):
    """The sessions find it too, whatever folder they begin in."""
    begun = []
    monkeypatch.setattr("runner.serve.run.serve", lambda words, **_: begun.append(words))
    assert main(["serve", "seccomp"]) == 0
    (words,) = begun
    assert Path(words[words.index("run") + 1]) == LABS / "seccomp"


def test_an_engine_that_cannot_be_is_refused_before_anybody_comes(monkeypatch, capsys):
    monkeypatch.setattr("runner.serve.run.serve", lambda *_, **__: None)
    assert main(["serve", "--engine", "unix:relative.sock"]) == 2
    assert "unix:relative.sock" in capsys.readouterr().err
