"""The instructor's orders are carried out, or the reason for a failure is given."""

from pathlib import Path

import pytest

from runner.box.resources import SEATS
from runner.record.notice import Demo, DemoFrame, Helped, Nudge, Pace, Pause, Watched
from runner.record.sqlite.store import SqliteStore
from runner.teaching.control import (
    EndClass,
    Remove,
    SendNudge,
    SetDemo,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
)
from tests.unit.classroom.live_class import holding
from tests.waiting import until


async def test_orders_reach_everybody_and_late_arrivals(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        for order in (SetPace(Pace(2)), SetPause(Pause(on=True, text="Tea"))):
            assert await held.trouble(order) == ""
        assert held.apps["Ada"].told == held.apps["Bob"].told == [Pace(2), Pause(on=True, text="Tea")]
        assert held.live.standing(held.ada) == (Pace(2), Pause(on=True, text="Tea"))
        status = held.desk.status()
        assert (status.pace, status.pause.on, [person.name for person in status.people]) == (
            Pace(2),
            True,
            ["Ada", "Bob"],
        )
        assert await held.trouble(SendNudge(("Bob",), Nudge("Look"))) == ""
        assert held.apps["Bob"].told[-1] == Nudge("Look")
        assert await held.trouble(SettleHelp("Ada")) == ""
        assert held.apps["Ada"].told[-1] == Helped()
        assert held.apps["Bob"].told[-1] == Nudge("Look")
        held.live.place(held.bob).app = None
        assert "not there, so not told: Bob" in await held.trouble(
            SendNudge(("Ada", "Bob"), Nudge(hint=True))
        )
        assert held.apps["Ada"].told[-1] == Nudge(hint=True)
        to_all = SendNudge(("Eve", "Ada"), Nudge("Tea"))
        assert "not there, so not told: Eve" in await held.trouble(to_all), "they have left meanwhile"
        assert held.apps["Ada"].told[-1] == Nudge("Tea")
        assert [event.happening.kind for event in held.store.events("Ada")] == ["help-settled"]
        await held.desk.do(EndClass("Bye"))
        assert held.live.ended.is_set()


async def test_only_a_learner_who_agreed_and_is_told_is_watched(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        screen = held.terminal(1)
        assert "not agreed" in await held.trouble(Watch("Bob"))
        assert "Eve is not in the class" in await held.trouble(Watch("Eve"))
        app, held.live.place(held.ada).app = held.live.place(held.ada).app, None
        assert "could not be told" in await held.trouble(Watch("Ada"))
        held.live.place(held.ada).app = app

        await held.desk.do(Watch("Ada"))
        assert held.apps["Ada"].told == [Watched(on=True)]
        assert held.boxes.painted == [1], "what is there already is painted again"
        screen.send(b"\x1b[31mred\x1b]52;c;ZXZpbA==\x07")
        await until(lambda: held.desk.picture and held.desk.picture.rows[0].runs)
        assert held.desk.picture is not None
        assert held.desk.picture.rows[0].runs[0].text == "red", "rows of text, and no escape sequence"
        assert held.desk.status().watching == "Ada"

        held.live.roll.set_mirror(held.ada, mirror=False)
        await until(lambda: not held.desk.status().watching)
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


async def test_a_record_that_cannot_be_written_is_told_in_words_for_the_instructor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = "/class/class.sqlite3: database or disk is full"
    monkeypatch.setattr(SqliteStore, "trouble", property(lambda _: full))
    async with holding(tmp_path) as held:
        told = "the record cannot be written, what happens waits in memory: database or disk is full"
        assert held.desk.status().trouble == told


async def test_a_removed_learner_leaves_nothing_for_the_next_one(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        await held.desk.do(Remove("Bob", "wrong room"))
        assert [learner.name for learner in held.live.roll.people] == ["Ada"]
        assert held.apps["Bob"].told == ["closed"]
        assert -held.bob.number in held.boxes.painted, "what they kept is deleted"
        assert held.live.place(held.bob).message == "", "the next one with this seat is somebody else"


async def test_a_failure_of_the_machine_is_reported_and_ends_no_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with holding(tmp_path) as held:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(held.live, "note", full)
        assert "No space left" in await held.trouble(SettleHelp("Ada"))
        monkeypatch.setattr("runner.classroom.live.roll.replace_bytes", full)
        assert "No space left" in await held.trouble(Remove("Bob"))
        assert held.live.roll.has(held.bob), "they are in the class, as the file says"
        assert held.apps["Bob"].told == []
