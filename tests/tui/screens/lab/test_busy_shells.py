"""A shell that is busy when a command should be typed into it for the learner."""

import sys
import threading

import pytest

from runner.errors import EngineError
from runner.lab.model.workshop import HOST, OTHER_SHELL
from runner.shell.prompt_state import Prompt
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.widgets.lesson.command_row import CommandRow, RowState
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.in_a_lab import in_the_terminal, launched


async def busy(learner, command: str) -> None:
    await in_the_terminal(learner, command)
    await learner.until(lambda: learner.terminal().text.endswith(command))


@pytest.mark.parametrize(
    ("command", "program", "way"),
    [
        ("sleep 600", "sleep", "Ctrl-C ends it there"),
        ("cat", "cat", "Ctrl-C ends it there"),
        ("read", "", "Ctrl-C"),
    ],
)
async def test_solving_says_what_is_busy_and_how_to_end_it(sit_down, command, program, way):
    async with sit_down("one") as learner:
        await busy(learner, command)
        await learner.press("s")
        await learner.answer("s")
        await learner.sees(
            f"The program {program} still runs in your shell" if program else "A program still runs", way
        )
        assert not learner.lab().of("say-it").solved


async def test_an_unfinished_command_is_told_from_a_program(sit_down):
    """Nothing is typed into it, also for those who insist; solving offers to drop it."""
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "cat <<END")
        await learner.until(lambda: learner.screen._panes.prompt("box") is Prompt.UNFINISHED)
        await learner.press("r", "r")
        await learner.is_told("command in box is not finished: a quote, a bracket or a here-document is open")
        assert learner.screen._panes.prompt("box") is Prompt.UNFINISHED
        await learner.press("s")
        await learner.sees("Solve it (s)")
        await learner.answer("s")
        await learner.sees("is not finished", "End it, and solve (s)")
        await learner.answer("s")
        await learner.until(lambda: learner.lab().of("say-it").solved)


@pytest.mark.parametrize("command", ["sleep 600", "trap '' INT QUIT; while :; do sleep 1; done"])
async def test_insisting_ends_it_and_solves(sit_down, command):
    """Even a program that ignores every key: then the shell is replaced."""
    async with sit_down("one") as learner:
        await busy(learner, command)
        await learner.press("s")
        await learner.answer("s")
        await learner.sees("End it, and solve (s)")
        # It comes up when it is known that the shell is busy: the learner may type on meanwhile.
        await learner.is_too_early_with("s", "enter", "n", "escape")
        await learner.answer("s")
        await learner.until(lambda: learner.lab().passed == {"hello", "note"})
        await learner.until(lambda: learner.lab().of("say-it").solved)


async def test_another_shell_opens_beside_a_busy_one(sit_down):
    """Commands there count as done in the learner's own shell; the busy one goes on."""
    async with sit_down("one") as learner:
        await busy(learner, "sleep 600")
        await learner.press("A")
        await learner.until(lambda: learner.terminal(OTHER_SHELL) is not None)
        await learner.until(lambda: learner.app.focused is learner.terminal(OTHER_SHELL))
        await learner.type("touch note")
        await learner.sees("✓ There is a note", "other shell: no container")
        await learner.type("echo at home")
        rows = learner.screen.query(CommandRow)
        await learner.until(lambda: any(row.state is RowState.AS_SHOWN for row in rows))
        assert learner.screen._panes.prompt(HOST) is Prompt.BUSY
        await learner.type("exit")
        await learner.sees("other shell (ended)")
        await learner.press("shift+tab", "A")
        await learner.until(lambda: learner.screen._panes.prompt(OTHER_SHELL) is Prompt.READY)
        await learner.until(lambda: learner.app.focused is learner.terminal(OTHER_SHELL))
        await learner.press("shift+tab", "x", "y")
        await learner.until(lambda: learner.terminal(OTHER_SHELL) is None)
        await learner.until(lambda: learner.screen._panes.prompt(HOST) is Prompt.READY)


async def test_keys_wait_for_another_shell_that_is_still_opening(sit_down):
    """In the lesson, they would act."""
    async with sit_down("one") as learner:
        learner.at_once("A", "touch note", "<enter>")
        await learner.sees("✓ There is a note")
        assert learner.app.focused is learner.terminal(OTHER_SHELL)
        assert learner.terminal(HOST).text.count("touch") == 0


async def test_keys_for_a_shell_that_does_not_open_are_dropped_with_a_word(sit_down, monkeypatch):
    async with sit_down("one") as learner:
        session = learner.screen._controller.session

        may_fail = threading.Event()

        def fail(target: str) -> None:
            may_fail.wait()
            raise EngineError(f"no {target}")

        monkeypatch.setattr(session, "show", fail)
        learner.at_once("A", "nh")
        await learner.until(lambda: learner.app.settled)
        may_fail.set()
        await learner.is_told("What you typed for it is dropped")
        await learner.until(lambda: learner.terminal(HOST).display)
        assert learner.lab().hints == 0
        assert learner.lab().step == "say-it"
        await learner.press("h")
        await learner.until(lambda: learner.lab().hints == 1)


async def test_a_key_leads_from_a_terminal_to_the_next_one(sit_down):
    async with sit_down("one") as learner:
        await learner.press("t")
        # The bar shows the terminal's keys by then.
        await learner.sees("Leave terminal")
        assert "F4" not in learner.text
        await learner.press("shift+tab")
        await learner.sees("l Launch")
        assert "T Next terminal" not in learner.text
        await launched(learner)
        await learner.sees("T Next terminal")
        await learner.press("t")
        await learner.until(lambda: learner.app.focused is learner.terminal("box"))
        await learner.sees("F4 Next terminal")
        await learner.press("f4")
        await learner.until(lambda: learner.app.focused is learner.terminal(HOST))
        await learner.press("f4")
        await learner.until(lambda: learner.app.focused is learner.terminal("box"))


