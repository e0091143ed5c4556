"""Shared terminals on the class's board: a server pins its learner's screen, and reads the screens of others.

A picture is pinned only while a person watches. Both sides renew their pins, so that a lost one is noticed.
"""

import asyncio
import json
import logging
import time

from runner.classroom.live.desk import Desk
from runner.classroom.live.live_class import LiveClass
from runner.errors import WorkshopError
from runner.json_value import json_value
from runner.record.bulletin import BulletinBoard, Pinned
from runner.record.codec import packed, unpacked
from runner.record.notice import Demo, DemoFrame
from runner.record.wire import LONGEST_NOTICE
from runner.teaching.control import Watch

WATCH, PICTURE, DEMO = "watch", "picture", "demo"
"""Topics: the learner that an instructor watches, the watched learner's screen, and the screen shown to everybody."""
AGAIN_SECONDS = 5.0
"""Seconds after which a pin that still holds is renewed."""
_GONE_SECONDS = 3 * AGAIN_SECONDS
_BEAT_SECONDS = 0.5


class Showing:
    """Publishes the learner's terminal to watchers, and shows the instructor's demo to the learner.

    `demo_of` is the name of the person whose terminal everybody sees; "" for none. `may_be_watched` is true if an
    instructor has asked to watch, who may have left by now.
    """

    def __init__(self, board: BulletinBoard, live: LiveClass, desk: Desk, learner: str) -> None:
        self._board, self._live, self._desk, self._learner = board, live, desk, learner
        self.demo_of = ""
        self.may_be_watched = False
        self._seen = _Pin(board, PICTURE, learner)
        self._shown = _Pin(board, DEMO, learner)

    async def run(self) -> None:
        """Publish and show, while the server runs."""
        while True:
            try:
                await self._be_seen()
                await self._demonstrate()
                await self._look_on()
            except OSError as error:
                logging.getLogger(__name__).warning("the class's board cannot be reached: %s", error)
            except WorkshopError as error:
                logging.getLogger(__name__).warning("a terminal cannot be shown now: %s", error)
            await asyncio.sleep(_BEAT_SECONDS)

    async def stop(self) -> None:
        """Remove the pins.

        Raises:
            OSError: the board cannot be reached now.
        """
        await self._seen.take_away()
        await self._shown.take_away()

    async def _be_seen(self) -> None:
        """Pin the learner's screen while an instructor, who renews the request, watches them."""
        if self.may_be_watched:
            watchers = await asyncio.to_thread(self._board.pinned, WATCH)
            self.may_be_watched = any(is_fresh(one) and one.text == self._learner for one in watchers)
            if self._live.watching and not self.may_be_watched:
                await self._desk.do(Watch(""))
            elif self.may_be_watched and not self._live.watching and self._can_be_seen():
                # Their session, or this server, was restarted meanwhile.
                await self._desk.do(Watch(self._learner))
        if self._live.watching:
            self._desk.look()
        picture = self._desk.picture
        if picture is None:
            await self._seen.take_away()
        else:
            await self._seen.put(picture)

    def _can_be_seen(self) -> bool:
        """True if the learner agrees to be watched, has a terminal, and can be told of it."""
        owner = self._live.roll.named(self._learner)
        if owner is None or not owner.mirror:
            return False
        place = self._live.place(owner)
        return place.terminal is not None and place.app is not None

    async def _demonstrate(self) -> None:
        """Pin the learner's own terminal, if they are the instructor of the current demo."""
        owner = self._live.roll.named(self._learner)
        terminal = self._live.place(owner).terminal if owner is not None else None
        mine = self.demo_of == self._learner
        if owner is None or terminal is None or not mine:
            if terminal is not None and terminal.watched and not self._live.watching:
                terminal.watch(on=False)
            await self._shown.take_away()
            return
        if not terminal.watched:
            self._desk.follow(owner, terminal, on=True)
        picture = terminal.picture()
        assert picture is not None
        await self._shown.put(picture)

    async def _look_on(self) -> None:
        """Show the instructor's demo to the learner, while it is pinned."""
        live, frame = self._live, None
        if self.demo_of not in {"", self._learner}:
            demos = await asyncio.to_thread(self._board.pinned, DEMO)
            frame = next((frame_of(one) for one in demos if one.author == self.demo_of), None)
        if live.demo != (frame is not None):
            live.demo = not live.demo
            live.tell_all(Demo(on=live.demo))
        if frame is not None and frame != live.shown:
            live.tell_all(frame)
        live.shown = frame


class _Pin:
    """A picture that this server has pinned to the board, under its learner's name."""

    def __init__(self, board: BulletinBoard, topic: str, author: str) -> None:
        self._board, self._topic, self._author = board, topic, author
        self._frame: DemoFrame | None = None
        self._at = float("-inf")

    async def put(self, frame: DemoFrame) -> None:
        if frame == self._frame and time.monotonic() - self._at < AGAIN_SECONDS:
            return
        text = json.dumps(packed(frame), separators=(",", ":"))
        self._frame, self._at = frame, time.monotonic()
        await asyncio.to_thread(self._board.pin, self._topic, self._author, text)

    async def take_away(self) -> None:
        if self._frame is not None:
            await asyncio.to_thread(self._board.unpin, self._topic, self._author)
            self._frame = None


def is_fresh(pinned: Pinned) -> bool:
    """True if the author still renews the pin."""
    return pinned.age < _GONE_SECONDS


def frame_of(pinned: Pinned) -> DemoFrame | None:
    """The pinned picture; None for one that is old or invalid."""
    if not is_fresh(pinned) or len(pinned.text) > LONGEST_NOTICE // 2:
        return None
    try:
        return unpacked(DemoFrame, json_value(pinned.text))
    except ValueError:
        return None
