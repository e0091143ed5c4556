"""The event log on disk."""

import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.learner.progress.journal import Journal
from runner.record.event import CheckPassed, CheckTried, Trial, Unknown
from runner.record.sqlite.rows import VERSION
from runner.record.sqlite.store import SqliteStore
from runner.record.store import Received
from tests.fakes import wait_until
from tests.unit.record.sqlite.logs import connected, event, opened, perishable


def test_how_far_a_record_has_come_in_is_written_at_the_end_too(path):
    store = opened(path)
    store.append(event())
    other = connected(path)
    other.execute("BEGIN IMMEDIATE")
    store.append(received=Received("me", "r", 7))
    assert store.trouble
    other.execute("ROLLBACK")
    store.close()
    assert opened(path).received("me", "r") == 7


def test_events_come_back_in_their_order(path):
    first = opened(path)
    written = [event(number) for number in range(20)]
    for one in written:
        first.append(one)
    first.close()
    assert list(opened(path).events("me")) == written


def test_each_learner_has_events_of_their_own(path):
    log = opened(path)
    log.append(event(1, "me"))
    log.append(event(2, "you"))
    assert [one.time for one in log.events("you")] == [2]


def test_an_unknown_version_is_a_clear_error(path):
    """A log of a newer program is neither read nor written."""
    opened(path).append(event())
    with closing(connected(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(UsageError, match=f"version {VERSION + 1}"):
        opened(path).events("me")


def test_a_damaged_line_does_not_hide_the_others(path):
    opened(path).append(event(1))
    with closing(connected(path)) as connection:
        connection.execute("UPDATE event SET data = '{'")
    log = opened(path)
    log.append(event(2))
    assert [one.happening for one in log.events("me")] == [Unknown("passed", {}), CheckPassed("2")]


def test_a_locked_log_is_written_later(path):
    """While another process holds the file, events stay in memory; they are written as soon as it is free."""
    log = opened(path)
    log.append(event(1))
    holder = connected(path)
    holder.execute("BEGIN IMMEDIATE")
    log.append(event(2))
    assert "locked" in log.trouble
    assert [one.time for one in log.events("me")] == [1, 2]
    holder.execute("COMMIT")
    assert wait_until(lambda: [one.time for one in opened(path).events("me")] == [1, 2])
    assert wait_until(lambda: not log.trouble)
    log.append(event(3))
    assert [one.time for one in opened(path).events("me")] == [1, 2, 3]


def test_a_log_of_another_version_is_tried_again_without_a_word(path, monkeypatch):
    """Another program's change of the version ends no thread; a caller that appends gets the error."""
    monkeypatch.setattr("runner.record.sqlite.store.RETRY_SECONDS", 0.01)
    log = opened(path)
    log.append(event(1))
    holder = connected(path)
    holder.execute("BEGIN IMMEDIATE")
    log.append(event(2))
    # Not during a try, which could still write by the connection that it has opened before.
    with log._lock:
        holder.execute(f"PRAGMA user_version = {VERSION + 1}")
        holder.execute("COMMIT")
    with pytest.raises(UsageError, match=f"version {VERSION + 1}"):
        log.append()
    holder.execute(f"PRAGMA user_version = {VERSION}")
    assert wait_until(lambda: not log.unwritten)


def test_a_full_disk_loses_nothing(path):
    """SQLite's own limit on pages is what a full disk looks like to it."""
    log = opened(path)
    log.append(event(1))
    connection = log._open()  # no other way to have this connection's file end
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    number = 1
    while not (trouble := log.trouble):
        number += 1
        log.append(event(number))
        assert number < 10_000
    assert "full" in trouble
    assert [one.time for one in log.events("me")] == list(range(1, number + 1))


def test_a_file_that_nothing_can_be_written_beside_is_read_all_the_same(path):
    """As on a full disk: SQLite wants a file for its next write even when it only reads."""
    log = opened(path)
    log.append(event(1))
    log.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).mkdir()
    log = opened(path)
    assert [one.time for one in log.events("me")] == [1]
    assert log.trouble
    log.append(event(2))
    assert [one.time for one in log.events("me")] == [1, 2]
    assert log.unwritten == 1


def test_events_unreadable_at_first_count_once_readable(path):
    journal = Journal(opened(path), "me")
    journal.record(CheckPassed("before"), "w", "l", "s")
    journal.close()
    holder = connected(path)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    journal = Journal(opened(path), "me")
    assert "locked" in journal.trouble
    holder.execute("COMMIT")
    holder.close()
    journal.record(CheckPassed("now"), "w", "l", "s")
    assert journal.lab("w", "l").passed == {"before", "now"}


def test_progress_waits_for_the_disk_and_a_failed_try_does_not(path, monkeypatch):
    connections = []

    def connect(*arguments, **options):
        connections.append(sqlite3.Connection(*arguments, **options))
        return connections[-1]

    monkeypatch.setattr(sqlite3, "connect", connect)
    log = opened(path)
    failed = replace(event(), happening=CheckTried("c", Trial.FAILED, "exit status 1"))
    waits = []
    for events in ([event(1)], [failed], [failed, event(2)]):
        log.append(*events)
        waits.append(connections[-1].execute("PRAGMA synchronous").fetchone()[0])
    full, normal = 2, 1
    assert waits == [full, normal, full]


def test_closing_writes_the_waiting_events(path):
    log = opened(path)
    log.append(event(1))
    holder = connected(path)
    holder.execute("BEGIN IMMEDIATE")
    log.append(event(2))
    assert log.unwritten == 1
    holder.execute("COMMIT")
    log.close()
    assert log.unwritten == 0
    assert [one.time for one in opened(path).events("me")] == [1, 2]


def _write_for_ever(path: Path, started: "multiprocessing.synchronize.Event") -> None:
    log = opened(path)
    number = 0
    while True:
        log.append(event(number))
        number += 1
        if number == 20:
            started.set()


def test_killed_while_writing(path):
    """After kill -9 every event that was written is there, whole and in order."""
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    writer = context.Process(target=_write_for_ever, args=(path, started))
    writer.start()
    assert started.wait(30)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    times = [one.time for one in opened(path).events("me")]
    assert len(times) >= 20
    assert times == list(range(len(times)))


def test_two_writers_at_once(path):
    """Two sessions write into one log, and none of their events gets lost."""
    one, other = opened(path), opened(path)
    for number in range(0, 40, 2):
        one.append(event(number))
        other.append(event(number + 1))
    assert not one.trouble
    assert not other.trouble
    assert [found.time for found in one.events("me")] == list(range(40))


def test_a_full_learner_costs_nothing_more(path):
    """Neither a search for what may go, nor a count: a class writes in its event loop."""
    log = opened(path, most=100)
    log.append(*map(event, range(101)))
    assert "me is full" in log.trouble
    seen: list[str] = []
    log._connection.set_trace_callback(seen.append)
    for number in range(5):
        log.append(event(number))
    assert not [statement for statement in seen if "event" in statement]
    assert len(log.events("me")) == 100


def test_events_deleted_by_another_program_make_room(path):
    log = opened(path, most=100)
    log.append(*map(event, range(101)))
    log.append(event(101))
    opened(path).delete("me")
    log.append(event(7))
    assert log.events("me") == (event(7),)
    assert not log.trouble


def test_what_is_rolled_back_is_not_counted(path, monkeypatch):
    """A try that fails as it ends is made again and again, and must not make a learner's record look full."""
    log = opened(path, most=100)
    log.append(*(perishable(number) for number in range(90)))
    prepared = log._prepare

    def prepare(connection: sqlite3.Connection) -> None:
        prepared(connection)
        # As a disk that is full when the transaction ends.
        connection.execute("CREATE TEMP TABLE missing (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TEMP TABLE late (id REFERENCES missing DEFERRABLE INITIALLY DEFERRED)")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(
            "CREATE TEMP TRIGGER fail AFTER INSERT ON event BEGIN INSERT INTO late VALUES (1); END"
        )

    monkeypatch.setattr(log, "_prepare", prepare)
    log._disconnect()
    for number in range(90, 94):
        log.append(perishable(number))
        assert "constraint" in log.trouble
    monkeypatch.setattr(log, "_prepare", prepared)
    log._disconnect()
    log.append(perishable(94))
    assert not log.trouble
    assert [one.time for one in log.events("me")] == list(range(95))


def test_a_change_by_another_program_is_noticed_once_and_ones_own_is_none(tmp_path):
    with closing(SqliteStore(tmp_path / "e")) as mine, closing(SqliteStore(tmp_path / "e")) as other:
        assert not mine.changed()
        mine.append(event())
        mine.changed()
        mine.append(event())
        assert not mine.changed()
        other.append(event())
        assert mine.changed()
        assert not mine.changed()