async def test_keys_right_after_that_one_are_the_next_terminals(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("t")
        await learner.until(lambda: learner.app.focused is learner.terminal("box"))
        learner.at_once("<f4>", "l", "s", "<f4>", "p", "w", "<f4>", "<backspace>", "x")
        await learner.until(lambda: learner.terminal(HOST).text.rstrip().endswith("lx"))
        # A terminal shows what it was told once it is in front again.
        await learner.press("f4")
        await learner.until(lambda: learner.terminal("box").text.rstrip().endswith("pw"))


async def test_keys_typed_for_a_shell_that_is_opening_are_kept_when_it_is_asked_for_again(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("A", "touch ", "<shift+tab>", "A", "note", "<enter>")
        await learner.sees("✓ There is a note")
        assert learner.terminal(HOST).text.count("touch") == 0


async def test_skipping_does_not_leave_a_step_that_could_not_be_solved(sit_down):
    async with sit_down("one") as learner:
        await busy(learner, "sleep 600")
        await learner.press("S")
        await learner.sees("End it, and solve (S)")
        assert learner.lab().step == "say-it"
        await learner.answer("S")
        await learner.until(lambda: learner.lab().step == "think")
        assert learner.lab().of("say-it").skipped
        assert learner.lab().passed == {"hello", "note"}, "what came of it is known by then"


async def test_work_by_hand_after_a_failed_solution_is_the_learners_own(sit_down):
    async with sit_down("one") as learner:
        await busy(learner, "sleep 600")
        await learner.press("s")
        await learner.answer("s")
        await learner.sees("still runs in your shell")
        await learner.answer("escape")
        await learner.press("t", "ctrl+c", "shift+tab")
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")
        await learner.press("T")
        await in_the_terminal(learner, "echo hello")
        await learner.sees("✓ Somebody said hello")
        assert not learner.lab().of("say-it").solved


async def test_a_busy_container_is_named_too(sit_down, engine):
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "sleep 600")
        await learner.until(lambda: learner.terminal("box").text.endswith("sleep 600"))
        await learner.press("s")
        await learner.answer("s")
        await learner.sees("still runs in box")
        await learner.answer("s")
        await learner.until(lambda: learner.lab().passed == {"hello", "note"})


async def test_space_insists_as_it_announces(sit_down):
    """While the command that it typed still runs: it says so, and the next time types the next one all the same."""
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("space")
        await learner.until(lambda: "one\n" in learner.terminal("box").text)
        await learner.until(lambda: not learner.screen._controller.running)
        await in_the_terminal(learner, "cat")
        await learner.until(lambda: learner.terminal("box").text.endswith("cat"))
        await learner.press("space")
        await learner.insist("space", "The same again types it anyway.")
        await learner.until(lambda: learner.terminal("box").text.count("echo two") == 2)


async def test_space_does_not_go_on_while_a_command_runs_unless_asked_twice(sit_down):
    async with sit_down("one") as learner:
        for _ in range(4):
            await learner.press("space")
            await learner.until(lambda: not learner.screen._controller.running)
            await learner.until(lambda: not learner.screen.query_one(StatusLine).busy)
        learner.screen._controller.show_running("box")
        await in_the_terminal(learner, "sleep 600")
        await learner.press("space")
        await learner.insist("space", "Space again goes on anyway")
        await learner.is_told("Now it is your turn.")


async def test_space_gives_no_answer_away(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("space")
        await learner.is_told("A question for you")
        assert not learner.lab().of("think").answers
        assert "There is always one." not in learner.text
        await learner.press("down", "enter")
        await learner.sees("✓ For a reason.")
        assert learner.lab().of("think").answers == {"why": 1}


async def test_space_again_leaves_a_question_open(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await learner.hold("space")
        assert isinstance(learner.screen, LabScreen), "no warning can be read so fast"
        await learner.insist("space", "again goes on without an answer")
        await learner.sees("some checks are still open")
        assert not learner.lab().of("think").answers


async def in_a_container_by_hand(learner) -> None:
    """Have a shell in what stands for a container that the learner has started in their own shell."""
    relay = 'import pty; pty.spawn(["bash", "--norc"])'
    await learner.press("t")
    learner.at_once(f"(exec -a docker {sys.executable} -c '{relay}' run -it --rm lab sh)", "<enter>")
    session = learner.screen._controller.session
    await learner.until(lambda: session.run_by_hand(HOST) is not None)
    await learner.until(lambda: learner.screen._panes.prompt(HOST).takes_command)
    await learner.press(Terminal.LEAVE_KEY)


async def test_a_command_for_the_own_shell_is_not_typed_into_a_container_started_there(sit_down):
    async with sit_down("one") as learner:
        await in_a_container_by_hand(learner)
        row = learner.screen.query(CommandRow).last()
        row.action_type()
        await learner.has_read("The program docker still runs in your shell. exit and Enter ends it there.")
        assert "at home" not in learner.terminal().text
        row.action_type()
        await learner.until(lambda: row.state is RowState.AS_SHOWN)


async def test_solving_does_not_type_into_a_container_started_by_hand(sit_down):
    async with sit_down("one") as learner:
        await in_a_container_by_hand(learner)
        await learner.press("s")
        await learner.answer("s")
        await learner.sees("The program docker still runs in your shell", "End it, and solve (s)")
        await learner.answer("s")
        await learner.until(lambda: learner.lab().of("say-it").solved)
        assert learner.screen._controller.session.run_by_hand(HOST) is None
