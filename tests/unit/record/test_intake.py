"""A class takes in what its learners' apps say."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from runner.record.event import (
    LONGEST_UNKNOWN,
    CheckTried,
    Event,
    ForgetAsked,
    Gone,
    Joined,
    NotesKept,
    Trial,
    Unknown,
)
from runner.record.intake import LONGEST_DELAY, Intake
from runner.record.notice import Welcome
from runner.record.sqlite import SqliteStore
from runner.record.wire import BadLineError, Hello, Ping, Sent, encode

NOW = 1_000_000.0
TRIED = Event(
    learner="", workshop="w", lab="l", step="s", time=NOW - 1, happening=CheckTried("c", Trial.FAILED)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "class.sqlite3")) as store:
        yield store


@pytest.fixture
def intake(store: SqliteStore) -> Intake:
    return Intake(store, welcome=lambda learner: Welcome(f"hello {learner}"), clock=lambda: NOW)


def sent(number: int, **changes: object) -> bytes:
    return encode(Sent(number, replace(TRIED, **changes)))


def test_events_are_the_channels_learners(intake, store):
    assert intake.take("ada", encode(Hello("r"))) == (Welcome("hello ada", received=None),)
    assert intake.take("ada", sent(1)) == ()
    assert store.events("ada") == (replace(TRIED, learner="ada"),)


def test_each_event_counts_once(intake, store):
    """After a lost connection an app sends again what it does not know to have arrived."""
    intake.take("ada", encode(Hello("r")))
    for number in (1, 2, 2, 1, 3):
        intake.take("ada", sent(number))
    intake.gone("ada")
    (welcome,) = intake.take("ada", encode(Hello("r")))
    assert welcome.received == 3
    for number in (2, 3, 4):
        intake.take("ada", sent(number))
    assert len(store.events("ada")) == 4


def test_a_restarted_class_knows_what_it_has(intake, store):
    intake.take("ada", encode(Hello("r")))
    intake.take("ada", sent(5))
    again = Intake(store, welcome=lambda _: Welcome("again"))
    assert again.take("ada", encode(Hello("r")))[0].received == 5
    assert again.take("ada", encode(Hello("another record")))[0].received is None


def test_an_event_needs_a_hello(intake, store):
    with pytest.raises(BadLineError, match="hello"):
        intake.take("ada", sent(1))
    assert store.learners() == ()


@pytest.mark.parametrize(
    ("then", "when"),
    [
        (NOW - 60, NOW - 60),
        (NOW + 50, NOW),
        (0.0, NOW),
        (NOW - LONGEST_DELAY - 1, NOW),
    ],
)
def test_times_that_cannot_be_are_put_right(intake, store, then, when):
    intake.take("ada", encode(Hello("r")))
    intake.take("ada", sent(1, time=then))
    assert [one.time for one in store.events("ada")] == [when]


def test_a_clock_that_is_wrong_is_put_right(intake, store):
    """A learner's machine may be hours off; how much later one thing was than another stays."""
    intake.take("ada", encode(Hello("r", NOW - 7200)))
    intake.take("ada", sent(1, time=NOW - 7200 - 30))
    intake.take("ada", encode(Ping("", NOW + 90)))
    intake.take("ada", sent(2, time=NOW + 85))
    assert [one.time for one in store.events("ada")] == [NOW - 30, NOW - 5]


def test_what_is_shown_later_holds_nothing_that_acts_on_a_terminal(intake, store):
    intake.take("ada", encode(Hello("r")))
    intake.take(
        "ada", sent(1, happening=CheckTried("c\x1b[2J", Trial.FAILED, "\x1b]0;owned\x07" + "x" * 1000))
    )
    found = store.events("ada")[0].happening
    assert found.check == "c�[2J"
    assert found.observed.startswith("�]0;owned�xxx")
    assert len(found.observed) == 500
    intake.take("ada", encode(Ping("disk \x1b full")))
    assert intake.troubles == {"ada": "disk � full"}


def test_notes_are_not_taken(intake, store):
    intake.take("ada", encode(Hello("r")))
    with pytest.raises(BadLineError, match="theirs alone"):
        intake.take("ada", sent(1, happening=NotesKept("secret")))
    assert store.learners() == ()


@pytest.mark.parametrize("forged", [Joined("browser"), Gone("away")])
def test_what_is_for_the_class_to_say_is_not_taken(intake, store, forged):
    intake.take("ada", encode(Hello("r")))
    with pytest.raises(BadLineError, match="for the class to say"):
        intake.take("ada", sent(1, happening=forged))
    assert store.learners() == ()


def test_nothing_counts_twice_while_the_store_cannot_be_read(intake, store, monkeypatch):
    intake.take("ada", encode(Hello("r")))
    intake.take("ada", sent(7))
    intake.gone("ada")
    monkeypatch.setattr(store, "received", lambda *_: None)
    assert intake.take("ada", encode(Hello("r")))[0].received == 7


def test_who_asks_for_it_is_forgotten(intake, store):
    for learner in ("ada", "bob"):
        intake.take(learner, encode(Hello("r")))
        intake.take(learner, sent(1))
    intake.take("ada", sent(2, happening=ForgetAsked()))
    assert store.learners() == ("bob",)
    intake.take("ada", sent(3))
    assert len(store.events("ada")) == 1


def test_what_cannot_be_understood_fills_no_record(intake, store):
    intake.take("ada", encode(Hello("r")))
    for number, size in enumerate((10, LONGEST_UNKNOWN, 12_000), 1):
        intake.take("ada", sent(number, happening=Unknown("later", {"text": "x" * size})))
    kept = [event.happening for event in store.events("ada")]
    assert kept == [Unknown("later", {"text": "x" * 10}), Unknown("later"), Unknown("later")]


@pytest.mark.parametrize("kind", ["noted", "joined", "gone"])
def test_a_damaged_event_is_judged_by_its_kind(intake, store, kind):
    """Without what does not belong there it would be one that is not taken."""
    damaged = Unknown(kind, {"text": 1, "door": 1, "reason": 1, "pad": "x" * LONGEST_UNKNOWN})
    intake.take("ada", encode(Hello("r")))
    with pytest.raises(BadLineError):
        intake.take("ada", sent(1, happening=damaged))
    assert store.learners() == ()
