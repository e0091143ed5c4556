"""The box starter for a Hub on this host: the only part of it that runs as root.

It reads short requests of the Hub (a learner's name) and of learners' servers (a terminal's size), and nothing that a
learner sends. Each learner's box is started by a separate process, which handles no other number.
"""

import argparse
import json
import os
import pwd
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from runner.box.box import Content
from runner.box.keeper import close_all
from runner.box.packet import receive, send
from runner.box.resources import CHANNEL, SEATS, ClassResources, Share
from runner.box.starter import Starter
from runner.engine.private.linux import die_with_parent
from runner.errors import EngineError, UsageError, WorkshopError
from runner.files import replace_bytes
from runner.hub.settings import checked_language
from runner.json_value import json_value

_SECONDS = 10.0
_MOST_NAME = 255
_MEGA = 2**20


class Numbers:
    """The number of each learner's box, kept in a file so that a learner finds their disk again."""

    def __init__(self, file: Path) -> None:
        """Read the file; a damaged one is not replaced, since learners would get the disks of others.

        Raises:
            UsageError: the file is damaged.
        """
        self._file = file
        self._numbers = _read_numbers(file)

    def of(self, learner: str) -> int:
        """The number of a learner's box.

        Raises:
            EngineError: all numbers are taken.
        """
        if learner not in self._numbers:
            taken = set(self._numbers.values())
            free = next((number for number in range(1, SEATS) if number not in taken), None)
            if free is None:
                raise EngineError(f"all {SEATS - 1} boxes of this machine are taken")
            numbers = {**self._numbers, learner: free}
            # Only a number that is noted is theirs: after a restart another learner would get it, and their disk.
            replace_bytes(self._file, json.dumps(numbers).encode(), mode=0o600)
            self._numbers = numbers
        return self._numbers[learner]


def _read_numbers(file: Path) -> dict[str, int]:
    try:
        found = json_value(file.read_bytes())
        numbers = {str(learner): int(number) for learner, number in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{file}, which says whose box is whose, cannot be read: {error}",
            remedy="restore it; or delete it with all that learners have kept in their boxes",
        ) from error
    return numbers


class BoxHost:
    """Gives the Hub, which runs as the user `hub`, a box for each learner that it names."""

    def __init__(self, resources: ClassResources, content: Content, *, hub: int) -> None:
        self._resources, self._content, self._hub = resources, content, hub
        self._numbers = Numbers(resources.settings / "boxes.json")
        self._running: dict[int, int] = {}

    def serve(self, listener: socket.socket) -> None:
        """Carry out the Hub's requests until a signal."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            with suppress(OSError):
                line, _ = listener.accept()
                with line:
                    line.settimeout(_SECONDS)
                    self._answer(line)

    def close(self) -> None:
        """End every box."""
        for number in tuple(self._running):
            self._end(number)
        self._resources.sweep()

    def _answer(self, line: socket.socket) -> None:
        if _peer(line) not in {0, self._hub}:
            return
        try:
            asked, _ = receive(line)
            match asked:
                case {"learner": str(learner)} if 0 < len(learner) <= _MOST_NAME:
                    self._give(line, self._numbers.of(learner))
                case _:
                    _refuse(line, "that is not a learner's name")
        except (WorkshopError, OSError, ValueError) as error:
            _refuse(line, str(error))

    def _give(self, line: socket.socket, number: int) -> None:
        """Send the link and the channel of a box; one that runs already is ended first."""
        self._end(number)
        path = self._resources.channel(number) / CHANNEL
        path.unlink(missing_ok=True)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs, socket.socket(socket.AF_UNIX) as channel:
            channel.bind(str(path))
            # The box's root has no access here, and no other box sees the folder.
            path.chmod(0o666)
            channel.listen(16)
            pid = os.fork()
            if not pid:
                self._keep(number, ours)
            self._running[number] = pid
            send(line, {"number": number}, theirs.fileno(), channel.fileno())

    def _keep(self, number: int, link: socket.socket) -> None:
        """Start the box when its learner's server asks, until that server disconnects."""
        status = 1
        try:
            die_with_parent()
            for one in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
                signal.signal(one, signal.SIG_DFL)
            close_all(but={0, 1, 2, link.fileno()})
            starter = Starter(self._resources, self._content, only=number)
            starter.serve(link)
            starter.close()
            status = 0
        except BaseException:
            # Nobody else would say it: this process must not go on with its parent's work, whatever happens.
            traceback.print_exc()
            raise
        finally:
            os._exit(status)

    def _end(self, number: int) -> None:
        if (pid := self._running.pop(number, 0)) > 0:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        self._resources.group(number).clear()


