"""What the instructor orders is done, or it is said why not."""

import asyncio
import fcntl
import os
import socket
import struct
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runner.box.room import SEATS
from runner.classroom import control
from runner.classroom.control import RemoteClass
from runner.classroom.desk import Desk
from runner.classroom.live import LiveClass
from runner.classroom.roll import Roll
from runner.classroom.terminal import Terminal
from runner.errors import WorkshopError
from runner.record.notice import Demo, DemoFrame, Nudge, Pace, Pause, Watched
from runner.record.sqlite import SqliteStore
from runner.serve.messages import Size
from runner.teaching.control import (
    EndClass,
    Remove,
    Room,
    SendNudge,
    SetDemo,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
)

CODE, INSTRUCTOR = "ABCD-2345", "WXYZ-6789"


class App:
    """A learner's app that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def tell(self, notice: object) -> None:
        self.told.append(notice)

    def close(self) -> None:
        self.told.append("closed")


class FakeBoxes:
    """Boxes whose terminals are pairs of sockets."""

    def __init__(self) -> None:
        self.painted: list[int] = []

    def repaint(self, number: int) -> None:
        self.painted.append(number)

    def close(self, number: int) -> None: ...

    def forget(self, number: int) -> None:
        self.painted.append(-number)


class Held:
    """A class of Ada, who may be watched, and Bob, who may not."""

    def __init__(self, folder: Path) -> None:
        roll = Roll(folder / "roll.json", code=CODE, instructor=INSTRUCTOR, seats=2)
        self.store = SqliteStore(folder / "class.sqlite3")
        self.boxes = FakeBoxes()
        self.live = LiveClass(
            title="A class",
            instructor="Grace",
            roll=roll,
            store=self.store,
            channels=folder,
            boxes=self.boxes,  # type: ignore[arg-type]
        )
        self.inner: list[socket.socket] = []
        self.desk = Desk(self.live, joining=("https://…",))
        self.ada, _ = roll.enter("Ada", CODE, mirror=True)
        self.bob, _ = roll.enter("Bob", CODE)
        self.apps = {learner.name: App() for learner in (self.ada, self.bob)}
        for learner in (self.ada, self.bob):
            self.live.place(learner).talk = self.apps[learner.name]  # type: ignore[assignment]

    def terminal(self, number: int) -> socket.socket:
        """Give the box with this number a terminal, whose inner end this is."""
        inner, outer = socket.socketpair()
        self.inner.append(inner)
        learner = next(one for one in (self.ada, self.bob, self.live.roll.instructor) if one.number == number)
        self.live.place(learner).terminal = Terminal(outer.detach(), Size(20, 4))
        return inner

    async def trouble(self, order: object) -> str:
        await self.desk.do(order)  # type: ignore[arg-type]
        return self.desk.room().trouble


@asynccontextmanager
async def holding(folder: Path) -> AsyncIterator[Held]:
    held = Held(folder)
    looking = asyncio.create_task(held.desk.run())
    try:
        yield held
    finally:
        looking.cancel()
        for learner in (held.ada, held.bob, held.live.roll.instructor):
            if (terminal := held.live.place(learner).terminal) is not None:
                await terminal.close()
        for inner in held.inner:
            inner.close()
        held.store.close()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


async def test_everybody_is_told_what_is_ordered_and_who_comes_later_too(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        for order in (SetPace(Pace(2)), SetPause(Pause(on=True, text="Tea"))):
            assert await held.trouble(order) == ""
        assert held.apps["Ada"].told == held.apps["Bob"].told == [Pace(2), Pause(on=True, text="Tea")]
        assert held.live.standing(held.ada) == (Pace(2), Pause(on=True, text="Tea"))
        room = held.desk.room()
        assert (room.pace, room.pause.on, [person.name for person in room.people]) == (
            Pace(2),
            True,
            ["Ada", "Bob"],
        )
        assert await held.trouble(SendNudge(("Bob",), Nudge("Look"))) == ""
        assert held.apps["Bob"].told[-1] == Nudge("Look")
        held.live.place(held.bob).talk = None
        assert "not there, so not told: Bob" in await held.trouble(
            SendNudge(("Ada", "Bob"), Nudge(hint=True))
        )
        assert held.apps["Ada"].told[-1] == Nudge(hint=True)
        assert await held.trouble(SettleHelp("Ada")) == "" or held.store.events("Ada")
        assert [event.happening.kind for event in held.store.events("Ada")] == ["help-settled"]
        await held.desk.do(EndClass("Bye"))
        assert held.live.ended.is_set()


async def test_only_who_agreed_and_is_told_is_watched(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        screen = held.terminal(1)
        assert "not agreed" in await held.trouble(Watch("Bob"))
        assert "nobody called Eve" in await held.trouble(Watch("Eve"))
        talk, held.live.place(held.ada).talk = held.live.place(held.ada).talk, None
        assert "could not be told" in await held.trouble(Watch("Ada"))
        held.live.place(held.ada).talk = talk

        await held.desk.do(Watch("Ada"))
        assert held.apps["Ada"].told == [Watched(on=True)]
        assert held.boxes.painted == [1], "what is there already is painted again"
        screen.send(b"\x1b[31mred\x1b]52;c;ZXZpbA==\x07")
        await until(lambda: held.desk.picture and held.desk.picture.rows[0].runs)
        assert held.desk.picture is not None
        assert held.desk.picture.rows[0].runs[0].text == "red", "rows of text, and no escape sequence"
        assert held.desk.room().watching == "Ada"

        held.live.roll.set_mirror(held.ada, mirror=False)
        await until(lambda: not held.desk.room().watching)
        assert held.apps["Ada"].told[-1] == Watched(on=False)


async def test_the_instructors_session_is_shown_to_everybody(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        assert "no session of yours" in await held.trouble(SetDemo(on=True))
        screen = held.terminal(SEATS)
        await held.desk.do(SetDemo(on=True))
        screen.send(b"look")
        for app in held.apps.values():
            await until(lambda app=app: any(isinstance(told, DemoFrame) for told in app.told))
            assert app.told[0] == Demo(on=True)
        await held.desk.do(SetDemo(on=False))
        assert held.apps["Ada"].told[-1] == Demo(on=False)


async def test_who_is_removed_leaves_nothing_for_the_next_one(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        await held.desk.do(Remove("Bob", "wrong room"))
        assert [learner.name for learner in held.live.roll.people] == ["Ada"]
        assert held.apps["Bob"].told == ["closed"]
        assert -held.bob.number in held.boxes.painted, "what they kept is deleted"
        assert held.live.place(held.bob).message == "", "the next one with this seat is somebody else"


async def test_the_screen_sees_the_class_and_gives_orders_from_its_own_process(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        path = tmp_path / control.SOCKET
        remote = RemoteClass(path, title="A class")
        assert "gateway" in remote.room().trouble
        with pytest.raises(WorkshopError, match="not there"):
            remote.give(SetPace(Pace(1)))
        server = await control.serve(path, held.desk)
        assert oct(path.stat().st_mode)[-3:] == "600"
        await until(lambda: len(remote.room().people) == 2)
        remote.give(SetPace(Pace(1)))
        await until(lambda: remote.room().pace == Pace(1))
        with pytest.raises(WorkshopError, match="not agreed"):
            remote.give(Watch("Bob"))
        remote.give(Watch("Eve"))
        await until(lambda: "nobody called Eve" in remote.room().trouble)
        remote.close()
        server.close()
        assert isinstance(remote.room(), Room)


async def test_keys_and_sizes_go_in_and_a_flood_does_not_stop_the_others(tmp_path: Path) -> None:
    outer, inner = os.openpty()
    terminal = Terminal(outer, Size(80, 24))

    class Slow:
        kind = "browser"
        seen = b""
        left = ""

        async def show(self, data: bytes) -> None:
            self.seen += data

        async def leave(self, why: str) -> None:
            self.left = why

    first, second = Slow(), Slow()
    await terminal.attach(first, Size(90, 30))
    rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(inner, termios.TIOCGWINSZ, b"\0" * 8))
    assert (rows, columns) == (30, 90)
    await terminal.type("é\n".encode())
    assert os.read(inner, 10) == "é\n".encode()
    await until(lambda: "é".encode() in first.seen)
    await terminal.attach(second, Size(80, 24))
    assert "elsewhere" in first.left
    terminal.detach(first)
    assert terminal.door is second
    os.close(inner)
    await terminal.type(b"to nobody\n")
    await terminal.close()
