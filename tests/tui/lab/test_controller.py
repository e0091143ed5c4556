"""A lab's controller without a screen: it opens the session, handles its events, goes on when the engine is lost."""

import asyncio
import threading
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from runner.check.outcome import Errored, Failed, Passed
from runner.engine.api import EngineUnavailable, Loss
from runner.errors import EngineError, WorkshopError
from runner.lab.model.workshop import ConsoleBlock, ContainerBlock
from runner.learner.home import lab_folder, progress_file
from runner.learner.progress.journal import Journal
from runner.learner.session.events import (
    CheckJudged,
    CheckMissed,
    CommandSeen,
    CommandsTypedAgain,
    ConsoleDropped,
    ConsoleOpened,
)
from runner.learner.session.session import LearnerSession
from runner.record.event import Alive, CheckTried, EngineBack, EngineTrouble, LabOpened, StepEntered, Trial
from runner.record.sqlite.store import SqliteStore
from runner.shell.recorder import CommandFinished
from runner.stage.persistent import PersistentWorkspace
from runner.tui.announcement import Announcement
from runner.tui.lab.actions import LabActions
from runner.tui.lab.announcements import SECONDS
from runner.tui.lab.controller import LabController
from runner.tui.lab.record import LabRecord
from runner.tui.shared_engine import SharedEngine
from tests.waiting import until


