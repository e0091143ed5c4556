"""A class's intake of its apps' lines."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import WorkshopError
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
from runner.record.notice import Notice, Welcome
from runner.record.sqlite.store import SqliteStore
from runner.record.wire import BadLineError, Hello, Ping, Sent, decode, encode

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


def take(intake: Intake, line: bytes, learner: str = "ada") -> tuple[Notice, ...]:
    """Have a line taken in as a channel brings it."""
    return intake.take(learner, decode(line, learner))


def test_events_are_the_channels_learners(intake, store):
    assert take(intake, encode(Hello("r"))) == (Welcome("hello ada", received=None),)
    assert take(intake, sent(1)) == ()
    assert store.events("ada") == (replace(TRIED, learner="ada"),)


def test_each_event_counts_once(intake, store):
    """After a lost connection an app sends again what it does not know to have arrived."""
    take(intake, encode(Hello("r")))
    for number in (1, 2, 2, 1, 3):
        take(intake, sent(number))
    intake.gone("ada")
    (welcome,) = take(intake, encode(Hello("r")))
    assert welcome.received == 3
    for number in (2, 3, 4):
        take(intake, sent(number))
    assert len(store.events("ada")) == 4


def test_a_restarted_class_knows_what_it_has(intake, store):
    take(intake, encode(Hello("r")))
    take(intake, sent(5))
    again = Intake(store, welcome=lambda _: Welcome("again"))
    assert take(again, encode(Hello("r")))[0].received == 5
    assert take(again, encode(Hello("another record")))[0].received is None


def test_an_event_needs_a_hello(intake, store):
    with pytest.raises(BadLineError, match="hello"):
        take(intake, sent(1))
    assert tuple(store.learners()) == ()


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
    take(intake, encode(Hello("r")))
    take(intake, sent(1, time=then))
    assert [one.time for one in store.events("ada")] == [when]


def test_a_clock_that_is_wrong_is_put_right(intake, store):
    """A learner's machine may be hours off; how much later one thing was than another stays."""
    take(intake, encode(Hello("r", NOW - 7200)))
    take(intake, sent(1, time=NOW - 7200 - 30))
    take(intake, encode(Ping("", NOW + 90)))
    take(intake, sent(2, time=NOW + 85))
    assert [one.time for one in store.events("ada")] == [NOW - 30, NOW - 5]


def test_stored_texts_hold_no_control_characters(intake, store):
    take(intake, encode(Hello("r")))
    take(intake, sent(1, happening=CheckTried("c\x1b[2J", Trial.FAILED, "\x1b]0;owned\x07" + "x" * 1000)))
    found = store.events("ada")[0].happening
    assert found.check == "c�[2J"
    assert found.observed.startswith("�]0;owned�xxx")
    assert len(found.observed) == 500
    take(intake, encode(Ping("disk \x1b full")))
    assert intake.troubles == {"ada": "disk � full"}


def test_notes_are_not_taken(intake, store):
    take(intake, encode(Hello("r")))
    with pytest.raises(BadLineError, match="theirs alone"):
        take(intake, sent(1, happening=NotesKept("secret")))
    assert tuple(store.learners()) == ()


@pytest.mark.parametrize("forged", [Joined("browser"), Gone("away")])
def test_events_that_only_the_class_writes_are_refused(intake, store, forged):
    take(intake, encode(Hello("r")))
    with pytest.raises(BadLineError, match="for the class to say"):
        take(intake, sent(1, happening=forged))
    assert tuple(store.learners()) == ()


def test_nothing_counts_twice_while_the_store_cannot_be_read(intake, store, monkeypatch):
    take(intake, encode(Hello("r")))
    take(intake, sent(7))
    intake.gone("ada")
    monkeypatch.setattr(store, "received", lambda *_: None)
    assert take(intake, encode(Hello("r")))[0].received == 7


def test_a_learner_who_asks_is_deleted(intake, store):
    for learner in ("ada", "bob"):
        take(intake, encode(Hello("r")), learner)
        take(intake, sent(1), learner)
    take(intake, sent(2, happening=ForgetAsked()))
    assert tuple(store.learners()) == ("bob",)
    take(intake, sent(3))
    assert len(store.events("ada")) == 1


def test_a_wish_to_be_forgotten_that_cannot_be_met_now_is_taken_when_it_comes_again(
    intake, store, monkeypatch
):
    def busy(_learner: str) -> int:
        raise WorkshopError("the record cannot be changed")

    take(intake, encode(Hello("r")))
    take(intake, sent(1))
    with monkeypatch.context() as patched:
        patched.setattr(store, "delete", busy)
        with pytest.raises(WorkshopError, match="cannot be changed"):
            take(intake, sent(2, happening=ForgetAsked()))
    (welcome,) = take(intake, encode(Hello("r")))
    assert welcome.received == 1
    take(intake, sent(2, happening=ForgetAsked()))
    assert tuple(store.learners()) == ()


def test_the_number_of_records_of_a_learner_is_bounded(intake, store, monkeypatch):
    monkeypatch.setattr("runner.record.intake.MOST_RECORDS", 2)
    for record in ("a", "b"):
        take(intake, encode(Hello(record)))
        take(intake, sent(1))
    take(intake, encode(Hello("c")))
    with pytest.raises(BadLineError, match="too many"):
        take(intake, sent(1))
    # Those that are known go on, and so do others.
    take(intake, encode(Hello("a")))
    take(intake, sent(2))
    take(intake, encode(Hello("c")), "bob")
    take(intake, sent(1), "bob")
    assert [len(store.events(learner)) for learner in ("ada", "bob")] == [3, 1]
    assert store.received("ada", "c") is None
    # Nor is there new room after a restart.
    again = Intake(store, welcome=Welcome, clock=lambda: NOW)
    take(again, encode(Hello("c")))
    with pytest.raises(BadLineError, match="too many"):
        take(again, sent(1))
    take(again, encode(Hello("b")))
    take(again, sent(2))
    assert len(store.events("ada")) == 4


def test_unknown_events_cannot_fill_a_record(intake, store):
    take(intake, encode(Hello("r")))
    for number, size in enumerate((10, LONGEST_UNKNOWN, 12_000), 1):
        take(intake, sent(number, happening=Unknown("later", {"text": "x" * size})))
    kept = [event.happening for event in store.events("ada")]
    assert kept == [Unknown("later", {"text": "x" * 10}), Unknown("later"), Unknown("later")]


@pytest.mark.parametrize("kind", ["noted", "joined", "gone"])
def test_a_damaged_event_is_judged_by_its_kind(intake, store, kind):
    """Without what does not belong there it would be one that is not taken."""
    damaged = Unknown(kind, {"text": 1, "door": 1, "reason": 1, "pad": "x" * LONGEST_UNKNOWN})
    take(intake, encode(Hello("r")))
    with pytest.raises(BadLineError):
        take(intake, sent(1, happening=damaged))
    assert tuple(store.learners()) == ()
