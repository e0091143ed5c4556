"""The server of one learner, which JupyterHub starts for them: their page, their terminal, and what they do."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from jupyterhub.services.auth import HubOAuth

from runner.classroom.line import StreamLine
from runner.classroom.live.boxes import Boxes
from runner.classroom.live.live_class import LiveClass
from runner.errors import UsageError, WorkshopError
from runner.hub import activity
from runner.hub.beside import BesideBoxes, listen_beside
from runner.hub.login import Login
from runner.hub.owner import Owner
from runner.hub.surroundings import BoxPlace, Surroundings
from runner.hub.user_door import UserDoor
from runner.record.opening import open_store
from runner.record.wire import LONGEST_LINE
from runner.web.listening import listening

_REFUSAL = "This is the session of {name}. It is theirs alone: yours is where the Hub brings you."


async def run(environ: Mapping[str, str]) -> None:
    """Serve until the Hub ends it.

    Raises:
        UsageError: the environment lacks something.
    """
    surroundings, place = Surroundings.of(environ), BoxPlace.of(environ)
    owner = Owner(environ.get("JUPYTERHUB_USER", ""), place.number)
    store = open_store(surroundings.record)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    ending: set[asyncio.Task[None]] = set()

    def ended(number: int, why: str) -> None:
        task = loop.create_task(live.box_ended(number, why))
        ending.add(task)
        task.add_done_callback(ending.discard)

    boxes, channel = _box(place, ended, told.set)
    live = LiveClass(
        title=surroundings.title,
        instructor=surroundings.instructor,
        roll=owner,
        store=store,
        channels=None,
        boxes=boxes,
    )
    live.place(owner.learner).server = await asyncio.start_unix_server(
        lambda reader, writer: live.hear(owner.learner, StreamLine(reader, writer)),
        sock=channel,
        limit=LONGEST_LINE,
    )
    refusal = _REFUSAL.format(name=owner.learner.name)
    login = Login(HubOAuth(), surroundings, admits=lambda name: name == owner.learner.name, refusal=refusal)
    door = UserDoor(live, owner, surroundings, login)
    reporting = loop.create_task(activity.report(environ, lambda: door.active))
    try:
        async with listening(door.application(), _listener(surroundings)):
            await told.wait()
            await live.end("Your server was stopped. What you did is kept.")
    finally:
        reporting.cancel()
        with suppress(asyncio.CancelledError):
            await reporting
        store.close()


def _box(
    place: BoxPlace, ended: Callable[[int, str], None], lost: Callable[[], None]
) -> tuple[Boxes | BesideBoxes, socket.socket]:
    """What starts the learner's session, and the socket at which their app is heard."""
    if place.folder is not None:
        link, channel = listen_beside(place.folder)
        return BesideBoxes(link, ended=ended), channel
    return (
        Boxes(socket.socket(fileno=place.link), ended=ended, lost=lost),
        socket.socket(fileno=place.channel),
    )


def _listener(surroundings: Surroundings) -> socket.socket:
    host, port = surroundings.listen
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {host} port {port}: {error}", remedy="see the Hub's log"
        ) from error


def main() -> None:
    """Run as a program."""
    logging.basicConfig(stream=sys.stderr)
    try:
        asyncio.run(run(os.environ))
    except WorkshopError as error:
        print(f"{error}\n  next: {error.remedy}" if error.remedy else error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
