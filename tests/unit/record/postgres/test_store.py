"""Events in a database that others write to as well, and that does not always answer."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg
import pytest

from runner.errors import WorkshopError
from runner.record.event import CheckPassed, Event, StepEntered
from runner.record.postgres import follower as postgres_follower
from runner.record.postgres import store as postgres_store
from runner.record.postgres.rows import write_rows
from runner.record.postgres.schema import GATE
from runner.record.postgres.store import PostgresStore
from runner.record.reading import read_database
from runner.record.store import Received
from tests.fakes import wait_until
from tests.unit.record.database import Server, needs_server, running

pytestmark = needs_server

SECONDS = 60.0
_WAITING = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def event(number: int = 0, learner: str = "ada") -> Event:
    return Event(
        learner=learner, workshop="w", lab="l", step="s", time=number, happening=CheckPassed(str(number))
    )


def until(holds: Callable[[], object]) -> None:
    assert wait_until(lambda: bool(holds()), seconds=SECONDS)


@pytest.fixture(scope="module")
def running_server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def server(running_server: Server) -> Server:
    """One without any tables."""
    running_server.empty()
    return running_server


@pytest.fixture
def opened(server: Server) -> Iterator[Callable[..., PostgresStore]]:
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(
            closing(PostgresStore(server.url, **{"patience": SECONDS, **more}))
        )


def test_a_restart_in_mid_class_loses_and_doubles_nothing(server, opened):
    """It dies without writing anything down; what happens meanwhile is written once it is back."""
    writer, follower = opened(), opened()
    writer.append(event(1), received=Received("ada", "r", 1))
    ((place, first),) = follower.after(0)
    assert first == event(1)
    server.stop("immediate")
    try:
        writer.append(event(2), received=Received("ada", "r", 2))
        assert "the database" in writer.trouble
        until(lambda: follower.after(place) or "the database" in follower.trouble)
        # Nobody waits for a database that is known not to answer.
        writer.append(event(3), received=Received("ada", "r", 3))
        assert writer.unwritten == 2
        assert writer.received("ada", "r") == 3
        assert tuple(writer.learners()) == ("ada",)
    finally:
        server.start()
    seen: list[tuple[int, Event]] = []
    until(lambda: seen.extend(follower.after(seen[-1][0] if seen else place)) or len(seen) == 2)
    assert [one for _, one in seen] == [event(2), event(3)]
    assert not writer.trouble
    assert writer.unwritten == 0
    assert writer.received("ada", "r") == 3


def test_an_event_that_the_database_has_already_is_not_written_again(opened):
    """Its answer may have been lost with the connection."""
    for store in (opened(), opened()):
        for number in (1, 2):
            store.append(event(number), received=Received("ada", "r", number))
    assert store.events("ada") == (event(1), event(2))


def test_a_follower_misses_nothing_of_many_who_write_at_once(opened):
    learners = [f"learner-{number}" for number in range(6)]
    stores = {learner: opened() for learner in learners}

    def write(learner: str) -> None:
        for number in range(30):
            stores[learner].append(event(number, learner))

    writers = [threading.Thread(target=write, args=(learner,)) for learner in learners]
    follower = opened()
    for writer in writers:
        writer.start()
    seen: list[tuple[int, Event]] = []
    until(lambda: seen.extend(follower.after(seen[-1][0] if seen else 0, 7)) or len(seen) == 180)
    for writer in writers:
        writer.join()
    places = [place for place, _ in seen]
    assert places == sorted(set(places))
    for learner in learners:
        assert [one.time for _, one in seen if one.learner == learner] == list(range(30))


def test_a_follower_waits_for_those_who_write(server, opened, monkeypatch):
    """Otherwise an event that is written first and committed last would stand before the follower's position."""
    # However long it takes until it is there.
    for module in (postgres_store, postgres_follower):
        monkeypatch.setattr(module, "LIMITS", "SELECT 1")
    writer, follower = opened(), opened()
    writer.append(event(0))
    assert tuple(follower.learners()) == ("ada",)
    with psycopg.connect(server.url) as slow, psycopg.connect(server.url, autocommit=True) as watching:
        slow.execute("SELECT pg_advisory_xact_lock_shared(%s)", (GATE,))
        write_rows(slow, [event(1)], None)
        writer.append(event(2))
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(follower.after, 0)
            until(lambda: seen.done() or watching.execute(_WAITING).fetchall())
            slow.commit()
        assert [one for _, one in seen.result()] == [event(0), event(1), event(2)]


def test_a_follower_is_told_of_what_is_new(opened, monkeypatch):
    """So that it need not look: what it saw when nothing was new counts until then."""
    monkeypatch.setattr(postgres_follower, "_POLL_SECONDS", float("inf"))
    follower, writer = opened(), opened()
    assert list(follower.after(0)) == []
    writer.append(event(1))
    until(lambda: follower.after(0))


