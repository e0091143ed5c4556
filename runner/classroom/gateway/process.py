"""The gateway's own process: it holds the class's doors, and has no power over the machine.

It is started enclosed, with an empty network and the sockets at which the class listens. Its arguments name the
program that shows the class to its instructor, which it starts for browsers.
"""

import asyncio
import logging
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from typing import TextIO

from runner import language
from runner.classroom import certificate
from runner.classroom.control import SOCKET
from runner.classroom.gateway import control
from runner.classroom.gateway.web import WebDoor
from runner.classroom.given import CHANNELS, LINK, LONGEST_LOG, OWN, SETTINGS, SSH, WEB
from runner.classroom.limits.connection_limit import ConnectionLimit, LimitedListener
from runner.classroom.limits.failure_limit import FailureLimit
from runner.classroom.live.boxes import Boxes
from runner.classroom.live.desk import Desk
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.roll import Roll
from runner.classroom.settings import CERTIFICATE, KEY, SSH_KEY, Settings
from runner.errors import WorkshopError
from runner.record.sqlite.store import SqliteStore
from runner.web.listening import listening

_WRONG_CODES, _WRONG_SECONDS = 10, 60.0
_MOST_CONNECTIONS, _SHARE = 3000, 1000
"""The limits of connections in all, and from one address, which a class may share: each takes 256 kB."""
_FAREWELL_SECONDS = 2.0


async def run(screen: Sequence[str] = ()) -> int:
    """Hold the class until it is over; returns the exit status, 0 only for the class's end.

    `screen` is the Python module that shows the class to its instructor, and its arguments.
    """
    # Terminals and channels need descriptors too, which connections must not use up.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    settings = Settings.read(SETTINGS)
    assert settings is not None
    language.use(settings.language)
    lost = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lost.set)
    ending: set[asyncio.Task[None]] = set()

    def ended(number: int, why: str) -> None:
        task = loop.create_task(live.box_ended(number, why))
        ending.add(task)
        task.add_done_callback(ending.discard)

    boxes = Boxes(socket.socket(fileno=LINK), ended=ended, lost=lost.set)
    store = SqliteStore(OWN / "class.sqlite3")
    roll = Roll(
        OWN / "roll.json",
        code=settings.code,
        instructor=settings.instructor_code,
        seats=settings.seats,
        # Whatever happened to the number's last owner, nothing of theirs must remain.
        taken=boxes.forget,
    )
    live = LiveClass(
        title=settings.title,
        instructor=settings.instructor,
        roll=roll,
        store=store,
        channels=CHANNELS,
        boxes=boxes,
    )
    desk = Desk(live, joining=settings.joining, link=settings.link, own=settings.own)
    looking = loop.create_task(desk.run())
    await control.serve(OWN / SOCKET, desk)
    limit = ConnectionLimit(min(_MOST_CONNECTIONS, most // 2), _SHARE)
    failures = FailureLimit(_WRONG_CODES, _WRONG_SECONDS)
    door = WebDoor(live, roll, hosts=settings.hosts, failures=failures, screen=screen)
    tls = certificate.context(SETTINGS / CERTIFICATE, SETTINGS / KEY)
    async with listening(door.application(), LimitedListener(WEB, limit), tls=tls):
        if settings.ssh_port:
            from runner.classroom.gateway import ssh  # noqa: PLC0415 - not every class has this door

            await ssh.serve(LimitedListener(SSH, limit), SETTINGS / SSH_KEY, live, roll, failures)
        boxes.ready()
        waiting = [loop.create_task(event.wait()) for event in (live.ended, lost)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if live.ended.is_set():
            # Pages ask why their sessions have ended.
            await asyncio.wait([waiting[1]], timeout=_FAREWELL_SECONDS)
        looking.cancel()
    store.close()
    return 0 if live.ended.is_set() else 1


def main() -> None:
    """Run as a program."""
    logging.basicConfig(handlers=[BoundedLog(sys.stderr, LONGEST_LOG)])
    try:
        sys.exit(asyncio.run(run(sys.argv[1:])))
    except WorkshopError as error:
        print(error.in_full(), file=sys.stderr)
        sys.exit(2)


class BoundedLog(logging.StreamHandler[TextIO]):
    """Writes log entries up to `most` characters in all: the log is in memory, and strangers can cause entries."""

    def __init__(self, stream: TextIO, most: int) -> None:
        super().__init__(stream)
        self._left = most

    def format(self, record: logging.LogRecord) -> str:
        """The entry, cut to the room that is left."""
        text = super().format(record)[: self._left]
        self._left -= len(text)
        return text

    def emit(self, record: logging.LogRecord) -> None:
        """Write the entry, if there is room."""
        if self._left > 0:
            super().emit(record)


if __name__ == "__main__":
    main()
