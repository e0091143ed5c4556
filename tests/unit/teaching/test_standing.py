"""The standing of a class: each learner's place, and who needs help."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from runner.content import LABS
from runner.errors import WorkshopError
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.record.event import (
    Alive,
    CheckPassed,
    CheckTried,
    EngineBack,
    EngineTrouble,
    HelpAsked,
    HelpSettled,
    LabFinished,
    LabOpened,
    StepEntered,
    Trial,
)
from runner.record.notice import Nudge, Pace, Pause
from runner.record.sqlite.store import SqliteStore
from runner.teaching.control import ClassStatus, Person, Remove, SendNudge, SetPace, SetPause, Watch
from runner.teaching.needs import IDLE_SECONDS, NeedKind
from runner.teaching.rehearsal import Rehearsal
from runner.teaching.standing import LONGEST_GAP, Standing
from tests.unit.teaching.classes import Past

FAILED = CheckTried("one", Trial.FAILED, "exit status 0")
USUAL = 100.0


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    whole = read_workshop(LABS / "seccomp").workshop
    return replace(whole, labs=whole.labs[:5])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "class.sqlite3")) as store:
        yield store


class Class:
    """Three learners have taken 100 seconds for the first step; `late` came after them."""

    def __init__(self, workshop: Workshop, store: SqliteStore) -> None:
        self.now = 1000.0
        self.store = store
        self.past = Past(workshop, start=self.now)
        self.lab = workshop.labs[0]
        self.step, self.following = self.lab.steps[0], self.lab.steps[1]
        self.standing = Standing(store, workshop, clock=lambda: self.now)
        self.status = ClassStatus("A class", people=tuple(map(Person, ("a", "b", "c", "late"))))
        for learner in "abc":
            self.begin(learner)
            self.at(learner, *(CheckPassed(check.id) for check in self.step.checks), after=USUAL)
            self.past.add(learner, f"{self.lab.id}/{self.following.id}", StepEntered())
        self.begin("late")

    def begin(self, learner: str) -> None:
        self.past.add(learner, self.lab.id, LabOpened())
        self.at(learner, StepEntered())

    def at(self, learner: str, *happenings, after: float = 0.0) -> None:
        self.past.add(learner, f"{self.lab.id}/{self.step.id}", *happenings, after=after)

    def need(self, learner: str, now: float):
        """A learner's need so many seconds after the beginning."""
        self.store.append(*self.past.events)
        self.past.events.clear()
        self.now = 1000.0 + now
        self.standing.refresh(self.status)
        return self.standing.seat(learner).need


@pytest.fixture
def group(workshop, store) -> Class:
    return Class(workshop, store)


def test_slow_is_not_stuck_and_neither_is_a_failed_try(group):
    """It takes both: over twice the median, and a try that failed."""
    assert group.need("late", 2.5 * USUAL).kind is NeedKind.NONE
    group.at("late", FAILED, after=10)
    assert group.need("late", 1.5 * USUAL).kind is NeedKind.NONE
    found = group.need("late", 2.5 * USUAL)
    assert (found.kind, found.why) == (NeedKind.STUCK, "one: exit status 0")


def test_a_learner_who_has_passed_since_is_not_stuck(group):
    group.at("late", FAILED, CheckPassed("one"), after=10)
    assert group.need("late", 2.5 * USUAL).kind is NeedKind.NONE


def test_an_idle_learner_is_stuck_too(group):
    """Signs of life are no deeds."""
    group.past.add("late", group.lab.id, Alive(), after=IDLE_SECONDS)
    found = group.need("late", IDLE_SECONDS + 61)
    assert (found.kind, found.why) == (NeedKind.IDLE, "nothing for 6 min")


def test_a_pause_makes_nobody_idle(group):
    group.status = ClassStatus("A class", people=group.status.people, pause=Pause(on=True))
    assert group.need("late", 2000).kind is NeedKind.NONE
    group.status = ClassStatus("A class", people=group.status.people)
    assert group.need("late", 2001).kind is NeedKind.NONE, "the pause has just ended"
    for seconds in range(2001, 2001 + int(IDLE_SECONDS), int(LONGEST_GAP)):
        group.need("late", seconds)
    assert group.need("late", 2001 + IDLE_SECONDS + 1).kind is NeedKind.IDLE


