"""Every fault is reported, with a way on."""

import sqlite3
import threading

from textual.widgets import Tab

from runner.engine.api import EngineUnavailable
from runner.errors import WorkshopError
from runner.lab.model.workshop import HOST
from runner.learner.home import lab_folder, progress_file
from runner.learner.session.tap import Tap
from runner.stage.persistent import PersistentWorkspace
from runner.tui.screens.picker import PickerScreen
from runner.tui.widgets.lesson.launch_card import LaunchCard
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.in_a_lab import in_the_terminal, launched
from tests.tui.terminal.support import FakeProgram
from tests.waiting import until


async def test_without_an_engine_the_lesson_can_be_read_and_tried_again(sit_down):
    failure = EngineUnavailable("no engine anywhere", remedy="start one")
    async with sit_down("one", failures=[failure]) as learner:
        await learner.sees("There is no engine", "no engine anywhere", "start one", "Say it")
        assert "looking for an engine" not in learner.text, "it has been looked for"
        await learner.is_too_early_with("y", "n", "enter", "escape")
        assert not learner.app.shared_engine.agreed
        await learner.answer("y")
        await learner.until(learner.terminal)


async def test_a_rootful_engine_is_used_only_after_a_yes(sit_down):
    from runner.engine.discovery import ConsentNeededError

    async with sit_down(
        "one", failures=[ConsentNeededError("unix:///run/docker.sock", "nothing else")]
    ) as learner:
        await learner.sees("Use this engine?")
        await learner.is_too_early_with("y", "n", "enter", "escape")
        assert not learner.app.shared_engine.agreed
        await learner.answer("y")
        await learner.until(learner.terminal)
        assert learner.app.shared_engine.agreed


async def test_a_dead_engine_is_reported_and_can_come_back(sit_down):
    """No traceback: a question, and after a yes the step goes on with its passes kept."""
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")
        await launched(learner)
        learner.engine.dead.set()
        await learner.press("c")
        await learner.sees("The engine went away", "Try again")
        assert not learner.app.screen_stack[-2].query_one(LaunchCard).running
        learner.engine.dead.clear()
        await learner.answer("y")
        await learner.until(lambda: learner.terminal() is not None)
        await learner.sees("✓ There is a note")
        await launched(learner)


async def test_the_loss_of_an_idle_engine_is_noticed(sit_down):
    async with sit_down("one") as learner:
        learner.engine.dead.set()
        await learner.sees("The engine went away", "Try again")


async def test_trying_again_launches_the_containers_that_ran(sit_down):
    """A container that had ended by itself is not launched again."""
    async with sit_down("one") as learner:
        await launched(learner)
        learner.engine.dead.set()
        await learner.sees("The engine went away")
        learner.engine.dead.clear()
        await learner.answer("y")
        await learner.until(lambda: learner.terminal("box") is not None)
        assert learner.screen.query_one(LaunchCard).running
        learner.screen.query_one(Terminals).show("box")
        await in_the_terminal(learner, "exit")
        await learner.is_told("l launches it again")
        learner.engine.dead.set()
        await learner.sees("The engine went away")
        learner.engine.dead.clear()
        await learner.answer("y")
        await learner.until(lambda: learner.terminal() is not None)
        await learner.until(lambda: not learner.screen.query_one(StatusLine).busy)
        assert not learner.screen.query_one(LaunchCard).running


async def test_a_container_that_exits_can_be_launched_again(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "exit")
        await learner.sees("box (ended)", "not launched")
        await learner.is_told("l launches it again")
        await launched(learner)
        await in_the_terminal(learner, "echo hello")
        await learner.sees("✓ Somebody said hello")


async def test_the_host_shell_that_exits_is_opened_again(sit_down):
    """Text typed while the new shell opens waits for it, and its tab stays in place."""
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "exit")
        await learner.sees("box (ended)")
        learner.screen.query_one(Terminals).show(HOST)
        await in_the_terminal(learner, "exit")
        await learner.sees("your shell (ended)")
        await learner.press("t")
        await learner.type("touch note")
        await learner.sees("✓ There is a note")
        tabs = learner.screen.query_one(Terminals).query(Tab)
        assert [str(tab.label) for tab in tabs] == ["your shell", "box (ended)"]
        assert learner.app.focused is learner.terminal()


