"""A learner's actions in a lab, each by its key."""

import pytest
from textual.widgets import Button

from runner.check.outcome import Passed
from runner.record.event import LabClosed, LabOpened
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.picker import PickerScreen
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.lesson.checks import CheckRow
from runner.tui.widgets.lesson.command_row import CommandRow, RowState
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.in_a_lab import in_the_terminal, launched


async def test_the_lesson_can_be_read_at_once(sit_down):
    async with sit_down("one") as learner:
        await learner.sees("The first lab", "Say it", "What it is about.", "docker run", "checks 0/2")


async def test_launching_by_key_and_by_click(sit_down):
    """A launch opens a tab; a second one of the same name takes the first one's place."""
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.sees("box", "running")
        before = set(learner.engine.containers)
        await learner.pilot.click("LaunchCard Button")
        await learner.until(lambda: learner.engine.containers and not before & set(learner.engine.containers))


async def test_the_profile_in_force_is_that_of_the_terminal_that_is_shown(sit_down):
    async with sit_down("one") as learner:
        await learner.sees("your shell: no container")
        await launched(learner)
        await learner.sees("box: seccomp default profile")


async def test_a_container_that_is_launched_comes_into_view(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        assert "docker run" not in learner.text
        await launched(learner)
        await learner.sees("docker run", "● running")


async def test_commands_type_themselves(sit_down):
    """Each press types the next command; what the text shows is ticked. The container is launched if need be."""
    async with sit_down("one") as learner:
        for _ in range(3):
            await learner.press("r")
        rows = list(learner.screen.query(CommandRow))
        await learner.until(lambda: all(row.state is RowState.AS_SHOWN for row in rows))
        assert len(rows) == 3


async def test_a_command_is_not_typed_into_a_full_screen_program(sit_down):
    async with sit_down("one") as learner:
        terminal = learner.terminal()
        await in_the_terminal(learner, "printf '\\033[?1049h'; read")
        await learner.until(lambda: terminal.modes.alternate_screen)
        learner.screen.query(CommandRow).last().action_type()
        await learner.is_told("still runs in your shell")
        assert "at home" not in terminal.text


async def test_a_busy_shell_is_typed_into_only_by_insisting(sit_down):
    """The first key warns, the second one types."""
    async with sit_down("one") as learner:
        terminal = learner.terminal()
        await in_the_terminal(learner, "cat")
        await learner.until(lambda: terminal.text.endswith("cat"))
        row = learner.screen.query(CommandRow).last()
        row.action_type()
        await learner.has_read("The same again types it anyway.")
        assert "at home" not in terminal.text
        row.action_type()
        await learner.until(lambda: "at home" in terminal.text)


@pytest.mark.parametrize("cursor", ["end", "home"])
async def test_a_half_typed_line_does_not_spoil_a_command(sit_down, cursor):
    """Wherever in it the cursor is."""
    async with sit_down("one") as learner:
        await learner.press("t")
        await learner.press("r", "m", cursor)
        terminal = learner.terminal()
        await learner.until(lambda: "rm" in terminal.text)
        await learner.press(Terminal.LEAVE_KEY)
        row = learner.screen.query(CommandRow).last()
        row.action_type()
        await learner.until(lambda: row.state is RowState.AS_SHOWN)


async def test_a_command_typed_by_hand_ticks_the_check(sit_down):
    """A pass is recorded, explained, and stays, whatever comes after it."""
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "echo hello")
        await learner.sees("✓ Somebody said hello", "Words are output too.")
        await in_the_terminal(learner, "echo goodbye")
        await in_the_terminal(learner, "touch note")
        assert learner.lab().passed == {"hello"}


async def test_a_failed_attempt_is_explained_by_the_hint_that_fits(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "echo goodbye")
        await learner.sees("✗ Somebody said hello", "goodbye", "That is what one says at the end.")
        assert not learner.lab().passed


async def test_probes_run_by_themselves_when_something_changed(sit_down):
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")


async def test_the_key_for_checks_says_what_is_missing(sit_down):
    async with sit_down("one") as learner:
        await learner.press("c")
        await learner.until(lambda: all(row.outcome is not None for row in learner.screen.query(CheckRow)))
        await learner.sees("✗ Somebody said hello", "✗ There is a note")


async def test_hints_come_one_at_a_time(sit_down):
    async with sit_down("one") as learner:
        assert "First level" not in learner.text
        await learner.press("h")
        await learner.sees("First level")
        assert "Second level" not in learner.text
        await learner.press("h")
        await learner.sees("Second level")
        await learner.press("h")
        assert learner.lab().hints == 2


async def test_solving_is_asked_for_and_recorded(sit_down):
    async with sit_down("one") as learner:
        await learner.press("s")
        await learner.sees("Solve this step?", "Hints that you have not seen yet: 2", "Not yet (n)")
        await learner.press("escape")
        assert not learner.lab().of("say-it").solved
        await learner.press("s")
        await learner.answer("s")
        await learner.until(lambda: learner.lab().of("say-it").solved)
        assert learner.lab().passed == {"hello", "note"}


async def test_a_step_that_the_learner_has_done_is_not_solved_for_them(sit_down):
    async with sit_down("one") as learner:
        record, step = learner.screen._record, learner.screen._controller.step
        for check in step.checks:
            record.judged(step.id, check.id, Passed(), asked=False)
        await learner.press("s")
        await learner.sees("You have done this step.")
        await learner.answer("s")
        await learner.until(lambda: not learner.screen._controller.turns.busy)
        await learner.sees("touch note")
        assert not learner.lab().of(step.id).solved
        await learner.press("S")
        await learner.until(lambda: learner.lab().step == "think")
        assert not learner.lab().of(step.id).skipped


