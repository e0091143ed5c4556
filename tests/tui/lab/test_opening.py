"""A lab is opened by its controller."""

import threading

from runner.engine.api import EngineUnavailable
from runner.learner.home import lab_folder
from runner.learner.session.session import LearnerSession
from runner.record.event import LabOpened, StepEntered
from runner.stage.persistent import PersistentWorkspace
from runner.tui.shared_engine import SharedEngine
from tests.tui.lab.conftest import WatchedLock
from tests.tui.lab.fake_view import ready
from tests.waiting import until


async def test_it_opens_the_session_and_notes_where_the_learner_is(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        assert controller.record.state.step == "say-it"
        assert controller.launched == {"host"}
        assert view.texts("show_engine")


async def test_coming_back_notes_the_step_again(opened):
    """A class that was not there the last time learns where the learner is."""
    for _ in range(2):
        async with opened() as (controller, view):
            await ready(controller, view)
            kinds = [type(event.happening) for event in controller.record.events()]
            assert kinds[-2:] == [LabOpened, StepEntered]


async def test_without_an_engine_it_asks_and_tries_again(opened):
    async with opened(EngineUnavailable("none"), EngineUnavailable("none")) as (controller, view):
        view.answers = [True, False]
        await until(lambda: view.texts("show_no_terminal"))
        assert view.asked == ["There is no engine", "There is no engine"]
        assert controller.session is None
        controller.look_again()
        await ready(controller, view)


async def test_system_errors_are_reported_with_a_question(opened):
    async with opened(PermissionError(13, "Permission denied", "/there")) as (controller, view):
        view.answers = [True]
        await ready(controller, view)
        assert view.asked == ["The lab cannot be opened"]


async def test_a_lab_that_is_left_while_it_is_opened_is_free_for_the_next_one(
    opened, engine, tmp_path, monkeypatch
):
    shared_engine = SharedEngine(
        lambda _progress, *, agreed: engine,  # noqa: ARG005 (as the protocol has it)
        lambda workshop, lab: lab_folder(tmp_path / "state", workshop.id, lab.id),
    )
    close, closing, opening = LearnerSession.close, threading.Event(), WatchedLock()

    def close_once_the_next_one_is_there(session):
        closing.set()
        assert opening.wanted.wait(60)
        close(session)

    begin = PersistentWorkspace.__init__

    def begin_without_waiting(workspace, *files):
        begin(workspace, *files)
        if closing.is_set():
            opening.wanted.set()

    monkeypatch.setattr(shared_engine, "_opening", opening)
    monkeypatch.setattr(LearnerSession, "close", close_once_the_next_one_is_there)
    monkeypatch.setattr(PersistentWorkspace, "__init__", begin_without_waiting)
    fill, filling, left = PersistentWorkspace.fill, threading.Event(), threading.Event()

    def fill_when_left(workspace, files):
        filling.set()
        assert left.wait(60)
        fill(workspace, files)

    monkeypatch.setattr(PersistentWorkspace, "fill", fill_when_left)
    async with opened(shared_engine=shared_engine) as (controller, _):
        await until(filling.is_set)
        controller.leave()
        left.set()
        await until(closing.is_set)
        async with opened(shared_engine=shared_engine) as (again, view):
            await ready(again, view)
            assert not again.session.workspace.shared


async def test_only_one_session_is_opened_by_a_learner_who_is_impatient(opened, monkeypatch):
    """The one who has agreed to try again asks once more while the old engine is still let go of."""
    going, gone, opens = threading.Event(), threading.Event(), []
    lost, open_session = SharedEngine.lost, SharedEngine.open

    def lost_late(shared):
        going.set()
        assert gone.wait(60)
        lost(shared)

    def counted(shared, *what):
        opens.append(what)
        return open_session(shared, *what)

    monkeypatch.setattr(SharedEngine, "open", counted)
    async with opened(EngineUnavailable("none")) as (controller, view):
        monkeypatch.setattr(SharedEngine, "lost", lost_late)
        view.answers = [True]
        await until(going.is_set)
        controller.look_again()
        gone.set()
        await ready(controller, view)
        assert len(opens) == 2, "one that failed, and one that did not"