async def test_a_shell_that_has_ended_before_it_is_shown_says_so(sit_down):
    """Its end can come with what it printed, before there is a tab to tell it."""
    async with sit_down("one") as learner:
        await learner.until(learner.terminal)
        terminals = learner.screen.query_one(Terminals)
        tap = Tap()
        tap.feed(b"the last words\r\n")
        tap.feed(b"")
        await terminals.open("late", FakeProgram(), tap)
        await learner.sees("late (ended)")


async def typed_exit(learner) -> None:
    """Have the shell end, and stay in its terminal."""
    learner.at_once("t", "seq 9; exit", "<enter>")
    await learner.sees("[Your shell has ended. Enter opens it again.]")
    assert learner.terminal().text.endswith("\n[Your shell has ended. Enter opens it again.]"), (
        "below all else"
    )
    assert learner.app.focused is learner.terminal()


async def test_a_shell_that_has_ended_says_so_and_enter_opens_it_again(sit_down):
    """Text typed meanwhile is shown there, and waits at the new prompt for its own Enter."""
    async with sit_down("one") as learner:
        await typed_exit(learner)
        ended = learner.terminal()
        learner.at_once("<ctrl+d>", "<tab>", "touch ")
        await learner.sees("touch")
        assert learner.terminal() is ended
        learner.at_once("<enter>", "note", "<enter>")
        await learner.sees("✓ There is a note")
        assert learner.terminal() is not ended
        assert not any("has ended" in said for said in learner.told)
        assert learner.app.focused is learner.terminal()


async def test_a_shell_that_cannot_be_opened_again_can_be_tried_again(sit_down, monkeypatch):
    async with sit_down("one") as learner:
        await typed_exit(learner)

        def show(_target):
            raise WorkshopError("no more processes")

        with monkeypatch.context() as patched:
            patched.setattr(learner.screen._controller.session, "show", show)
            await learner.press("enter")
            await learner.sees("[Your shell could not be opened. Enter opens it again.]")
        learner.at_once("<enter>", "touch note", "<enter>")
        await learner.sees("✓ There is a note")


async def test_early_input_waits_for_the_first_terminal(sit_down, engine, monkeypatch):
    may_go_on, for_session = threading.Event(), engine.for_session

    def slowly(session):
        may_go_on.wait(20)
        return for_session(session)

    monkeypatch.setattr(engine, "for_session", slowly)
    async with sit_down() as learner:
        await learner.sees("1. The first lab")
        learner.at_once("<enter>", "t", "touch shn; mv shn note", "<enter>")
        await learner.sees("opening")
        may_go_on.set()
        await learner.sees("✓ There is a note")
        assert learner.lab().hints == 0
        assert learner.app.focused is learner.terminal()


async def test_an_engine_that_dies_under_a_terminal_leaves_the_keys_to_the_next_one(sit_down):
    async with sit_down("one") as learner:
        learner.screen.query_one(Terminals).focus_active()
        await learner.until(lambda: learner.app.focused is learner.terminal())
        learner.engine.dead.set()
        learner.screen.action_check()
        await learner.sees("The engine went away", "Try again")
        learner.engine.dead.clear()
        await learner.answer("y")
        learner.at_once("touch note", "<enter>")
        await learner.sees("✓ There is a note")