async def test_skipping_solves_so_that_the_next_step_starts_valid(sit_down):
    async with sit_down("one") as learner:
        assert "l Launch" in learner.text
        await learner.press("S")
        await learner.sees("Step 2 of 2")
        assert "l Launch" not in learner.text, "this step has no container"
        assert learner.lab().of("say-it").skipped
        assert learner.lab().passed == {"hello", "note"}


async def test_going_back_and_forth_keeps_what_passed(sit_down):
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("p")
        await learner.sees("Say it", "✓ There is a note")


async def test_a_container_that_runs_is_launched_again_by_keys(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        before = set(learner.engine.containers)
        await learner.press("l")
        await learner.sees("Everything in this step is launched.")
        for _ in range(9):
            if isinstance(learner.app.focused, Button):
                break
            await learner.press("tab")
        await learner.press("enter")
        await learner.until(lambda: learner.engine.containers and not before & set(learner.engine.containers))
        await learner.press("question_mark")
        assert ("Enter", "Press the button, such as a container's Launch or Relaunch: Tab leads there") in {
            row for _, _, rows in learner.screen._sections() for row in rows
        }


async def test_a_reset_step_is_open_again(sit_down):
    """The question comes first; the containers and the shell are new, and the passes are gone."""
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "echo hello")
        await learner.sees("✓ Somebody said hello")
        old = set(learner.engine.containers)
        await learner.press("x")
        await learner.sees("Begin this step again?")
        await learner.press("y")
        await learner.sees("○ Somebody said hello")
        assert not learner.lab().passed
        await learner.until(lambda: not old & set(learner.engine.containers))


async def test_a_reset_lab_begins_with_its_first_step(sit_down):
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("X", "y")
        await learner.sees("Say it", "○ There is a note")
        assert not learner.lab().passed


async def test_a_quiz_explains_each_answer(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        choices = learner.screen.query("Choice")
        choices.first().focus()
        await learner.press("enter")
        await learner.sees("✗ Because.", "That is no reason.")
        choices.last().focus()
        await learner.press("enter")
        await learner.sees("✓ For a reason.", "There is always one.")
        assert learner.lab().of("think").answers == {"why": 1}


async def test_one_key_leads_to_the_summary_and_the_next_lab(sit_down):
    """Space alone does everything; solving needs it twice."""
    async with sit_down("one") as learner:
        await learner.insist_until("space", lambda: "The first lab: done" in learner.text)
        await learner.sees("The first lab: done", "Say hello", "2 of 2 passed")
        assert learner.lab().finished
        shown = []
        learner.app.screen_change_signal.subscribe(learner.app, shown.append)
        await learner.answer("n")
        await learner.sees("The second lab")
        # Neither the list of labs nor an empty screen is seen on the way.
        assert {type(screen) for screen in shown} == {LabScreen}
        await learner.until(lambda: learner.lab("two").step)
        kinds = [(event.lab, type(event.happening)) for event in learner.journal.events()]
        assert kinds.index(("one", LabClosed)) + 1 == kinds.index(("two", LabOpened))
        await learner.press("q")
        await learner.until(lambda: isinstance(learner.screen, PickerScreen))


async def test_every_key_is_a_command_of_the_palette(sit_down):
    async with sit_down("one") as learner:
        await learner.press("ctrl+p")
        await learner.type("hint")
        await learner.until(lambda: learner.lab().hints == 1)


@pytest.mark.parametrize("size", [(80, 24), (20, 5), (120, 40), (250, 70)])
async def test_any_size_works(sit_down, size):
    """Down to 20x5 the terminal can be typed into; up to any size nothing is lost."""
    async with sit_down("one", size=size) as learner:
        await in_the_terminal(learner, "touch note")
        await learner.until(lambda: "note" in learner.lab().passed)


@pytest.mark.parametrize(
    ("width", "lesson", "columns"), [(126, 44, 80), (150, 68, 80), (174, 92, 80), (200, 92, 106)]
)
async def test_the_terminal_has_its_eighty_columns_before_the_lesson_has_more_than_it_needs(
    sit_down, width, lesson, columns
):
    async with sit_down("one", size=(width, 36)) as learner:
        assert learner.screen.query_one("#reading").size.width == lesson
        await learner.sees("box   ○ not launched", "▶ Launch")
        await in_the_terminal(learner, "stty size")
        await learner.until(lambda: str(columns) in learner.terminal().text.split())


@pytest.mark.parametrize(("width", "lines"), [(80, 2), (120, 1), (126, 1)])
async def test_the_keys_take_little_room(sit_down, width, lines):
    async with sit_down("one", size=(width, 36)) as learner:
        assert learner.screen.query_one(KeyBar).size.height == lines
        assert "q Labs" in learner.text


async def test_shrinking_and_growing_again(sit_down):
    async with sit_down("one") as learner:
        await learner.pilot.resize_terminal(20, 5)
        await in_the_terminal(learner, "touch note")
        await learner.until(lambda: "note" in learner.lab().passed)
        await learner.pilot.resize_terminal(120, 40)
        await learner.sees("✓ There is a note")


async def test_a_failed_check_names_the_solution_once_no_hint_is_left(sit_down):
    """Also in the next session, where the hints are shown from the start."""
    async with sit_down("one") as learner:
        await learner.press("c")
        await learner.sees("→ h shows a hint")
        await learner.press("h")
        await learner.sees("First level", "→ h shows a hint")
        await learner.press("h")
        await learner.sees("→ s solves the step")
        assert "→ h shows a hint" not in learner.text
    async with sit_down("one") as learner:
        await learner.press("c")
        await learner.sees("→ s solves the step")