def _peer(line: socket.socket) -> int:
    """The user id of the process at the other end."""
    return int(struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1])


def _refuse(line: socket.socket, why: str) -> None:
    with suppress(OSError):
        send(line, {"refused": why})


def listen(path: Path, user: int) -> socket.socket:
    """The socket for the Hub, which runs as this user.

    Raises:
        UsageError: the socket cannot be made there.
    """
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(path))
        path.chmod(0o600)
        os.chown(path, user, -1)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {path}: {error.strerror}", remedy="name another --socket"
        ) from error
    listener.listen(64)
    return listener


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m runner.hub.box_host", description=__doc__)
    parser.add_argument("--socket", type=Path, default=Path("/run/seccomp-workshop-hub/boxes.sock"))
    parser.add_argument("--user", required=True, help="the user that JupyterHub runs as")
    parser.add_argument("--memory", type=int, default=768, metavar="MB", help="of each learner")
    parser.add_argument("--disk", type=int, default=1024, metavar="MB", help="of each learner")
    parser.add_argument("--lang", default="", metavar="CODE", help="the language of lessons, such as es")
    parser.add_argument("workshop", nargs="?", type=Path, help="a workshop's folder (default: the delivered)")
    return parser.parse_args()


def _content(resources: ClassResources, workshop: Path | None, language: str) -> Content:
    """The content of every box."""
    from runner.classroom.host.prebuilt_cache import prebuilt_cache  # noqa: PLC0415 - a box host that is only imported needs none
    from runner.content import LABS  # noqa: PLC0415
    from runner.engine.image.provide import built  # noqa: PLC0415
    from runner.engine.image.recipe import Recipe  # noqa: PLC0415
    from runner.folders import cache_folder  # noqa: PLC0415
    from runner.lab.read.folder import find_workshops  # noqa: PLC0415

    folders = [workshop.resolve()] if workshop else []
    image = built(Recipe.of_this_machine(), cache_folder(), lambda said: print(said, file=sys.stderr))
    asked = ("--lang", language) if language else ()
    words = ("runner", "run", *map(str, folders), *asked, "--resume", "--engine", "private")
    cache = prebuilt_cache(resources, find_workshops(folders[0] if folders else LABS), language)
    return Content.of(words, folders=folders, image=image, cache=cache)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> None:
    """Serve until a signal.

    Raises:
        WorkshopError: the class's resources cannot be prepared.
    """
    try:
        user = pwd.getpwnam(arguments.user).pw_uid
    except KeyError as error:
        raise UsageError(
            f"there is no user {arguments.user}", remedy="make one: useradd --system NAME"
        ) from error
    language = checked_language(arguments.lang, arguments.workshop or "")
    share = Share(memory=arguments.memory * _MEGA, disk=arguments.disk * _MEGA)
    resources = ClassResources.default(environ, share=share)
    lock = resources.prepare()
    try:
        host = BoxHost(resources, _content(resources, arguments.workshop, language), hub=user)
        with listen(arguments.socket, user) as listener:
            try:
                host.serve(listener)
            finally:
                host.close()
    finally:
        os.close(lock)


def main() -> None:
    """Run as a program."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(_arguments(), os.environ)
    except KeyboardInterrupt:
        sys.exit(130)
    except WorkshopError as error:
        print(error.in_full(), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
