"""Terminals shared over the board."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from runner.classroom.live.desk import Desk
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.terminal import Terminal
from runner.errors import EngineError
from runner.hub import board_control, executor, showing
from runner.hub.board_control import BoardControl
from runner.hub.executor import OrderExecutor
from runner.hub.owner import Owner
from runner.hub.showing import Showing
from runner.record.event import Event, MirrorAgreed
from runner.record.notice import Demo, DemoFrame, Mirroring, Pace, Watched
from runner.record.sqlite.board import SqliteBoard
from runner.record.sqlite.store import SqliteStore
from runner.teaching.control import ClassStatus, EndClass, SetDemo, SetPace, Watch
from runner.terminal.size import Size
from tests.unit.classroom.live_class import App, FakeBoxes, FakeDoor
from tests.waiting import until


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SqliteBoard]:
    with closing(SqliteBoard(tmp_path / "board.sqlite3")) as board:
        yield board


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (board_control, "LOOK_SECONDS"),
        (executor, "LOOK_SECONDS"),
        (showing, "_BEAT_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 0.01)


class Server:
    """A learner's server: its app only records its notices, and its terminal is a pair of sockets."""

    def __init__(self, folder: Path, name: str, *, agreed: bool = True) -> None:
        answer = Event(
            learner=name, workshop="", lab="", step="", time=0.0, happening=MirrorAgreed(agreed=agreed)
        )
        self.owner, self.store = Owner(name, known=[answer]), SqliteStore(folder / f"{name}.sqlite3")
        self.live = LiveClass(
            title="A class",
            instructor="Grace",
            roll=self.owner,
            store=self.store,
            channels=None,
            boxes=FakeBoxes(),  # type: ignore[arg-type]
        )
        self.app = App()
        self.inner, outer = socket.socketpair()
        self.place = self.live.place(self.owner.learner)
        self.place.app = self.app  # type: ignore[assignment]
        self.shows: Showing
        self.terminal = Terminal(outer.detach(), Size(20, 4))
        self.place.terminal = self.terminal

    @property
    def frames(self) -> list[str]:
        """The first line of each picture that the app was shown."""
        return [first_line(one) for one in self.app.told if isinstance(one, DemoFrame)]

    def heard(self, *wanted: object) -> bool:
        """True if this was the last notice to the app, apart from pictures."""
        return [one for one in self.app.told if not isinstance(one, DemoFrame)][-len(wanted) :] == [*wanted]


def first_line(frame: DemoFrame | None) -> str:
    return "".join(run.text for run in frame.rows[0].runs) if frame is not None else ""


@asynccontextmanager
async def serving(
    folder: Path, board: SqliteBoard, name: str, *, agreed: bool = True, answers: bool = True
) -> AsyncIterator[Server]:
    """The server of a learner, whose app `answers` from the beginning."""
    server = Server(folder, name, agreed=agreed)
    if not answers:
        server.place.app = None
    await server.terminal.attach(FakeDoor(), Size(20, 4))
    desk = Desk(server.live, joining=())
    shows = server.shows = Showing(board, server.live, desk, name)
    obeys = OrderExecutor(board, desk, shows, name)
    tasks = [asyncio.create_task(work) for work in (shows.run(), obeys.run())]
    try:
        yield server
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await shows.stop()
        await obeys.stop()
        await server.terminal.close()
        server.inner.close()
        server.store.close()


def control_of(board: SqliteBoard, instructor: str = "grace") -> BoardControl:
    return BoardControl(board, title="A class", joining="", instructor=instructor)


def seen(control: BoardControl) -> ClassStatus:
    control.look()
    return control.status()


def pictured(control: BoardControl) -> DemoFrame | None:
    control.look()
    return control.mirrored()


def there(control: BoardControl, *names: str) -> Callable[[], bool]:
    return lambda: {one.name for one in seen(control).people if one.connected} >= set(names)