@pytest.mark.parametrize("leap", [3600, -900])
def test_a_machine_that_slept_and_a_clock_that_was_set_make_nobody_idle(group, leap):
    for seconds in range(0, 240, 60):
        assert group.need("late", seconds).kind is NeedKind.NONE
    assert group.need("late", 180 + leap).kind is NeedKind.NONE
    for seconds in range(180, 180 + int(IDLE_SECONDS), 60):
        assert group.need("late", seconds + leap).kind is NeedKind.NONE


@pytest.mark.parametrize("way_out", [EngineBack(), LabOpened(), CheckPassed("check")])
def test_trouble_is_over_once_there_is_an_engine_again(group, way_out):
    group.at("b", EngineTrouble("it hangs", lost=True), after=1)
    assert group.need("b", 2).kind is NeedKind.TROUBLE
    group.at("b", way_out, after=1)
    assert group.need("b", 4).kind is NeedKind.NONE


def test_a_learner_who_asks_comes_first(group):
    group.at("late", FAILED, after=300)
    group.at("b", EngineTrouble("it hangs"), after=1)
    group.at("a", HelpAsked("on one"), after=1)
    group.status = ClassStatus("A class", people=(*group.status.people, Person("gone", connected=False)))
    group.need("late", 310)
    order = [(seat.name, seat.need.kind) for seat in group.standing.seats]
    assert order == [
        ("a", NeedKind.HELP),
        ("b", NeedKind.TROUBLE),
        ("late", NeedKind.STUCK),
        ("gone", NeedKind.AWAY),
        ("c", NeedKind.NONE),
    ]
    assert group.standing.needing == 3
    group.at("a", HelpSettled())
    assert group.need("a", 311).kind is NeedKind.NONE


def test_a_machine_in_trouble(group):
    group.status = ClassStatus("A class", people=(Person("late", trouble="the disk is full"),))
    assert group.need("late", 1).why == "the disk is full"


def test_a_learner_who_finished_the_open_labs_is_done(group):
    group.past.add("a", group.lab.id, LabFinished())
    assert group.need("a", 200).kind is not NeedKind.DONE
    group.status = ClassStatus("A class", people=group.status.people, pace=Pace(1))
    assert group.need("a", 200).kind is NeedKind.DONE


def test_where_the_class_is(group):
    group.need("a", 200)
    assert group.standing.middle.place[2] == group.following.id
    assert set(group.standing.at(group.standing.middle)) == {"a", "b", "c"}


def test_a_deleted_learner_disappears(group):
    group.need("a", 200)
    group.store.delete("a")
    group.standing.drop_forgotten()
    group.status = ClassStatus("A class")
    group.need("b", 201)
    assert {seat.name for seat in group.standing.seats} == {"b", "c", "late"}


def test_what_a_learner_has_done_since_is_all_that_is_left_of_them(group):
    """They had their record deleted, and went on at once."""
    group.at("a", *(FAILED,) * 3)
    group.need("a", 200)
    assert group.standing.seat("a").way.events > 1
    group.store.delete("a")
    group.past.add("a", group.lab.id, LabOpened())
    group.need("a", 201)
    group.standing.drop_forgotten()
    group.need("a", 202)
    assert (group.standing.seat("a").way.events, group.standing.seat("a").way.steps) == (1, {})
    (theirs,) = (one for one in group.standing.report().learners if one.name == "a")
    assert not theirs.visits


def test_a_file_that_was_replaced_is_read_from_its_beginning(group, tmp_path):
    """Its events have new places: only a part of a damaged one could be read."""
    group.need("a", 200)
    kept = [event for _, event in group.store.after(0)][-4:]
    group.store.close()
    for file in tmp_path.glob("class.sqlite3*"):
        file.unlink()
    group.store.append(*kept)
    group.standing.drop_forgotten()
    group.at("b", FAILED)
    group.need("b", 201)
    assert sum(way.events for way in group.standing.ways.values()) == len(kept) + 1


def test_a_store_that_cannot_be_read_forgets_nobody(group, monkeypatch):
    group.need("a", 200)
    monkeypatch.setattr(group.store, "learners", dict)
    monkeypatch.setattr(type(group.store), "trouble", "locked")
    group.standing.drop_forgotten()
    assert len(group.standing.ways) == 4


