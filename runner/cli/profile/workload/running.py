"""Shared parts of the commands that run a container: the engine, its words, and its output."""

import argparse
import os
import shutil
import sys
import threading
from contextlib import ExitStack, contextmanager
from functools import cache
from shlex import quote
from typing import TYPE_CHECKING

from runner.cli.engines import ready_engine
from runner.cli.output import say
from runner.cli.parser import Parser
from runner.errors import EngineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runner.engine.docker.engine import DockerEngine
    from runner.engine.docker.streams import Hijacked
    from runner.engine.docker.workload import Workload

WORDS = "words"
_CHUNK = 1 << 16
_LAST_WORDS = 5.0
"""The longest time, in seconds, to copy output after the program has ended."""
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


def refuse_file(words: list[str]) -> None:
    """Raise UsageError for words of which the first is a file, with the commands that read files."""
    from runner.paths import is_file

    if words and is_file(words[0]):
        name = quote(words[0])
        tagged = "" if {":", "/"} & {*words[0]} else f" (one of this name as {name}:latest)"
        raise UsageError(
            f"{words[0]} is a file, and no image",
            remedy=f"name an image{tagged}; of a log, `workshop profile generate --from {name}` makes a profile, and "
            f"`workshop profile why {name}` says what was denied",
        )


@contextmanager
def engine_of(arguments: argparse.Namespace) -> "Iterator[DockerEngine]":
    """Open the engine with the user's images, and add our image, which has strace."""
    from runner.engine.discovery import EngineChoice

    choice = EngineChoice(engine=arguments.engine or _usual(), consent=True)
    with ready_engine(choice, ["lab"], say) as engine:
        yield engine


def docker_command() -> str:
    """Return the path of the `docker` command, which understands the options of `docker run`.

    Raises:
        EngineError: there is no such command.
    """
    docker = shutil.which("docker")
    if docker is None:
        raise EngineError(
            "there is no `docker` command on PATH, which knows the options of `docker run`",
            remedy="run `workshop doctor --fix`, which installs it",
        )
    return docker


def forward_words(parser: argparse.ArgumentParser) -> None:
    """Collect the words of `docker run` after the options in `words`."""
    assert isinstance(parser, Parser)
    parser.forwards = WORDS


class Foreground:
    """Copies a workload's output to standard error, and standard input to the workload if it reads any.

    A context manager, whose value takes over the connection before the program begins. While the block runs, the
    terminal belongs to the program: it gets every key and every change of size.
    """

    def __init__(self, workload: "Workload") -> None:
        self._workload = workload
        self._cleanup = ExitStack()
        self._output: threading.Thread | None = None

    def __enter__(self) -> "Callable[[Hijacked], None]":
        return self._take

    def __exit__(self, *_error: object) -> None:
        if self._output is not None:
            self._output.join(_LAST_WORDS)
        self._cleanup.close()

    def _take(self, connection: "Hijacked") -> None:
        connection.socket.settimeout(None)
        if self._workload.tty and sys.stdin is not None and sys.stdin.isatty():
            self._lend_terminal()
        self._output = threading.Thread(target=self._copy_out, args=(connection,), daemon=True)
        self._output.start()
        if self._workload.stdin and sys.stdin is not None and not sys.stdin.closed:
            threading.Thread(target=_copy_in, args=(connection,), daemon=True).start()
        elif not self._workload.stdin:
            _note_input()

    def _lend_terminal(self) -> None:
        import signal
        import termios
        import tty

        keys = sys.stdin.fileno()
        before = termios.tcgetattr(keys)
        self._cleanup.callback(termios.tcsetattr, keys, termios.TCSADRAIN, before)
        tty.setraw(keys)
        resized = signal.signal(
            signal.SIGWINCH, lambda *_: self._workload.resize(*os.get_terminal_size(keys))
        )
        self._cleanup.callback(signal.signal, signal.SIGWINCH, resized)
        self._workload.resize(*os.get_terminal_size(keys))

    def _copy_out(self, connection: "Hijacked") -> None:
        from runner.engine.docker.streams import Demultiplexer

        frames = Demultiplexer()
        try:
            while data := connection.reader.read1(_CHUNK):
                sys.stderr.buffer.write(data if self._workload.tty else frames.feed(data))
                sys.stderr.buffer.flush()
        except (OSError, ValueError):
            pass
        finally:
            connection.release()


@cache
def _note_input() -> None:
    """Print a note, once, if a file or a pipe has something to say that the program will not get."""
    import stat
    from fcntl import ioctl
    from termios import FIONREAD

    try:
        kind = os.fstat(sys.stdin.fileno()).st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISFIFO(kind):
            return
        waiting = int.from_bytes(ioctl(sys.stdin.fileno(), FIONREAD, bytes(4)), sys.byteorder)
    except (AttributeError, OSError, ValueError):  # standard input is closed, or none
        return
    if waiting:
        say("note: the program gets nothing of standard input: put -i before the image, as for `docker run`")


def _copy_in(connection: "Hijacked") -> None:
    import socket

    try:
        while data := os.read(sys.stdin.fileno(), _CHUNK):
            connection.socket.sendall(data)
        connection.socket.shutdown(socket.SHUT_WR)
    except (OSError, ValueError):
        return


def _usual() -> str:
    """The engine of the `docker` command if it answers, else the safest one available."""
    from runner.engine import unix_http
    from runner.engine.addresses import DEFAULT_SOCKET
    from runner.engine.contexts import DEFAULT
    from runner.engine.endpoints import AUTOMATIC, named

    if named(AUTOMATIC, os.environ) is None and unix_http.answers(DEFAULT_SOCKET):
        return DEFAULT
    return AUTOMATIC
