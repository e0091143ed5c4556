"""What the commands share that run a container: their engine, its words, and its output."""

import argparse
import os
import shutil
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.cli.output import say
from runner.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.engine.docker.engine import DockerEngine
    from runner.engine.docker.streams import Hijacked
    from runner.engine.docker.workload import Workload

WORDS = "words"
USAGE = "[docker-run options] IMAGE [COMMAND ...]"


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add --engine."""
    parser.add_argument(
        "--engine",
        default="",
        metavar="NAME",
        help="`private`, an address (unix:///...) or a Docker context (default: the one that `docker` uses, or the "
        "private one where that does not answer)",
    )


@contextmanager
def engine_of(arguments: argparse.Namespace) -> "Iterator[DockerEngine]":
    """The engine that the user's own images are on, with ours, which has strace."""
    from runner.engine.discovery import EngineChoice, open_engine
    from runner.engine.image.provide import provide
    from runner.stage.environment import new_session

    choice = EngineChoice(engine=arguments.engine or _usual(), consent=True)
    with open_engine(choice, new_session(), say) as engine:
        provide(engine.client, ["lab"], say)
        yield engine


def docker_command() -> str:
    """The path of docker's own command, which knows the words of `docker run`.

    Raises:
        EngineError: there is none.
    """
    docker = shutil.which("docker")
    if docker is None:
        raise EngineError(
            "there is no `docker` command on PATH, which knows the options of `docker run`",
            remedy="run `workshop doctor --fix`, which installs it",
        )
    return docker


class Foreground:
    """A workload's output on standard error, and standard input to it where it takes some."""

    def __init__(self, workload: "Workload", *, silent: bool = False) -> None:
        self._workload = workload
        self._silent = silent
        self._threads: list[threading.Thread] = []
        self.shown = bytearray()
        """The beginning of the output."""

    def take(self, connection: "Hijacked") -> None:
        """Copy until the program has ended, in threads of their own."""
        connection.socket.settimeout(None)
        self._begin(self._copy_out, connection)
        if self._workload.stdin and sys.stdin is not None and not sys.stdin.closed:
            self._begin(self._copy_in, connection)

    def wait(self, seconds: float = 5.0) -> None:
        """Until the output has been copied."""
        self._threads[0].join(seconds)

    def _begin(self, work: object, connection: "Hijacked") -> None:
        thread = threading.Thread(target=work, args=(connection,), daemon=True)  # type: ignore[arg-type]
        thread.start()
        self._threads.append(thread)

    def _copy_out(self, connection: "Hijacked") -> None:
        from runner.engine.docker.streams import Demultiplexer

        frames = Demultiplexer()
        try:
            while data := connection.reader.read1(1 << 16):
                payload = data if self._workload.tty else frames.feed(data)
                self.shown += payload[: (1 << 16) - len(self.shown)]
                if not self._silent:
                    sys.stderr.buffer.write(payload)
                    sys.stderr.buffer.flush()
        except (OSError, ValueError):
            pass
        finally:
            connection.release()

    @staticmethod
    def _copy_in(connection: "Hijacked") -> None:
        import socket

        try:
            while data := sys.stdin.buffer.read1(1 << 16):  # type: ignore[union-attr]
                connection.socket.sendall(data)
            connection.socket.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            return


def _usual() -> str:
    """The engine of docker's own command if it answers, else the safest that there is."""
    from runner.engine import unix_http
    from runner.engine.addresses import DEFAULT_SOCKET
    from runner.engine.contexts import DEFAULT
    from runner.engine.endpoints import AUTOMATIC, named

    if named(AUTOMATIC, os.environ) is None and unix_http.answers(DEFAULT_SOCKET):
        return DEFAULT
    return AUTOMATIC