class FakeView:
    """Notes what it is to show, answers questions, and has the controller hear what the session tells."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.controller = None
        self.shown: list[tuple[str, tuple]] = []
        self.said: list[str] = []
        self.answers: list[bool] = []
        self.asked: list[str] = []
        self.work: set[asyncio.Task] = set()
        self.doing = ""

    def beside(self, work, *, only=""):  # noqa: ARG002 (nothing here is asked for twice at once)
        task = self.loop.create_task(work())
        self.work.add(task)

    def tell(self, event):
        self.loop.call_soon_threadsafe(self.controller.heard, event)

    def progress(self, text):
        pass

    async def told(self):
        await asyncio.sleep(0)

    def say(self, text, *, way_on="", title="", **_):
        self.said.append(f"{title}: {text} {way_on}")
        return Announcement(text, way_on, title, "information", SECONDS)

    def withdraw(self, announcement):
        announcement.left = 0

    async def confirm(self, title, text, *, yes, no, key="y", unasked=False):  # noqa: ARG002 (as the protocol has it)
        self.asked.append(title)
        return self.answers.pop(0)

    def show_doing(self, doing):
        self.doing = doing

    async def show_engine_lost(self):
        self.shown.append(("engine lost", ()))

    async def show_step(self, *what):
        self.shown.append(("step", what))

    def __getattr__(self, name):
        return lambda *what, **more: self.shown.append((name, (*what, *more.values())))

    def texts(self, name):
        return [what for shown, what in self.shown if shown == name]


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


async def ready(controller, view) -> None:
    await until(lambda: controller.session is not None and controller.launched and not view.doing)


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


async def test_a_container_in_which_commands_were_typed_again_is_named(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        controller.heard(CommandsTypedAgain("box"))
        assert "box is new: the lesson's earlier commands were typed in it." in view.said[-1]


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
    close, closing, next_one = LearnerSession.close, threading.Event(), threading.Event()

    class Opening:
        """The lock of those who open a lab; the next one waits for it."""

        lock = threading.Lock()

        def __enter__(self):
            if not self.lock.acquire(blocking=False):
                next_one.set()
                self.lock.acquire()

        def __exit__(self, *_):
            self.lock.release()

    def close_once_the_next_one_is_there(session):
        closing.set()
        assert next_one.wait(60)
        close(session)

    begin = PersistentWorkspace.__init__

    def begin_without_waiting(workspace, *files):
        begin(workspace, *files)
        if closing.is_set():
            next_one.set()

    monkeypatch.setattr(shared_engine, "_opening", Opening())
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


async def test_a_failure_is_reported_and_ends_the_request(opened):
    async with opened() as (controller, view):
        await ready(controller, view)

        def fails():
            raise OSError(28, "No space left on device", "/full")

        assert await controller.ask("trying", fails) is None
        assert "/full: No space left on device" in view.said[-1]
        assert not view.doing
        assert await controller.ask("adding", lambda: 1 + 1) == 2


async def test_what_is_done_is_shown_until_the_last_of_several_calls_has_ended(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        ends = [threading.Event(), threading.Event()]
        calls = [
            asyncio.create_task(controller.ask(f"call {number}", end.wait)) for number, end in enumerate(ends)
        ]
        await until(lambda: view.doing == "call 1")
        ends[0].set()
        await calls[0]
        assert view.doing == "call 1"
        ends[1].set()
        await calls[1]
        assert view.doing == ""


async def test_a_lost_engine_is_asked_about_once_and_looked_for_again(opened, engine):
    async with opened() as (controller, view):
        await ready(controller, view)
        view.answers = [True]
        engine.dead.set()
        controller.failed(EngineUnavailable("gone"))
        controller.failed(EngineUnavailable("gone"))
        engine.dead.clear()
        await until(lambda: view.texts("engine lost"))
        await ready(controller, view)
        assert view.asked == ["The engine went away"]


async def test_an_engine_that_ended_is_started_again_and_said_why_and_asked_about_the_next_time(
    opened, engine
):
    async with opened() as (controller, view):
        await ready(controller, view)
        engine.said.append(Loss("memory ran out", "end programs"))
        controller.failed(EngineUnavailable("gone"))
        await until(lambda: view.said)
        assert "The engine went away: The engine has ended: memory ran out.\nend programs" in view.said[-1]
        assert view.asked == []
        await ready(controller, view)
        recorded = [event.happening for event in controller.record.events()]
        assert [one for one in recorded if isinstance(one, EngineTrouble | EngineBack)] == [
            EngineTrouble("memory ran out", lost=True),
            EngineBack(),
        ]
        view.answers = [True]
        controller.failed(EngineUnavailable("gone"))
        await until(lambda: view.asked == ["The engine went away"])


async def test_an_engine_that_was_stopped_is_not_started_unasked(opened, engine):
    async with opened() as (controller, view):
        await ready(controller, view)
        engine.said.append(Loss("it was stopped", wanted=True))
        view.answers = [False]
        controller.failed(EngineUnavailable("gone"))
        await until(lambda: view.asked == ["The engine went away"])


async def test_a_container_that_could_not_start_is_launched_when_it_is_asked_for_again(opened, monkeypatch):
    """The learner may have freed the disk meanwhile."""
    async with opened() as (controller, view):
        await ready(controller, view)
        actions = LabActions(controller, view)
        block = next(block for block in controller.step.blocks if isinstance(block, ContainerBlock))
        outcomes = [Failed("it starts", "no space left", block.span), Passed("started")]
        monkeypatch.setattr(controller.session, "launch", lambda _block: outcomes.pop(0))
        await actions.consoles.launch_next()
        assert "no space left" in view.said[-1]
        await actions.consoles.launch_next()
        assert not outcomes
        recorded = [event.happening for event in controller.record.events()]
        assert recorded[-1] == EngineBack()
        await actions.consoles.launch_next()
        assert "Everything in this step is launched." in view.said[-1]
        assert "`tab` leads to each container's Relaunch" in view.said[-1]


async def test_a_solution_that_did_not_work_names_the_way_on(opened, monkeypatch):
    async with opened() as (controller, view):
        await ready(controller, view)
        failed = Failed("not permitted", "done", controller.step.span)
        monkeypatch.setattr(controller.session, "solve", lambda **_: failed)
        view.answers = [True]
        await LabActions(controller, view).solution.offer()
        assert "seen: done" in view.said[-1]
        assert "`x` begins the step again" in view.said[-1]
        assert not controller.record.of(controller.step).solved


async def test_session_events_are_recorded(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        controller.heard(ConsoleOpened("box", None, None))
        controller.show_running("box")
        command = next(block for block in controller.step.blocks if isinstance(block, ConsoleBlock)).commands[
            0
        ]
        controller.heard(
            CommandSeen("box", CommandFinished("echo one", "one", 0, 0.0, 0.1), command, Passed())
        )
        assert controller.launched == {"host", "box"}
        assert controller.typed == {command}
        assert controller.running == ""
        controller.show_running("box")
        controller.heard(ConsoleDropped("box"))
        assert (controller.launched, controller.running) == ({"host"}, "")


async def test_a_step_is_done_when_its_last_check_passes(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        hello, note = controller.step.checks
        controller.heard(CheckJudged("say-it", hello, Passed(), asked=False))
        assert not any("Step done" in said for said in view.said)
        assert view.texts("unsay") == []
        controller.heard(CheckJudged("say-it", note, Passed(), asked=False))
        assert any("Step done" in said and "`n` goes on" in said for said in view.said)
        # What would have helped with it is of no use any more.
        assert view.texts("unsay") == [("task",)]
        assert controller.record.state.passed == {"hello", "note"}


async def test_a_check_that_fails_has_the_engine_looked_after(opened, engine):
    async with opened() as (controller, view):
        await ready(controller, view)
        view.answers = [False]
        engine.dead.set()
        check = controller.step.checks[0]
        controller.heard(CheckJudged("say-it", check, Failed("", "", check.span), asked=True))
        await until(lambda: view.asked == ["The engine went away"])
        await until(lambda: view.texts("show_no_terminal"))


async def test_an_action_begins_the_lab(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        assert not controller.record.state.begun
        controller.heard(CommandSeen("host", CommandFinished("ls", "", 0, 0.0, 0.0), None, None))
        assert controller.record.state.begun


async def test_tries_and_trouble_are_recorded(opened):
    """Requested results each time; those of checks that run by themselves once while they stay the same.

    A failure that nobody has tried anything for, as after the app's own launch, is no try.
    """
    async with opened() as (controller, view):
        await ready(controller, view)
        check = controller.step.checks[0]

        def failed(actual: str) -> Failed:
            return Failed("hello", actual, check.span)

        controller.heard(CheckMissed("say-it", check, failed("nothing")))
        for actual in ("bye", "bye", "bye\x1b[2J"):
            controller.heard(CheckJudged("say-it", check, failed(actual), asked=False))
        controller.heard(CheckJudged("say-it", check, failed("bye"), asked=True))
        controller.heard(CheckJudged("say-it", check, replace(failed("no file"), untried=True), asked=True))
        controller.heard(CheckJudged("say-it", check, Errored("timed out", check.span), asked=True))
        controller.failed(EngineError("it hangs"))
        recorded = [event.happening for event in controller.record.events()]
        assert [one for one in recorded if isinstance(one, CheckTried | EngineTrouble)] == [
            CheckTried("hello", Trial.FAILED, "bye"),
            CheckTried("hello", Trial.FAILED, "bye�[2J"),
            CheckTried("hello", Trial.FAILED, "bye", asked=True),
            CheckTried("hello", Trial.SKIPPED, "no file", asked=True),
            CheckTried("hello", Trial.ERROR, "timed out", asked=True),
            EngineTrouble("it hangs"),
        ]


async def test_no_messages_after_leaving(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        assert controller.leave()
        assert not controller.leave()
        said = len(view.said)
        controller.failed(WorkshopError("late"))
        assert len(view.said) == said
        controller.note(Alive())


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


MINE = "profiles/mine.json"


async def test_files_that_the_learner_changed_stay_however_they_came_back(opened, blocked, workshop):
    """Also to a step before the new one in which the lab was opened, while the engine was not there yet."""
    first, second = workshop.labs[0].steps
    async with opened(step=second) as (controller, view):
        await ready(controller, view)
        controller.session.workspace.write(MINE, "mine")
    shared_engine, free = blocked
    async with opened(step=first, shared_engine=shared_engine) as (controller, view):
        await controller.go_to(second)
        free.set()
        await ready(controller, view)
        assert controller.session.workspace.path(MINE).read_text() == "mine"


async def test_a_new_step_has_its_files_also_if_the_engine_comes_later(opened, blocked, workshop):
    async with opened() as (controller, view):
        await ready(controller, view)
        controller.session.workspace.write(MINE, "of an earlier step")
    shared_engine, free = blocked
    async with opened(shared_engine=shared_engine) as (controller, view):
        await controller.go_to(workshop.labs[0].steps[1])
        free.set()
        await ready(controller, view)
        assert "SCMP_ACT_ALLOW" in controller.session.workspace.path(MINE).read_text()


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


async def test_after_a_loss_that_nobody_can_explain_the_engine_is_looked_for_when_asked(
    opened, engine, monkeypatch
):
    def unreadable(session):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(LearnerSession, "loss", unreadable)
    async with opened() as (controller, view):
        await ready(controller, view)
        controller.failed(EngineUnavailable("gone"))
        await until(lambda: any(task.done() and task.exception() for task in view.work))
        assert controller.session is None
        controller.look_again()
        await until(lambda: controller.session is not None)
