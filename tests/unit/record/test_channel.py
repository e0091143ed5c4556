"""A learner's side of a class, over real sockets."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue

import pytest

from runner.errors import UsageError
from runner.record.channel import ClassChannel
from runner.record.event import CheckPassed, Event, ForgetAsked, NotesKept
from runner.record.intake import Intake
from runner.record.notice import Notice, Nudge, Welcome
from runner.record.sqlite.store import SqliteStore
from runner.record.wire import decode, encode_notice

SECONDS = 20.0


def passed(check: str) -> Event:
    return Event(learner="me", workshop="w", lab="l", step="s", time=1e9, happening=CheckPassed(check))


class FakeClass:
    """A class at a socket, which takes lines one after another and can hang up."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "class.sock"
        self.store = SqliteStore(folder / "class.sqlite3")
        self._line = None
        self.open()

    def open(self) -> None:
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.settimeout(SECONDS)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self.intake = Intake(self.store, welcome=lambda _: Welcome("A class"))

    def accept(self) -> None:
        if self._line is not None:
            self._file.close()
            self._line.close()
        self._line, _ = self._listener.accept()
        self._line.settimeout(SECONDS)
        self._file = self._line.makefile("rb")
        self.take()

    def take(self, lines: int = 1) -> None:
        for _ in range(lines):
            for notice in self.intake.take("ada", decode(self._file.readline(), "ada")):
                self.say(notice)

    def say(self, notice: Notice) -> None:
        self._line.sendall(encode_notice(notice))

    def hang_up(self) -> None:
        self._file.close()
        self._line.close()
        self._listener.close()

    @property
    def passed(self) -> list[str]:
        return [event.happening.check for event in self.store.events("ada")]


@pytest.fixture
def group(tmp_path: Path) -> Iterator[FakeClass]:
    group = FakeClass(tmp_path)
    yield group
    group.hang_up()
    group.store.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "progress.sqlite3")) as store:
        yield store


@pytest.fixture
def heard() -> Queue:
    return Queue()


@pytest.fixture
def channel(group: FakeClass, own: SqliteStore, heard: Queue) -> Iterator[ClassChannel]:
    own.append(passed("before the class"))
    channel = ClassChannel(group.path, own, "me", hear=heard.put, connected=heard.put)
    channel.start()
    group.accept()
    assert heard.get(timeout=SECONDS) is True
    assert heard.get(timeout=SECONDS) == Welcome("A class")
    yield channel
    channel.close()


def test_new_events_go_to_the_class(channel, group, own, heard):
    """No earlier events, no other learner's, and no notes."""
    own.append(passed("one"), Event(**{**_fields(passed("x")), "learner": "somebody else"}))
    own.append(Event(**{**_fields(passed("x")), "happening": NotesKept("secret")}), passed("two"))
    channel.wake()
    group.take(2)
    assert group.passed == ["one", "two"]
    group.say(Nudge("well done"))
    assert heard.get(timeout=SECONDS) == Nudge("well done")


def test_what_cannot_be_read_at_first_is_not_sent_later(group, own, heard, tmp_path):
    """Nobody knows then what was there before the class, and it is no business of the class's."""
    own.append(passed("before the class"))
    own.close()
    with closing(sqlite3.connect(tmp_path / "progress.sqlite3")) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        channel = ClassChannel(group.path, own, "me", hear=heard.put, connected=heard.put)
        channel.start()
        group.accept()
        assert heard.get(timeout=SECONDS) is False
        holder.rollback()
    group.accept()
    assert heard.get(timeout=SECONDS) is True
    own.append(passed("one"))
    channel.close()
    group.take()
    assert group.passed == ["one"]


def _fields(event: Event) -> dict:
    return {name: getattr(event, name) for name in Event.__dataclass_fields__}


def test_a_class_that_was_gone_gets_what_it_missed_and_nothing_twice(channel, group, own, heard):
    own.append(passed("one"))
    channel.wake()
    group.take()
    group.hang_up()
    assert heard.get(timeout=SECONDS) is False
    own.append(passed("two"))
    channel.wake()
    group.open()
    own.append(passed("three"))
    group.accept()
    group.take(2)
    assert group.passed == ["one", "two", "three"]
    assert heard.get(timeout=SECONDS) is True
    assert heard.get(timeout=SECONDS).received is not None


def test_unsent_events_are_sent_at_the_end(channel, group, own):
    own.append(passed("last"))
    channel.close()
    group.take()
    assert group.passed == ["last"]


def test_a_deleted_learner_is_deleted_in_the_class_too(channel, group, own):
    own.append(passed("one"))
    channel.wake()
    group.take()
    own.delete("me")
    own.append(Event(**{**_fields(passed("x")), "happening": ForgetAsked()}))
    channel.wake()
    group.take()
    assert tuple(group.store.learners()) == ()


def test_a_class_that_talks_nonsense_is_left(channel, group, heard):
    group._line.sendall(b"<html>\n")
    assert heard.get(timeout=SECONDS) is False
    group.accept()
    assert heard.get(timeout=SECONDS) is True


def test_a_class_that_is_not_there_holds_nothing_up(tmp_path, own):
    channel = ClassChannel(tmp_path / "none.sock", own, "me", hear=print, connected=print)
    channel.start()
    channel.wake()
    channel.close()
    assert not channel._thread.is_alive()


def test_a_record_of_another_version_ends_no_channel(channel, group, own, heard, monkeypatch):
    after, newer = own.after, [UsageError("the record has version 99")]

    def look(place: int, limit: int = 1000) -> object:
        if newer:
            raise newer.pop()
        return after(place, limit)

    monkeypatch.setattr(own, "after", look)
    own.append(passed("one"))
    channel.wake()
    assert heard.get(timeout=SECONDS) is False
    group.accept()
    group.take()
    assert group.passed == ["one"]