async def test_a_learner_who_agrees_is_watched_and_told(tmp_path: Path, board: SqliteBoard) -> None:
    control = control_of(board)
    async with serving(tmp_path, board, "ada") as ada:
        await until(there(control, "ada"))
        control.give(Watch("ada"))
        await until(lambda: ada.heard(Watched(on=True)))
        ada.inner.send(b"one")
        await until(lambda: first_line(pictured(control)) == "one")
        assert seen(control).watching == "ada"
        ada.inner.send(b" two")
        await until(lambda: first_line(pictured(control)) == "one two")
        control.give(Watch(""))
        await until(lambda: ada.heard(Watched(on=False)))
        await until(lambda: not board.pinned("picture"))
        assert not ada.terminal.watched
        assert pictured(control) is None


async def test_nobody_is_watched_by_a_screen_that_is_gone(
    tmp_path: Path, board: SqliteBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, other = control_of(board), control_of(board, "hopper")
    async with serving(tmp_path, board, "ada") as ada, serving(tmp_path, board, "bob") as bob:
        await until(lambda: there(control, "ada", "bob")() and there(other, "ada", "bob")())
        control.give(Watch("ada"))
        other.give(Watch("bob"))
        await until(lambda: ada.heard(Watched(on=True)) and bob.heard(Watched(on=True)))
        other.give(Watch(""))
        await until(lambda: bob.heard(Watched(on=False)))
        assert ada.live.watching == "ada"
        monkeypatch.setattr(showing, "_GONE_SECONDS", 0.0)
        await until(lambda: ada.heard(Watched(on=False)))
        await until(lambda: not board.pinned("picture"))


async def test_a_restarted_server_is_told_again(tmp_path: Path, board: SqliteBoard) -> None:
    control = control_of(board)
    async with serving(tmp_path, board, "ada") as ada:
        await until(there(control, "ada"))
        control.give(Watch("ada"))
        await until(lambda: ada.heard(Watched(on=True)))
    async with serving(tmp_path, board, "ada", answers=False) as ada:
        # Their app comes only after the server, and what is not told is not done.
        await until(lambda: ada.shows.may_be_watched)
        assert not ada.live.watching
        ada.place.app = ada.app  # type: ignore[assignment]
        await until(lambda: ada.heard(Watched(on=True)))
        ada.inner.send(b"again")
        await until(lambda: first_line(pictured(control)) == "again")
        control.give(Watch(""))
        await until(lambda: ada.heard(Watched(on=False)))
    async with serving(tmp_path, board, "ada") as ada:
        await until(there(control, "ada"))
        control.give(SetPace(Pace(2)))
        await until(lambda: ada.live.pace == Pace(2) and not ada.shows.may_be_watched)
        assert ada.app.told == [Pace(2)], "nobody watches any more"


async def test_one_whose_instructor_could_not_say_so_for_a_while_is_watched_again(
    tmp_path: Path, board: SqliteBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = control_of(board)
    async with serving(tmp_path, board, "ada") as ada:
        await until(there(control, "ada"))
        control.give(Watch("ada"))
        await until(lambda: ada.heard(Watched(on=True)))
        board.unpin("watch", "grace")
        await until(lambda: ada.heard(Watched(on=False)))
        monkeypatch.setattr(board_control, "AGAIN_SECONDS", 0.01)
        pictured(control)
        await until(lambda: ada.heard(Watched(on=True)))


async def test_a_learner_who_withdraws_is_no_longer_seen(tmp_path: Path, board: SqliteBoard) -> None:
    control = control_of(board)
    async with serving(tmp_path, board, "ada") as ada:
        await until(there(control, "ada"))
        control.give(Watch("ada"))
        await until(lambda: ada.heard(Watched(on=True)))
        ada.owner.set_mirror(ada.owner.learner, mirror=False)
        await until(lambda: ada.heard(Watched(on=False)))
        await until(lambda: not board.pinned("picture"))


async def test_the_instructors_own_session_is_shown_to_everybody(
    tmp_path: Path, board: SqliteBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = control_of(board)
    async with AsyncExitStack() as stack:
        grace = await stack.enter_async_context(serving(tmp_path, board, "grace"))
        ada = await stack.enter_async_context(serving(tmp_path, board, "ada"))
        await until(there(control, "grace", "ada"))
        control.give(SetDemo(on=True))
        await until(lambda: ada.heard(Demo(on=True)))
        grace.inner.send(b"look")
        await until(lambda: ada.frames[-1:] == ["look"])
        assert seen(control).demo
        # Who comes later sees what is there, though nothing moves.
        bob = await stack.enter_async_context(serving(tmp_path, board, "bob"))
        await until(lambda: bob.heard(Demo(on=True)) and bob.frames == ["look"])
        assert bob.live.shown in bob.live.standing(bob.owner.learner)
        assert not grace.app.told

        control.give(SetDemo(on=False))
        await until(lambda: ada.heard(Demo(on=False)) and bob.heard(Demo(on=False)))
        await until(lambda: not grace.terminal.watched and not board.pinned("demo"))
        control.give(SetDemo(on=True))
        await until(lambda: ada.heard(Demo(on=True)))
        monkeypatch.setattr(showing, "_GONE_SECONDS", 0.0)
        await until(lambda: ada.heard(Demo(on=False)))


@pytest.mark.parametrize("order", [Watch("ada"), SetDemo(on=True)])
async def test_a_box_that_cannot_be_asked_now_is_asked_again(
    tmp_path: Path, board: SqliteBoard, monkeypatch: pytest.MonkeyPatch, order: Watch | SetDemo
) -> None:
    control = control_of(board, "ada")
    async with serving(tmp_path, board, "ada") as ada:
        await until(there(control, "ada"))
        control.give(order)
        topic = "picture" if isinstance(order, Watch) else "demo"
        await until(lambda: board.pinned(topic))
        busy = [EngineError("the starter of boxes is busy")] * 3

        def repaint(_: int) -> None:
            if busy:
                raise busy.pop()
            ada.inner.send(b"painted")

        monkeypatch.setattr(ada.live.boxes, "repaint", repaint)
        # As the terminal of a box that was started again.
        ada.terminal.watch(on=False)
        await until(lambda: any("painted" in one.text for one in board.pinned(topic)))
        assert not busy


async def test_a_demo_ends_with_the_class(tmp_path: Path, board: SqliteBoard) -> None:
    control = control_of(board)
    async with serving(tmp_path, board, "grace") as grace, serving(tmp_path, board, "ada") as ada:
        await until(there(control, "grace", "ada"))
        control.give(SetDemo(on=True))
        await until(lambda: ada.heard(Demo(on=True)))
        control.give(EndClass("Bye."))
        await until(lambda: ada.live.ended.is_set() and grace.live.ended.is_set())
        await until(lambda: not board.pinned("demo"))
        assert not seen(control).demo
    assert [one.connected for one in seen(control_of(board)).people] == [False, False]


@pytest.mark.parametrize("said", ["", "[]", "[" * 100_000, '{"columns": 1}', "x" * 600_000])
def test_an_invalid_picture_is_ignored(board: SqliteBoard, said: str) -> None:
    board.pin("picture", "ada", said)
    (pinned,) = board.pinned("picture")
    assert showing.frame_of(pinned) is None


async def test_a_learner_who_never_answered_is_asked(tmp_path: Path, board: SqliteBoard) -> None:
    async with serving(tmp_path, board, "ada") as ada:
        assert ada.live._welcome(ada.owner.learner).mirror is Mirroring.YES
        ada.live.roll = owner = Owner("ada")
        assert ada.live._welcome(owner.learner).mirror is Mirroring.ASK
        owner.set_mirror(owner.learner, mirror=False)
        assert ada.live._welcome(owner.learner).mirror is Mirroring.NO
