"""A member can come again; a removed one has no part in the class, even if a door still knows them."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from runner.box.resources import CHANNEL
from runner.classroom.limits.allowance import Allowance
from runner.classroom.live.starts import Starts
from runner.errors import EngineError, WorkshopError
from runner.record import wire
from runner.record.notice import Welcome
from runner.terminal.size import Size
from tests.unit.classroom.live_class import CODE, DeafDoor, FakeDoor, holding
from tests.waiting import until

SIZE = Size(80, 24)


class Lines:
    """An app that sends a line so many times, and keeps the notices it gets in `written`."""

    unread = 0

    def __init__(self, many: int, said: bytes = b"{}\n") -> None:
        self._left, self._said, self.closed = many, said, False
        self.written: list[bytes] = []
        self._last: asyncio.Event | None = None

    def pause_before_last(self) -> asyncio.Event:
        """Say the last line once the event that is returned is set."""
        self._last = asyncio.Event()
        return self._last

    async def read(self) -> bytes:
        self._left -= 1
        if self._left == 0 and self._last is not None:
            await self._last.wait()
        return b"" if self._left < 0 else self._said

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True


async def test_a_removed_learner_cannot_reach_the_new_owner_of_their_number(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        await held.live.remove(held.bob, "")
        eve, _ = held.live.roll.enter("Bob", CODE)
        assert (eve.number, eve.name) == (held.bob.number, held.bob.name)
        held.terminal(held.ada.number)
        with pytest.raises(WorkshopError, match="not in this class"):
            await held.live.sit(held.bob, FakeDoor(), SIZE)
        line = Lines(3)
        await held.live.hear(held.bob, line)
        assert line.closed
        held.live.came(held.bob, "ssh")
        place = held.live.place(eve)
        assert (place.terminal, place.app, place.door, place.message) == (None, None, "", "")


async def test_only_a_learner_by_ssh_is_shown_their_word(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        roll = held.live.roll
        for learner, door, word in (
            (held.ada, "ssh", held.ada.word),
            (held.bob, "browser", ""),
            (roll.instructor, "ssh", ""),
        ):
            held.live.came(learner, door)
            line = Lines(1, wire.encode(wire.Hello("record")))
            await held.live.hear(learner, line)
            (welcome,) = [one for one in map(wire.decode_notice, line.written) if isinstance(one, Welcome)]
            assert welcome.word == word, door


async def test_the_instructors_app_is_no_learners_of_that_name(tmp_path: Path) -> None:
    """Also where a list of people that an earlier version wrote has a learner of the instructor's name."""
    async with holding(tmp_path) as held:
        instructor = replace(held.live.roll.instructor, name=held.ada.name)
        held.live.roll.instructor = instructor
        held.live.came(held.ada, "ssh")
        hello = wire.encode(wire.Hello("record"))
        talking = Lines(2, hello)
        go_on = talking.pause_before_last()
        hearing = asyncio.create_task(held.live.hear(held.ada, talking))
        await until(lambda: talking.written)
        theirs = Lines(1, hello)
        await held.live.hear(instructor, theirs)
        (welcome,) = [one for one in map(wire.decode_notice, theirs.written) if isinstance(one, Welcome)]
        assert welcome.word == ""
        assert "Ada" in held.live._intake._records, "the learner's own hello counts still"
        go_on.set()
        await hearing


async def test_a_box_that_opens_too_late_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "2").mkdir()
    async with holding(tmp_path) as held:
        sitting = asyncio.create_task(held.live.sit(held.bob, FakeDoor(), SIZE))
        await held.boxes.asked.wait()
        await held.live.remove(held.bob, "wrong room")
        outer, inner = socket.socketpair()
        held.boxes.opened.set_result(outer.detach())
        with pytest.raises(WorkshopError, match="wrong room"):
            await sitting
        assert inner.recv(1) == b"", "it is closed"
        inner.close()


async def test_a_removed_learner_sees_why_even_beside_a_stuck_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.classroom.live.live_class._FAREWELL_SECONDS", 0.01)
    async with holding(tmp_path) as held:
        doors = {held.ada: FakeDoor(), held.bob: DeafDoor()}
        for learner, door in doors.items():
            inner = held.terminal(learner.number)
            await held.live.sit(learner, door, SIZE)
            await held.live.remove(learner, "wrong room")
            assert inner.recv(1) == b""
            assert -learner.number in held.boxes.painted
        assert "wrong room" in doors[held.ada].left
        assert doors[held.bob].dropped


async def test_all_connections_of_a_learner_have_one_allowance_of_lines(tmp_path: Path) -> None:
    class Counted(Allowance):
        taken = 0

        async def take(self, amount: float = 1.0) -> None:  # noqa: ARG002 - as the other one
            self.taken += 1

    async with holding(tmp_path) as held:
        allowance = held.live.place(held.ada).lines = Counted(1, 1)
        for many in (2, 3):
            await held.live.hear(held.ada, Lines(many))
        assert allowance.taken == 5


async def test_a_learner_removed_while_they_wait_for_their_turn_gets_no_box(tmp_path: Path) -> None:
    """Another may have their number by then, and with it the socket of the box's app."""
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
    async with holding(tmp_path) as held:
        held.live._starts = Starts(1)
        first = asyncio.create_task(held.live.sit(held.ada, FakeDoor(), SIZE))
        await held.boxes.asked.wait()
        waiting = asyncio.create_task(held.live.sit(held.bob, FakeDoor(), SIZE))
        await until(held.live.place(held.bob).lock.locked)
        await held.live.remove(held.bob, "")
        eve, _ = held.live.roll.enter("Eve", CODE)
        assert eve.number == held.bob.number
        held.boxes.opened.set_exception(EngineError("no room"))
        with pytest.raises(WorkshopError, match="no room"):
            await first
        with pytest.raises(WorkshopError, match="not in this class any more"):
            await waiting
        assert not (tmp_path / "2" / CHANNEL).exists()
        server = held.live.place(held.ada).server
        assert server is not None
        server.close()


async def test_what_an_app_says_cannot_act_on_the_instructors_terminal(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        await held.live.hear(held.ada, Lines(1, b'{"version": "\\u001b[2J"}\n'))
        trouble = held.live.place(held.ada).trouble
        assert "version" in trouble
        assert "\x1b" not in trouble
