"""A class in this process, with boxes and apps that only record the calls to them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from runner.classroom.live.desk import Desk
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.roll import Roll
from runner.classroom.live.terminal import Terminal
from runner.record.sqlite.store import SqliteStore
from runner.terminal.size import Size

CODE, INSTRUCTOR = "ABCD-2345", "WXYZ-6789"


class App:
    """A learner's app that records its notices."""

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
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.asked = asyncio.Event()

    async def open(self, *_: int) -> int:
        self.asked.set()
        return await asyncio.shield(self.opened)

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
            self.live.place(learner).app = self.apps[learner.name]  # type: ignore[assignment]

    def terminal(self, number: int) -> socket.socket:
        """Give the box with this number a terminal, whose inner end this is."""
        inner, outer = socket.socketpair()
        self.inner.append(inner)
        learner = next(one for one in (self.ada, self.bob, self.live.roll.instructor) if one.number == number)
        self.live.place(learner).terminal = Terminal(outer.detach(), Size(20, 4))
        return inner

    async def trouble(self, order: object) -> str:
        await self.desk.do(order)  # type: ignore[arg-type]
        return self.desk.status().trouble


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


class FakeDoor:
    """A door that takes all that it is shown."""

    kind = "browser"

    def __init__(self) -> None:
        self.seen, self.left, self.dropped = bytearray(), "", False

    async def show(self, data: bytes) -> None:
        self.seen += data

    async def leave(self, why: str) -> None:
        self.left = why

    def drop(self) -> None:
        self.dropped = True


class DeafDoor(FakeDoor):
    """A door whose other side takes nothing."""

    async def show(self, data: bytes) -> None:  # noqa: ARG002 - as all doors
        await asyncio.Event().wait()

    async def leave(self, why: str) -> None:  # noqa: ARG002 - as all doors
        await asyncio.Event().wait()