def test_impossible_claims_do_no_harm(group):
    """A learner may say what they like of themselves: other workshops, steps without end, checks that there are not."""
    claims = Past("another workshop")
    for number in range(3000):
        claims.add("liar", f"lab/{number}", StepEntered(), CheckTried("x", Trial.FAILED, str(number)))
    claims.add("liar", "lab/1", *(CheckTried(str(number), Trial.FAILED, "x") for number in range(500)))
    claims.add("liar", "lab/1", *(CheckPassed(str(number)) for number in range(500)))
    group.store.append(*claims.events)
    assert group.need("liar", 10).kind is NeedKind.AWAY
    assert group.standing.seat("liar").step is None
    way = group.standing.ways["liar"]
    assert len(way.steps) <= 2000
    assert len(way.steps["another workshop", "lab", "1"].failures) <= 201
    assert "liar" in {learner.name for learner in group.standing.report().learners}


# The rehearsal.


class Rehearsed:
    def __init__(self, workshop: Workshop, store: SqliteStore) -> None:
        self.now = 1000.0
        self.control = Rehearsal(workshop, store, real=lambda: self.now)
        self.standing = Standing(store, workshop, clock=self.control.clock)

    def pass_by(self, minutes: float) -> None:
        for _ in range(int(minutes * 6)):
            self.now += 10
            self.control.go_on()
        self.standing.refresh(self.control.status())


@pytest.fixture
def rehearsed(workshop, store) -> Rehearsed:
    return Rehearsed(workshop, store)


def test_a_rehearsal_has_the_events_of_a_class(rehearsed):
    """Within three hours a learner is stuck, one asks, one loses the connection; and all finish."""
    seen = set()
    for _ in range(180):
        rehearsed.pass_by(1)
        seen |= {seat.need.kind for seat in rehearsed.standing.seats}
    assert len(rehearsed.standing.seats) == 30
    assert seen == set(NeedKind)
    report = rehearsed.standing.report()
    assert all(figures.median_seconds for figures in report.steps[:10])
    assert report.failures


def test_following_gives_the_same_as_reading_at_once(rehearsed, workshop, store):
    """The figures that are kept up event by event are those of all events together."""
    for _ in range(40):
        rehearsed.pass_by(1)
    afresh = Standing(store, workshop, clock=rehearsed.control.clock)
    afresh.refresh(rehearsed.control.status())
    assert rehearsed.standing._medians == afresh._medians
    assert rehearsed.standing.seats == afresh.seats


def test_a_rehearsals_learners_heed_the_instructor(rehearsed):
    rehearsed.control.give(SetPace(Pace(1)))
    rehearsed.pass_by(60)
    assert {seat.step.lab_number for seat in rehearsed.standing.seats} == {1}
    rehearsed.control.give(SetPace(Pace(2)))
    rehearsed.pass_by(5)
    assert 2 in {seat.step.lab_number for seat in rehearsed.standing.seats}
    rehearsed.control.give(SetPause(Pause(on=True)))
    rehearsed.pass_by(1)
    before = rehearsed.standing._place
    rehearsed.pass_by(20)
    assert rehearsed.standing._place == before
    rehearsed.control.give(SetPause(Pause(on=False)))
    rehearsed.pass_by(5)
    assert rehearsed.standing._place > before


def test_a_nudge_helps(rehearsed):
    while not (stuck := [one for one in rehearsed.standing.seats if one.need.kind <= NeedKind.STUCK]):
        rehearsed.pass_by(1)
    names = tuple(seat.name for seat in stuck)
    rehearsed.control.give(SendNudge(names, Nudge(hint=True)))
    rehearsed.pass_by(15)
    before = {seat.name: seat.done for seat in stuck}
    assert all(rehearsed.standing.seat(name).done > before[name] for name in names)


def test_a_rehearsal_says_what_cannot_be_done(rehearsed):
    rehearsed.pass_by(5)
    shy = next(person.name for person in rehearsed.control.status().people if not person.mirror)
    willing = next(person.name for person in rehearsed.control.status().people if person.mirror)
    with pytest.raises(WorkshopError, match="has not agreed"):
        rehearsed.control.give(Watch(shy))
    with pytest.raises(WorkshopError, match="not in the class"):
        rehearsed.control.give(SendNudge(("nobody",), Nudge("x")))
    rehearsed.control.give(Watch(willing))
    assert rehearsed.control.mirrored().rows
    rehearsed.control.give(Remove(willing))
    assert willing not in {person.name for person in rehearsed.control.status().people}
    assert (rehearsed.control.status().watching, rehearsed.control.mirrored()) == ("", None)
