"""A class's starter as a separate process, and a gateway's messages to it."""

import json
import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from runner.box.box import Content
from runner.box.resources import ClassResources
from runner.box.starter import Starter
from runner.pace import MACHINE

SECONDS = 60.0


@dataclass
class Gateway:
    """The gateway's end: asks the starter with the process id `pid`."""

    pid: int
    link: socket.socket

    def ask(self, do: str, box: int, **more: int) -> None:
        self.link.send(json.dumps({"do": do, "box": box, **more}).encode())

    def open(self, box: int) -> int:
        """The descriptor of the terminal of a box that is opened."""
        self.ask("open", box, columns=100, rows=30)
        said, descriptors = self.hear()
        assert said["is"] == "open", said
        return descriptors[0]

    def hear(self) -> tuple[dict, list[int]]:
        """The starter's next message."""
        self.link.settimeout(MACHINE.stretched(SECONDS))
        packet, descriptors, _, _ = socket.recv_fds(self.link, 4096, 1)
        return json.loads(packet), list(descriptors)

    def run(self, box: int, *, seconds: float = SECONDS) -> str:
        """Run a program in a box, and return its output until it ends."""
        text = read(self.open(box), seconds=seconds)
        said, _ = self.hear()
        assert (said["box"], said["is"]) == (box, "ended"), said
        return text

    def kill(self) -> None:
        """Kill the starter."""
        os.kill(self.pid, signal.SIGKILL)


def read(terminal: int, until: str = "", *, seconds: float = SECONDS) -> str:
    """Read a terminal to its end, or until it has shown a text."""
    text, deadline = b"", time.monotonic() + MACHINE.stretched(seconds)
    while not until or until.encode() not in text:
        assert select.select([terminal], [], [], max(deadline - time.monotonic(), 0))[0], text.decode()
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            piece = b""
        if not piece:
            assert not until, text.decode()
            break
        text += piece
    if not until:
        os.close(terminal)
    return text.decode().replace("\r\n", "\n")


@contextmanager
def starting(resources: ClassResources, content: Content) -> Iterator[Gateway]:
    """A starter that runs while the block does."""
    lock = resources.prepare()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if not pid:
        ours.close()
        starter = Starter(resources, content)
        with suppress(KeyboardInterrupt):
            starter.serve(theirs)
        starter.close()
        os._exit(0)
    theirs.close()
    os.close(lock)
    try:
        yield Gateway(pid, ours)
    finally:
        ours.close()
        os.waitpid(pid, 0)
        resources.sweep()


def script(text: str, *folders: Path) -> Content:
    """Boxes that run a shell script."""
    return Content(("/bin/sh", "-c", text), folders)
