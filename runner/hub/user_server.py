"""The server of one learner, started by JupyterHub: their page, their terminal, and their events."""

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

from runner import language
from runner.classroom.line import StreamLine
from runner.classroom.live.boxes import Boxes
from runner.classroom.live.channel import listen_at
from runner.classroom.live.desk import Desk
from runner.classroom.live.live_class import LiveClass
from runner.errors import WorkshopError
from runner.hub import activity
from runner.hub.beside import BesideBoxes, listen_beside
from runner.hub.executor import OrderExecutor
from runner.hub.login import Login, hub_oauth
from runner.hub.owner import Owner
from runner.hub.serving import run_program, served, until_told
from runner.hub.settings import BoxPlace, HubSettings
from runner.hub.showing import Showing
from runner.hub.user_door import UserDoor
from runner.language import tr
from runner.record.opening import open_board, open_store

_FAREWELL_SECONDS = 2.0
"""Seconds for which pages may ask why their session has ended."""
_LAST_SECONDS = 3.0
"""Seconds that the board may take when the server ends."""


async def run(environ: Mapping[str, str]) -> None:
    """Serve until the Hub ends it, the class is over for its learner, or the box starter is gone.

    Raises:
        UsageError: the environment lacks a setting.
    """
    settings, place = HubSettings.of(environ), BoxPlace.of(environ)
    language.use(settings.language)
    store = open_store(settings.record)
    name = environ.get("JUPYTERHUB_USER", "")
    owner = Owner(name, place.number, await asyncio.to_thread(store.events, name))
    board = open_board(settings.record, store)
    told = until_told()
    ending: set[asyncio.Task[None]] = set()

    def ended(number: int, why: str) -> None:
        task = asyncio.get_running_loop().create_task(live.box_ended(number, why))
        ending.add(task)
        task.add_done_callback(ending.discard)

    boxes, channel = _box(place, ended, told.set)
    live = LiveClass(
        title=settings.title,
        instructor=settings.instructor,
        roll=owner,
        store=store,
        channels=None,
        boxes=boxes,
    )
    live.place(owner.learner).server = await listen_at(
        channel, lambda reader, writer: live.hear(owner.learner, StreamLine(reader, writer))
    )
    refusal = tr(
        "This is the session of {name}. It is theirs alone: yours is where the Hub brings you.", name=name
    )
    login = Login(hub_oauth(), settings, admits=lambda who: who == name, refusal=refusal)
    door = UserDoor(live, owner, settings, login)
    desk = Desk(live, joining=())
    showing = Showing(board, live, desk, name)
    executor = OrderExecutor(board, desk, showing, name)
    beside = [
        asyncio.create_task(work)
        for work in (executor.run(), showing.run(), activity.report(environ, lambda: door.active))
    ]
    for task in beside:
        task.add_done_callback(_say_failure)
    try:
        async with served(door.application(), settings):
            waiting = [asyncio.create_task(event.wait()) for event in (told, live.ended, owner.removed)]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if told.is_set():
                await live.end(tr("Your server was stopped. What you did is kept."))
            else:
                await asyncio.wait(waiting[:1], timeout=_FAREWELL_SECONDS)
            for one in waiting:
                one.cancel()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                await showing.stop()
                await executor.stop()
        boxes.drop()
        board.close()
        store.close()


def _say_failure(task: asyncio.Task[None]) -> None:
    """Log at once the error that ended a task: the server goes on without it."""
    if not task.cancelled() and (error := task.exception()) is not None:
        trace = None if isinstance(error, WorkshopError) else error
        logging.getLogger(__name__).error("a part of the server has ended: %s", error, exc_info=trace)


def _box(
    place: BoxPlace, ended: Callable[[int, str], None], lost: Callable[[], None]
) -> tuple[Boxes | BesideBoxes, socket.socket]:
    """The learner's boxes, and the socket that their app connects to."""
    if place.folder is not None:
        link, channel = listen_beside(place.folder)
        return BesideBoxes(link, ended=ended), channel
    boxes = Boxes(socket.socket(fileno=place.link), ended=ended, lost=lost)
    return boxes, socket.socket(fileno=place.channel)


if __name__ == "__main__":
    run_program(run)
