"""The box starter: the clients it accepts, and the owner of each box."""

import json
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from runner.box.box import Content
from runner.box.resources import SEATS, ClassResources
from runner.errors import EngineError, UsageError
from runner.hub import box_host
from runner.hub.box_host import BoxHost, Numbers, listen
from runner.hub.box_link import ask_for_box


def test_a_learner_finds_their_box_again(tmp_path: Path) -> None:
    file = tmp_path / "boxes.json"
    assert [Numbers(file).of(name) for name in ("ada", "bob", "ada")] == [1, 2, 1]
    assert Numbers(file).of("bob") == 2


def test_a_number_that_could_not_be_noted_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart another learner would get it, with the disk."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    numbers = Numbers(tmp_path / "boxes.json")
    with monkeypatch.context() as patch:
        patch.setattr(box_host, "replace_bytes", full)
        with pytest.raises(OSError, match="No space"):
            numbers.of("ada")
    assert numbers.of("ada") == 1
    assert Numbers(tmp_path / "boxes.json").of("bob") == 2


@pytest.mark.parametrize(
    "kept",
    [b"", b"\xff", b"[]", b'{"ada": "one"}', b'{"ada": null}', pytest.param(b"[" * 100_000, id="deep")],
)
def test_whose_box_is_whose_is_not_begun_afresh(tmp_path: Path, kept: bytes) -> None:
    """Learners would get the disks of others."""
    file = tmp_path / "boxes.json"
    file.write_bytes(kept)
    with pytest.raises(UsageError, match="cannot be read") as caught:
        Numbers(file)
    assert caught.value.remedy
    assert file.read_bytes() == kept


def test_there_are_as_many_boxes_as_a_machine_has_ids_for(tmp_path: Path) -> None:
    numbers = Numbers(tmp_path / "boxes.json")
    for number in range(1, SEATS):
        assert numbers.of(f"learner-{number}") == number
    with pytest.raises(EngineError, match="all 127 boxes"):
        numbers.of("one more")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"learner": ""}',
        b'{"learner": 1}',
        pytest.param(b'{"learner": "%s"}' % (b"x" * 256), id="long"),
        pytest.param(b"[" * 4000, id="deep"),
    ],
)
def test_an_invalid_learners_name_gets_no_box(tmp_path: Path, said: bytes) -> None:
    """No number is set aside for it either, and the caller gets the error."""
    resources = ClassResources.under(tmp_path)
    resources.settings.mkdir(parents=True)
    host = BoxHost(resources, Content((), ()), hub=os.geteuid())
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ours.send(said) if said else ours.shutdown(socket.SHUT_WR)
        host._answer(theirs)
        assert "refused" in json.loads(ours.recv(4096))
    assert not (resources.settings / "boxes.json").exists()
    assert not host._running


def test_another_user_is_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box_host, "_peer", lambda _line: 4711)
    resources = ClassResources.under(tmp_path)
    resources.settings.mkdir(parents=True)
    host = BoxHost(resources, Content((), ()), hub=4712)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ours.send(b'{"learner": "ada"}')
        host._answer(theirs)
        theirs.close()
        said = b""
        with suppress(ConnectionResetError):
            # What was asked was not even read.
            said = ours.recv(4096)
        assert said == b""


def test_a_hub_is_told_why_there_is_no_box(tmp_path: Path) -> None:
    path = tmp_path / "boxes.sock"
    with pytest.raises(EngineError, match="does not answer") as caught:
        ask_for_box(path, "ada")
    assert "box_host" in caught.value.remedy
    listener = listen(path, os.geteuid())

    def refuse() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(4096)
            line.send(b'{"refused": "all 127 boxes of this machine are somebody\'s"}')

    thread = threading.Thread(target=refuse)
    thread.start()
    with pytest.raises(EngineError, match="all 127 boxes"):
        ask_for_box(path, "ada")
    thread.join()
    listener.close()


def test_an_unusable_place_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot listen at"):
        listen(tmp_path / "file/boxes.sock", os.geteuid())


def test_a_box_whose_starter_stumbles_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class LeftError(BaseException): ...

    def leave(_: int) -> None:
        raise LeftError

    def stumble(*_: object, **_more: object) -> None:
        raise RuntimeError("a fault")

    # In this process, of which nothing is to be closed or ended.
    for name in ("die_with_parent", "close_all", "signal.signal"):
        monkeypatch.setattr(f"runner.hub.box_host.{name}", lambda *_, **_more: None)
    monkeypatch.setattr(box_host, "Starter", stumble)
    monkeypatch.setattr(os, "_exit", leave)
    resources = ClassResources.under(tmp_path)
    resources.settings.mkdir(parents=True)
    host = BoxHost(resources, Content((), ()), hub=0)
    link, other = socket.socketpair()
    with link, other, pytest.raises(LeftError):
        host._keep(1, link)
    assert "RuntimeError: a fault" in capsys.readouterr().err
