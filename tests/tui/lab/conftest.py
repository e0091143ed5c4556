"""A lab's controller without a screen."""

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

from runner.engine.api import EngineUnavailable
from runner.learner.home import lab_folder, progress_file
from runner.learner.progress.journal import Journal
from runner.record.sqlite.store import SqliteStore
from runner.tui.lab.controller import LabController
from runner.tui.lab.record import LabRecord
from runner.tui.shared_engine import SharedEngine
from tests.tui.lab.fake_view import FakeView


@pytest.fixture
def opened(workshop, engine, tmp_path):
    """A controller of the first lab that has begun: `async with opened() as (controller, view)`."""

    @asynccontextmanager
    async def opened(*failures: Exception, shared_engine: SharedEngine | None = None, step=None):
        failing = list(failures)

        def open_engine(progress, *, agreed):
            if failing:
                raise failing.pop(0)
            if engine.dead.is_set():
                raise EngineUnavailable("no engine")
            return engine

        state = tmp_path / "state"
        journal = Journal(SqliteStore(progress_file(state)), "me")
        shared_engine = shared_engine or SharedEngine(
            open_engine, lambda workshop, lab: lab_folder(state, workshop.id, lab.id)
        )
        lab = workshop.labs[0]
        view = FakeView()
        controller = LabController(
            workshop,
            lab,
            record=LabRecord(journal, workshop, lab),
            shared_engine=shared_engine,
            view=view,
            step=step,
        )
        view.controller = controller
        controller.begin()
        yield controller, view
        controller.leave()
        controller.end()
        await asyncio.to_thread(shared_engine.close)
        for task in view.work:
            task.cancel()
        await asyncio.gather(*view.work, return_exceptions=True)
        journal.close()

    return opened


class BlockedEngine:
    """Opens the engine once it is let go of."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.free = threading.Event()

    def __call__(self, progress, *, agreed):  # noqa: ARG002 (as the protocol has it)
        assert self.free.wait(60)
        return self.engine


@pytest.fixture
def blocked(engine, tmp_path):
    """A shared engine that opens late, and what lets go of it."""
    opening = BlockedEngine(engine)
    folder = tmp_path / "state"
    return SharedEngine(opening, lambda workshop, lab: lab_folder(folder, workshop.id, lab.id)), opening.free


class WatchedLock:
    """A lock that tells when somebody waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.wanted = threading.Event()

    def acquire(self, *, timeout: float = -1) -> bool:
        if self._lock.acquire(blocking=False):
            return True
        self.wanted.set()
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
