"""An instructor's orders over the board, and the learners' presence."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from runner.errors import WorkshopError
from runner.hub import board_control, executor
from runner.hub.board_control import BoardControl
from runner.hub.executor import OrderExecutor
from runner.hub.orders import ShowTerminal, decode, encode
from runner.hub.showing import Showing
from runner.record.codec import packed
from runner.record.notice import Nudge, Pace, Pause
from runner.record.sqlite.board import SqliteBoard
from runner.teaching.control import (
    ClassStatus,
    EndClass,
    Order,
    Person,
    Remove,
    SendNudge,
    SetDemo,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
)
from tests.unit.classroom.live_class import Held, holding
from tests.waiting import until


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SqliteBoard]:
    with closing(SqliteBoard(tmp_path / "board.sqlite3")) as board:
        yield board


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (board_control, executor):
        monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)


def control_of(board: SqliteBoard) -> BoardControl:
    return BoardControl(board, title="A class", joining="", instructor="grace")


def seen(control: BoardControl) -> ClassStatus:
    control.look()
    return control.status()


@asynccontextmanager
async def obeying(held: Held, board: SqliteBoard) -> AsyncIterator[None]:
    """Ada's server looks at the board while the block runs."""
    showing = Showing(board, held.live, held.desk, "Ada")
    ada = OrderExecutor(board, held.desk, showing, "Ada")
    work = asyncio.create_task(ada.run())
    try:
        yield
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        await ada.stop()


async def test_orders_come_once_to_those_whom_they_are_for(tmp_path: Path, board: SqliteBoard) -> None:
    control = control_of(board)
    async with holding(tmp_path) as held, obeying(held, board):
        ada = held.apps["Ada"].told
        board.pin("person", "Bob", json.dumps(packed(Person("Bob"))))
        await until(lambda: len(seen(control).people) == 2)
        control.give(SendNudge(("Bob",), Nudge("not for Ada")))
        control.give(SendNudge(("Ada", "Bob"), Nudge("for both")))
        control.give(SetPause(Pause(on=True)))
        await until(lambda: Pause(on=True) in ada)
        control.give(SetPace(Pace(1)))
        await until(lambda: Pace(1) in ada)
    assert [one for one in ada if not isinstance(one, Nudge)] == [Pause(on=True), Pace(1)]
    assert [one.text for one in ada if isinstance(one, Nudge)] == ["for both"]
    assert seen(control).pause.on


async def test_late_arrivals_get_only_the_lasting_orders(tmp_path: Path, board: SqliteBoard) -> None:
    """Nor does anything last that was ordered in a class that is over."""
    over = (SetPause(Pause(on=True)), ShowTerminal("grace"), EndClass())
    for order in (*over, SetPace(Pace(1)), SendNudge(("Ada",), Nudge("x")), Remove("Ada"), SetPace(Pace(2))):
        board.post("order", encode(order))
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: held.live.pace == Pace(2))
        assert not held.live.ended.is_set()
        assert not held.live.pause.on
        assert held.live.roll.named("Ada")
        assert not [one for one in held.apps["Ada"].told if isinstance(one, Nudge)]
    status = seen(control_of(board))
    assert (status.pause.on, status.demo, status.pace) == (False, False, Pace(2))


@pytest.mark.parametrize("order", [SendNudge(("Ada", "Bob"), Nudge("x")), SettleHelp("Bob")])
def test_learners_without_a_running_server_are_reported(board: SqliteBoard, order: Order) -> None:
    for person in (Person("Ada"), Person("Bob", connected=False)):
        board.pin("person", person.name, json.dumps(packed(person)))
    control = control_of(board)
    seen(control)
    with pytest.raises(WorkshopError, match="not there, so not told: Bob"):
        control.give(order)
    assert board.since("order", 0), "the others are told"


async def test_an_invalid_order_is_skipped(tmp_path: Path, board: SqliteBoard) -> None:
    for text in ("", "[]", '{"order": "Nothing", "data": {}}', '{"order": "SetPace", "data": {"pace": 1}}'):
        board.post("order", text)
    board.post("order", "[" * 100_000)
    board.post("order", encode(SetPace(Pace(3))))
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: held.live.pace == Pace(3))


