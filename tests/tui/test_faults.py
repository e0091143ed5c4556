"""What goes wrong is said, and there is a way on."""

import sqlite3

from runner.engine.api import EngineUnavailable
from runner.session.home import progress_file
from runner.tui.widgets.launch_card import LaunchCard
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal import Terminal
from tests.tui.test_lab_screen import in_the_terminal, launched


async def test_without_an_engine_the_lesson_can_be_read_and_tried_again(sit_down):
    failure = EngineUnavailable("no engine anywhere", remedy="start one")
    async with sit_down("one", failures=[failure]) as learner:
        await learner.sees("There is no engine", "no engine anywhere", "start one", "Say it")
        await learner.press("y")
        await learner.until(learner.terminal)


async def test_a_rootful_engine_is_used_only_after_a_yes(sit_down):
    from runner.engine.discovery import ConsentNeededError

    async with sit_down(
        "one", failures=[ConsentNeededError("unix:///run/docker.sock", "nothing else")]
    ) as learner:
        await learner.sees("Use this engine?")
        assert not learner.app.room.agreed
        await learner.press("y")
        await learner.until(learner.terminal)
        assert learner.app.room.agreed


async def test_an_engine_that_dies_is_said_and_can_come_back(sit_down):
    """No traceback: a question, and after a yes the step goes on with its passes kept."""
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")
        learner.engine.dead.set()
        await learner.press("l")
        await learner.sees("The engine went away")
        learner.engine.dead.clear()
        await learner.press("y")
        await learner.until(lambda: learner.terminal() is not None)
        await learner.sees("✓ There is a note")
        await launched(learner)


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
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "exit")
        await learner.sees("host (ended)")
        await learner.press("t")
        await learner.until(lambda: isinstance(learner.app.focused, Terminal))
        await learner.type("touch note")
        await learner.sees("✓ There is a note")


async def test_a_missing_image_is_said(sit_down):
    async with sit_down("one") as learner:
        learner.engine.images.clear()
        await learner.press("l")
        await learner.is_told("no image lab")
        assert not learner.screen.query_one(LaunchCard).running


async def test_progress_that_cannot_be_saved_is_kept_and_saved_later(sit_down, tmp_path):
    async with sit_down("one") as learner:
        holder = sqlite3.connect(progress_file(tmp_path / "state"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        await learner.press("h")
        await learner.is_told("cannot be saved")
        await learner.sees("First level", "progress is not saved")
        holder.execute("COMMIT")
        await learner.press("h")
        await learner.until(lambda: not learner.screen.query_one(StatusLine).trouble)
    async with sit_down("one") as learner:
        assert learner.lab().hints == 2


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
        await learner.sees("Think")
        await learner.until(lambda: learner.lab().passed == {"hello", "note"})
    async with sit_down("one") as learner:
        await learner.sees("Think")
        assert learner.lab().passed == {"hello", "note"}
        await learner.press("p")
        await learner.sees("✓ Somebody said hello")