def test_a_follower_who_lost_the_connection_looks_again(server, opened, monkeypatch):
    """What was written meanwhile is notified to nobody."""
    monkeypatch.setattr(postgres_follower, "_POLL_SECONDS", float("inf"))
    follower, writer = opened(), opened()
    assert list(follower.after(0)) == []
    server.stop("immediate")
    server.start()
    writer.append(event(1))
    until(lambda: not writer.unwritten)
    until(lambda: follower.after(0))


def test_waiting_events_are_written_at_the_end(server, opened):
    server.stop()
    store = PostgresStore(server.url)
    try:
        store.append(event(1))
        until(lambda: store.trouble)
        assert store.unwritten == 1
    finally:
        server.start()
    store.close()
    assert opened().events("ada") == (event(1),)


def test_a_learner_deleted_by_another_process_has_room_again(opened):
    store = opened(most=100)
    for number in range(101):
        store.append(Event(learner="ada", workshop="", lab="", step="", time=number, happening=StepEntered()))
    assert "ada is full" in store.trouble
    assert opened().delete("ada") == 100
    until(lambda: store.append(event(1)) or store.events("ada"))
    assert not store.trouble


def test_write_access_alone_is_enough(server, opened):
    opened().append(event(1))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE clerk LOGIN")
        connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON event, received TO clerk")
        connection.execute("GRANT SELECT ON workshop_record TO clerk")
    with closing(PostgresStore(server.url.replace("postgres@", "clerk@"), patience=SECONDS)) as store:
        store.append(event(2))
        assert store.events("ada") == (event(1), event(2))


def test_tables_of_another_version_are_reported_and_left_alone(server, opened):
    opened().append(event(1))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("UPDATE workshop_record SET version = 9")
    store = opened()
    assert store.events("ada") == ()
    assert "version 9" in store.trouble
    assert "update workshop" in store.trouble


def test_simultaneous_first_users_find_the_tables(opened):
    stores = [opened() for _ in range(6)]
    writers = [threading.Thread(target=store.append, args=(event(n),)) for n, store in enumerate(stores)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [store.trouble for store in stores] == [""] * 6
    assert sorted(one.time for one in stores[0].events("ada")) == list(range(6))


def test_a_record_in_a_database_is_read_as_one_in_a_file(server, opened):
    written = [event(number, learner) for number in range(3) for learner in ("ada", "bob\x1b[2J")]
    opened().append(*written)
    read = read_database(server.url)
    assert [one.time for one in read] == [one.time for one in written]
    assert {one.learner for one in read} == {"ada", "bob\ufffd[2J"}


def test_an_unreadable_database_is_reported():
    with pytest.raises(WorkshopError, match="the database"):
        read_database("postgresql://nobody@/nothing?host=/nowhere")


def test_deleting_a_learner_keeps_the_waiting_events_of_others(opened):
    store = opened(patience=0)
    with store.database.lock:
        # The writer waits for the lock, so all of it waits in memory.
        store.append(event(1), event(2, "bob"), received=Received("ada", "r", 1))
        store.append(event(3), received=Received("bob", "r", 1))
        assert store.delete("ada") == 2
    until(lambda: not store.unwritten and store.received("bob", "r") == 1)
    assert [(one.learner, one.time) for _, one in store.after(0)] == [("bob", 2)]
    assert store.received("ada", "r") is None


def test_the_newest_waiting_events_are_kept(monkeypatch):
    monkeypatch.setattr(postgres_store, "MOST_UNWRITTEN", 10)
    with closing(PostgresStore("postgresql://127.0.0.1:1/none", patience=0)) as store:
        for first in range(0, 40, 4):
            store.append(*(event(number) for number in range(first, first + 4)))
        assert [one.time for one in store.events("ada")] == list(range(32, 40))


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        (lambda store: len(store.events("ada")), 1),
        (lambda store: tuple(store.learners()), ("ada",)),
        (lambda store: store.records("ada"), 1),
    ],
    ids=["events", "learners", "records"],
)
def test_what_is_written_meanwhile_is_seen_once(monkeypatch, look, seen):
    """The writer goes on as soon as it may, between what is read in the database and what waits."""
    store = PostgresStore("postgresql://h/d")
    store._waiting = [postgres_store._Batch((event(),), Received("ada", "r", 1))]

    def write() -> None:
        if store.database.lock.acquire(blocking=False):
            store._waiting = []
            store.database.lock.release()

    def read(_action: object) -> list[object]:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        return []

    monkeypatch.setattr(store.database, "do", read)
    assert look(store) == seen


def test_a_writer_that_stumbles_says_so_and_goes_on(monkeypatch, caplog):
    faults, written = [RuntimeError("a fault")], []

    def insert(_connection: object, batches: list[object]) -> bool:
        if faults:
            raise faults.pop()
        written.extend(batches)
        return True

    monkeypatch.setattr(postgres_store, "RETRY_SECONDS", 0.01)
    store = PostgresStore("postgresql://h/d", patience=0)
    monkeypatch.setattr(store.database, "_open", lambda: None)
    monkeypatch.setattr(store, "_insert", insert)
    with closing(store):
        store.append(event())
        until(lambda: not store.unwritten)
        assert len(written) == 1
    assert "a fault" in caplog.text