async def test_a_container_of_an_earlier_step_that_exits_is_opened_by_the_key_that_is_named(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("n")
        await learner.sees("Why?")
        await in_the_terminal(learner, "exit")
        await learner.is_told("t in its tab opens it again")
        await in_the_terminal(learner, "echo $((20 + 3))")
        await learner.until(lambda: "23" in learner.terminal("box").text)


async def test_a_lab_left_before_its_engine_was_there_is_let_go(sit_down, engine, tmp_path, monkeypatch):
    """A session in the opening is closed once it is open: the workspace is free when the lab is entered again."""
    may_go_on, for_session = threading.Event(), engine.for_session

    def slowly(session):
        may_go_on.wait(20)
        return for_session(session)

    monkeypatch.setattr(engine, "for_session", slowly)
    async with sit_down() as learner:
        await learner.sees("1. The first lab")
        await learner.press("enter")
        await learner.sees("Say it", "opening")
        await learner.press("q")
        await learner.is_at_the_labs()
        may_go_on.set()
        folder = lab_folder(tmp_path / "state", "tiny", "one")
        await learner.until(lambda: (folder / "lock").exists() and not is_open(folder))


async def test_a_lab_can_be_left_while_a_command_is_at_work(sit_down):
    async with sit_down() as learner:
        await learner.sees("1. The first lab")
        await learner.press("enter")
        await learner.until(lambda: learner.screen.query("Terminal"))
        await in_the_terminal(learner, "sleep 600")
        await learner.press("s")
        await learner.answer("s")
        await learner.sees("solving")
        lab = learner.screen
        # The pilot would wait half a minute for the screen that goes, and hide how long it takes to leave.
        learner.at_once("q")
        await until(lambda: isinstance(learner.screen, PickerScreen))
        await until(lambda: not lab.is_running)


async def test_an_engine_that_died_is_looked_for_again_when_the_learner_wants_a_terminal(sit_down):
    """A learner who chose only to read can still get an engine."""
    async with sit_down("one") as learner:
        learner.engine.dead.set()
        await learner.press("l")
        await learner.sees("The engine went away", "Try again")
        await learner.answer("n")
        await learner.sees("No terminal: the engine went away. t looks")
        await learner.press("t")
        await learner.sees("There is no engine")
        await learner.answer("n")
        await learner.sees("No terminal: the fake engine is gone. t looks")
        learner.engine.dead.clear()
        await learner.press("t")
        await learner.until(lambda: isinstance(learner.app.focused, Terminal))
        await learner.type("touch note")
        await learner.sees("✓ There is a note")


async def test_an_engine_that_died_is_not_the_learners_fault(sit_down):
    """A check that fails for want of an engine leads to the question about it, also where no container ran."""
    async with sit_down("one") as learner:
        learner.engine.dead.set()
        await learner.press("c")
        await learner.sees("The engine went away", "Try again")


def is_open(folder) -> bool:
    """True if a session has a lab's workspace."""
    workspace = PersistentWorkspace(folder, [])
    workspace.remove()
    return workspace.shared


async def test_a_missing_image_is_reported(sit_down):
    async with sit_down("one") as learner:
        learner.engine.images.clear()
        await learner.press("l")
        await learner.is_told("no image lab")
        assert not learner.screen.query_one(LaunchCard).running
        learner.screen._panes.unsay()
        await learner.press("l")
        await learner.is_told("no image lab")


async def test_progress_that_cannot_be_saved_is_kept_and_saved_later(sit_down, tmp_path):
    async with sit_down("one") as learner:
        holder = sqlite3.connect(progress_file(tmp_path / "state"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        await learner.press("h")
        await learner.is_told("cannot be saved")
        await learner.sees("First level", "progress is not saved")
        holder.execute("COMMIT")
        holder.close()
        await learner.press("h")
        await learner.until(lambda: not learner.screen.query_one(StatusLine).trouble)
    async with sit_down("one") as learner:
        assert learner.lab().hints == 2


async def test_a_damaged_record_is_reported_and_replaced(sit_down, tmp_path):
    path = progress_file(tmp_path / "state")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database")
    async with sit_down() as learner:
        await learner.is_told("was damaged")
    async with sit_down("one") as learner:
        await learner.press("h")
        await learner.sees("First level")
        assert not learner.screen.query_one(StatusLine).trouble
    async with sit_down("one") as learner:
        assert learner.lab().hints == 1


async def test_an_unreadable_record_is_reported_at_once(sit_down, tmp_path):
    path = progress_file(tmp_path / "state")
    path.mkdir(parents=True)
    async with sit_down() as learner:
        await learner.is_told("cannot be read now")


async def test_a_workspace_that_cannot_be_had_is_not_taken_for_a_missing_engine(sit_down):
    failure = WorkshopError("cannot use the workspace: No space left on device", remedy="free some space")
    async with sit_down("one", failures=[failure]) as learner:
        await learner.sees("The lab cannot be opened", "No space left", "free some space", "Say it")


async def test_two_sessions_of_one_lab_know_of_each_other(sit_down):
    async with sit_down("one") as first:
        async with sit_down("one") as second:
            await second.is_told("open in another terminal too")
            await in_the_terminal(second, "touch note")
            await second.sees("✓ There is a note")
        await first.press("c")
        await first.sees("✓ There is a note")


async def test_resuming_at_the_same_step(sit_down):
    """The step, its passes and the learner's files are there again, and the containers it needs are launched."""
    async with sit_down("one") as learner:
        await learner.press("S")
        await learner.sees("Step 2 of 2")
        await learner.until(lambda: learner.lab().passed == {"hello", "note"})
    async with sit_down("one") as learner:
        await learner.sees("Step 2 of 2")
        assert learner.lab().passed == {"hello", "note"}
        await learner.press("p")
        await learner.sees("✓ Somebody said hello")
