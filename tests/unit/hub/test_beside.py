"""A learner's box beside their server, in a separate process as in a separate container."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.errors import EngineError
from runner.hub import beside
from runner.hub.beside import LINK, BesideBoxes, listen_beside
from tests.waiting import patience, until

PROGRAM = """
import os, signal, socket, sys
say = lambda text: os.write(1, text.encode() + b"\\n")
signal.signal(signal.SIGCONT, lambda *_: say("resumed"))
say("%dx%d" % tuple(os.get_terminal_size(0)))
say("networks " + " ".join(name for _, name in socket.if_nameindex()))
say("channel " + os.environ["WORKSHOP_CLASS_CHANNEL"])
for line in sys.stdin:
    if line.strip() == "leave": sys.exit(3)
    say("got " + line.strip())
"""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root leaves a network")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: sockets have room for no other."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def box(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    words = (sys.executable, "-m", "runner.hub.box_beside", str(folder), sys.executable, "-c", PROGRAM)
    with subprocess.Popen(words, env={**os.environ, "PYTHONPATH": os.curdir}) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


async def shown(terminal: int, wanted: str) -> str:
    """A terminal's output, once there is some."""
    os.set_blocking(terminal, False)
    text = ""
    async with patience():
        while wanted not in text:
            try:
                text += os.read(terminal, 65536).decode()
            except BlockingIOError:
                await asyncio.sleep(0.01)
    return text


@needs_root
async def test_a_session_beside_goes_on_while_its_server_is_started_again(folder: Path) -> None:
    ended: list[tuple[int, str]] = []
    link, channel = listen_beside(folder)
    boxes = BesideBoxes(link, ended=lambda *what: ended.append(what))
    with box(folder), channel:
        terminal = await boxes.open(1, 90, 20)
        said = await shown(terminal, "channel")
        assert "90x20" in said
        # Not even one that is down but for the loop.
        assert "networks lo\r" in said
        os.write(terminal, b"one\n")
        await shown(terminal, "got one")
        boxes.repaint(1)
        await shown(terminal, "resumed")
        os.close(terminal)
        boxes.drop()

        link, again = listen_beside(folder)
        again.close()
        boxes = BesideBoxes(link, ended=lambda *what: ended.append(what))
        terminal = await boxes.open(1, 90, 20)
        os.write(terminal, b"two\n")
        assert "x20" not in await shown(terminal, "got two")
        os.write(terminal, b"leave\n")
        await until(lambda: ended)
        assert ended == [(1, "its program ended with status 3")]
        os.close(terminal)
        # And another one begins where it is wanted.
        terminal = await boxes.open(1, 80, 24)
        await shown(terminal, "80x24")
        boxes.close(1)
        await until(lambda: len(ended) == 2)
        os.close(terminal)
        boxes.drop()


def test_a_box_without_a_folder_is_told_what_it_needs() -> None:
    words = (sys.executable, "-m", "runner.hub.box_beside")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "name the folder that the box shares with its learner's server\n"


async def test_a_missing_box_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_SECONDS", 0.01)
    link, channel = listen_beside(folder)
    boxes = BesideBoxes(link, ended=lambda *_: None)
    with channel, pytest.raises(EngineError, match="has not started"):
        await boxes.open(1, 80, 24)
    boxes.drop()


@pytest.mark.parametrize(
    "said",
    [
        b"\xff",
        b"[]",
        b"{}",
        b'{"box": 1, "is": "open"}',
        pytest.param(b"[" * 4000, id="deep"),
        b'{"box": [], "is": "ended", "status": 1}',
    ],
)
async def test_a_box_with_invalid_messages_is_dropped(folder: Path, said: bytes) -> None:
    """Whatever it passes on is closed: a learner's program may be at the other end."""
    ended: list[tuple[int, str]] = []
    link, channel = listen_beside(folder)
    boxes = BesideBoxes(link, ended=lambda *what: ended.append(what))
    with channel, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as hostile:
        hostile.connect(str(folder / LINK))
        opening = asyncio.create_task(boxes.open(1, 80, 24))
        asked = await asyncio.to_thread(hostile.recv, 4096)
        assert json.loads(asked)["do"] == "open"
        before = len(list(Path("/proc/self/fd").iterdir()))
        socket.send_fds(hostile, [said], [hostile.fileno()])
        with pytest.raises(EngineError):
            await opening
        await until(lambda: ended)
        assert len(list(Path("/proc/self/fd").iterdir())) < before
    boxes.drop()


def test_an_unusable_folder_is_reported(folder: Path) -> None:
    from runner.errors import UsageError

    with pytest.raises(UsageError, match="cannot listen in"):
        listen_beside(folder / "missing")
