"""A class's stores under 500 events a second, and the delay until a failed try is on the instructor's screen."""

import asyncio
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from runner.content import LABS
from runner.instructor.app import InstructorApp
from runner.instructor.board import BoardScreen
from runner.instructor.table import ClassTable
from runner.lab.read.workshop import read_workshop
from runner.record.event import CheckTried, Event, LabOpened, StepEntered, Trial
from runner.record.postgres.store import PostgresStore
from runner.record.sqlite.store import SqliteStore
from runner.record.store import EventStore
from runner.teaching.rehearsal import Rehearsal
from tests.unit.record.database import HAS_SERVER, running
from tools.bench.terminal import report

LEARNERS, RATE, SECONDS = 1000, 0.5, 20
"""The number of learners, the events a second of each, and the duration in seconds."""
FOLLOWERS = 3
TRIES = 30


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        _store("SQLite", lambda: SqliteStore(Path(folder, "class.sqlite3")))
        if HAS_SERVER:
            with running() as server:
                _store("PostgreSQL", lambda: PostgresStore(server.url, patience=60))
        else:
            print("PostgreSQL: not measured, since it is not installed")
        asyncio.run(_screen(Path(folder)))


def _store(name: str, opened: Callable[[], EventStore]) -> None:
    ended = threading.Event()
    followers = [threading.Thread(target=_follow, args=(opened, ended)) for _ in range(FOLLOWERS)]
    with closing(opened()) as store:
        store.append(_tried("l0"))
        for follower in followers:
            follower.start()
        taken = []
        began = time.perf_counter()
        for number in range(int(LEARNERS * RATE * SECONDS)):
            due = began + number / (LEARNERS * RATE)
            time.sleep(max(0.0, due - time.perf_counter()))
            before = time.perf_counter()
            store.append(_tried(f"l{number % LEARNERS}"))
            taken.append(1000 * (time.perf_counter() - before))
        whole = time.perf_counter() - began
        assert not store.trouble
    ended.set()
    for follower in followers:
        follower.join()
    taken.sort()
    detail = (
        f"{len(taken) / whole:.0f} events a second from {LEARNERS} learners, {FOLLOWERS} followers: "
        f"median {statistics.median(taken):.2f} ms, max {taken[-1]:.1f} ms"
    )
    report(f"{name}: an event is kept, p99", detail, taken[int(len(taken) * 0.99)], 10, "ms")


def _follow(opened: Callable[[], EventStore], ended: threading.Event) -> None:
    place = 0
    with closing(opened()) as store:
        while not ended.wait(0.25):
            if found := store.after(place):
                place = found[-1][0]


def _tried(learner: str, *, workshop: str = "w", lab: str = "l", step: str = "s") -> Event:
    happening = CheckTried("check", Trial.FAILED, "exit status 0")
    return Event(
        learner=learner, workshop=workshop, lab=lab, step=step, time=time.time(), happening=happening
    )


async def _screen(folder: Path) -> None:
    """Measure from writing an event to the row that shows it, in a class of 30."""
    workshop = read_workshop(LABS / "seccomp").workshop
    assert workshop is not None
    lab = workshop.labs[0]
    step = lab.steps[0].id
    taken = []
    with closing(SqliteStore(folder / "screen.sqlite3")) as store:
        control = Rehearsal(workshop, store)
        app = InstructorApp(
            control=control, store=store, workshop=workshop, folder=folder, clock=control.clock
        )
        for happening in (LabOpened(), StepEntered()):
            place = step if isinstance(happening, StepEntered) else ""
            store.append(
                *(
                    Event(
                        learner=f"l{number}",
                        workshop=workshop.id,
                        lab=lab.id,
                        step=place,
                        time=time.time(),
                        happening=happening,
                    )
                    for number in range(30)
                )
            )
        async with app.run_test(size=(100, 30)) as pilot:
            while not isinstance(app.screen, BoardScreen):
                await pilot.pause(0.05)
            tries = dict.fromkeys((f"l{number}" for number in range(30)), 0)
            for _ in range(TRIES):
                await asyncio.sleep(random.uniform(0.3, 0.8))  # noqa: S311 (when a learner tries)
                learner = random.choice(sorted(tries))  # noqa: S311
                tries[learner] += 1
                began = time.perf_counter()
                store.append(_tried(learner, workshop=workshop.id, lab=lab.id, step=step))
                while not _shows(app, learner, tries[learner]):
                    await asyncio.sleep(0.005)
                taken.append(1000 * (time.perf_counter() - began))
    taken.sort()
    detail = f"{len(taken)} tries in a class of 30"
    report("a failed try to the screen, median", detail, statistics.median(taken), 500, "ms")
    report("a failed try to the screen, p95", detail, taken[int(len(taken) * 0.95)], 1000, "ms")


def _shows(app: InstructorApp, learner: str, tries: int) -> bool:
    rows = dict(app.screen.query_one(ClassTable)._shown)  # noqa: SLF001 (what is on the screen)
    return learner in rows and f" {tries} " in rows[learner].plain


if __name__ == "__main__":
    main()