async def test_a_learner_is_there_until_their_server_says_nothing_more(
    tmp_path: Path, board: SqliteBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = control_of(board)
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: seen(control).people)
        (person,) = seen(control).people
        assert (person.name, person.connected) == ("Ada", True)
    assert not seen(control_of(board)).people[0].connected, "it has said that it ends"
    board.pin("person", "Ada", json.dumps(packed(person)))
    assert seen(control_of(board)).people[0].connected
    monkeypatch.setattr(board_control, "_LOST_SECONDS", 0.0)
    assert not seen(control_of(board)).people[0].connected, "or it says nothing any more"


async def test_a_removed_learner_is_absent(tmp_path: Path, board: SqliteBoard) -> None:
    control = control_of(board)
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: seen(control).people)
        control.give(Remove("Bob"))
        control.give(Remove("Ada", "Bye."))
        await until(lambda: held.live.roll.named("Ada") is None)
        assert held.live.roll.named("Bob"), "he has a server of his own"
        assert -held.ada.number in held.boxes.painted, "nothing is kept of what was in the box"
    assert seen(control).people == ()


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (SetDemo(on=True), "no session of yours"),
        (Watch("Bob"), "not agreed"),
        (Watch("Cy"), "no terminal here"),
        (Watch("Eve"), "not in the class"),
    ],
)
def test_orders_that_fail_are_reported(board: SqliteBoard, order: Order, why: str) -> None:
    for person in (Person("Bob"), Person("Cy", connected=False, mirror=True)):
        board.pin("person", person.name, json.dumps(packed(person)))
    control = control_of(board)
    seen(control)
    with pytest.raises(WorkshopError, match=why):
        control.give(order)
    assert not board.since("order", 0)


def test_a_learner_is_not_watched_if_their_server_could_not_be_told(
    board: SqliteBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    board.pin("person", "Ada", json.dumps(packed(Person("Ada", mirror=True))))
    control = control_of(board)
    seen(control)
    monkeypatch.setattr(board, "post", full)
    with pytest.raises(WorkshopError, match="full"):
        control.give(Watch("Ada"))
    assert not seen(control).watching


def test_a_board_that_cannot_be_had_is_the_class_s_trouble(tmp_path: Path) -> None:
    control = control_of(SqliteBoard(tmp_path / "missing/board.sqlite3"))
    assert "missing" in seen(control).trouble
    with pytest.raises(WorkshopError, match="missing"):
        control.give(SetPace(Pace(1)))


@pytest.mark.parametrize(
    "order", [SetPace(Pace(1, waiting=True)), SendNudge(("a", "b"), Nudge("x", hint=True))]
)
def test_an_order_travels_as_it_is(order: Order) -> None:
    assert decode(encode(order)) == order


@pytest.mark.parametrize("said", ["", "[]", pytest.param("[" * 100_000, id="deep")])
def test_nonsense_that_a_server_says_of_its_learner_leaves_their_name(board: SqliteBoard, said: str) -> None:
    board.pin("person", "ada", said)
    board.pin("person", "bob", said)
    status = seen(control_of(board))
    assert [person.name for person in status.people] == ["ada", "bob"]
    assert not status.trouble


class WatchedBoard(SqliteBoard):
    """Notes the threads that read it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.readers: list[str] = []

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        self.readers.append(threading.current_thread().name)
        return super().since(topic, place)


async def test_a_question_for_the_class_never_waits_for_the_board(tmp_path: Path) -> None:
    with closing(WatchedBoard(tmp_path / "board.sqlite3")) as board:
        board.pin("person", "Ada", json.dumps(packed(Person("Ada"))))
        control = control_of(board)
        with control.looking():
            await until(lambda: control.status().people)
            board.post("order", encode(SetPace(Pace(3))))
            await until(lambda: control.status().pace == Pace(3))
            control.mirrored()
        assert set(board.readers) == {"class"}
        count = len(board.readers)
        control.status()
        assert len(board.readers) == count, "it looks no more"


def test_of_a_class_that_is_over_no_orders_are_kept(board: SqliteBoard) -> None:
    control = control_of(board)
    for order in (SetPace(Pace(1)), SetPause(Pause(on=True)), EndClass("Bye.")):
        control.give(order)
    assert [decode(text) for _, text in board.since("order", 0)] == [EndClass("Bye.")]
    assert not control.status().pause.on
    control.give(SetPace(Pace(2)))
    assert [decode(text) for _, text in board.since("order", 0)] == [EndClass("Bye."), SetPace(Pace(2))]
