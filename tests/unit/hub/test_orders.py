"""An instructor's orders over the board, and who is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from runner.errors import WorkshopError
from runner.hub import orders
from runner.hub.orders import BoardControl, Obedience, decode, encode
from runner.record.bulletin import SqliteBoard
from runner.record.notice import Nudge, Pace, Pause
from runner.teaching.control import EndClass, Order, SendNudge, SetDemo, SetPace, SetPause, Watch
from tests.unit.classroom.live_class import Held, holding
from tests.waiting import until


@pytest.fixture
def board(tmp_path: Path) -> SqliteBoard:
    return SqliteBoard(tmp_path / "board.sqlite3")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "_LOOK_SECONDS", 0.01)


@asynccontextmanager
async def obeying(held: Held, board: SqliteBoard) -> AsyncIterator[None]:
    """Ada's server looks at the board while the block runs."""
    work = asyncio.create_task(Obedience(board, held.desk, "Ada").run())
    try:
        yield
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def test_orders_come_once_to_those_whom_they_are_for(tmp_path: Path, board: SqliteBoard) -> None:
    control = BoardControl(board, title="A class", joining="")
    async with holding(tmp_path) as held, obeying(held, board):
        ada = held.apps["Ada"].told
        await until(lambda: control.status().people)
        control.give(SendNudge(("Bob",), Nudge("not for Ada")))
        control.give(SendNudge(("Ada", "Bob"), Nudge("for both")))
        control.give(SetPause(Pause(on=True)))
        await until(lambda: Pause(on=True) in ada)
        control.give(SetPace(Pace(1)))
        await until(lambda: Pace(1) in ada)
    assert [one for one in ada if not isinstance(one, Nudge)] == [Pause(on=True), Pace(1)]
    assert [one.text for one in ada if isinstance(one, Nudge)] == ["for both"]
    assert control.status().pause.on


async def test_who_comes_later_hears_of_what_lasts_alone(tmp_path: Path, board: SqliteBoard) -> None:
    for order in (SetPace(Pace(1)), SendNudge(("Ada",), Nudge("long ago")), EndClass(), SetPace(Pace(2))):
        board.post("order", encode(order))
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: held.live.pace == Pace(2))
        assert not held.live.ended.is_set()
        assert not [one for one in held.apps["Ada"].told if isinstance(one, Nudge)]


async def test_what_is_no_order_holds_nothing_up(tmp_path: Path, board: SqliteBoard) -> None:
    for text in ("", "[]", '{"order": "Nothing", "data": {}}', '{"order": "SetPace", "data": {"pace": 1}}'):
        board.post("order", text)
    board.post("order", "[" * 100_000)
    board.post("order", encode(SetPace(Pace(3))))
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: held.live.pace == Pace(3))


async def test_a_learner_is_there_until_their_server_says_nothing_more(
    tmp_path: Path, board: SqliteBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = BoardControl(board, title="A class", joining="")
    async with holding(tmp_path) as held, obeying(held, board):
        await until(lambda: control.status().people)
    (person,) = control.status().people
    assert (person.name, person.connected) == ("Ada", True)
    monkeypatch.setattr(orders, "_LOST_SECONDS", 0.0)
    control = BoardControl(board, title="A class", joining="")
    assert not control.status().people[0].connected


@pytest.mark.parametrize("order", [SetDemo(on=True), Watch("Ada")])
def test_what_cannot_be_done_here_is_said(board: SqliteBoard, order: Order) -> None:
    with pytest.raises(WorkshopError, match="one machine alone"):
        BoardControl(board, title="A class", joining="").give(order)


def test_a_board_that_cannot_be_had_is_the_rooms_trouble(tmp_path: Path) -> None:
    control = BoardControl(SqliteBoard(tmp_path / "missing/board.sqlite3"), title="A class", joining="")
    assert "missing" in control.status().trouble
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
    status = BoardControl(board, title="A class", joining="").status()
    assert [person.name for person in status.people] == ["ada", "bob"]
    assert not status.trouble
