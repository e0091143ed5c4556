"""A step that is come back to, or begun again."""

import pytest

from runner.lab.read.workshop import read_workshop
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.widgets.lesson.checks import CheckRow
from runner.tui.widgets.terminal.tabs import Terminals
from tests.tui.in_a_lab import in_no_haste, in_the_terminal, launched

TASK = """```console
$ echo away
away
```

```check
id: again
describe: Somebody said hello again
probe: {transcript: {in: box, command: '^echo'}}
expect: {exit: 0, output: '^hello again$'}
explain: Words are output too.
mutants: [{run: echo goodbye, in: box, why: another word}]
```

```solve in=box
# echo hello again
hello again
```

```quiz
"""


@pytest.fixture
def workshop(workshop):
    """The second step goes on in the learner's own shell, and needs the container of the first one."""
    folder = workshop.labs[0].path.parent
    text = (folder / "01-one.md").read_text()
    (folder / "01-one.md").write_text(text.replace("```quiz\n", TASK))
    reading = read_workshop(folder)
    assert not reading.errors, reading.errors
    return reading.workshop


async def test_a_failed_check_is_shown_as_such_at_once_wherever_the_learner_was_meanwhile(sit_down):
    """In another step, or at the list; with what is known of the failure, until it is begun again."""
    async with sit_down("one", size=(80, 24)) as learner:
        await launched(learner)
        await in_the_terminal(learner, "echo goodbye")
        await learner.sees("✗ Somebody said hello", "That is what one says at the end.")
        await learner.press("n")
        await learner.sees("Step 2 of 2")
        await learner.press("p")
        await learner.sees("Step 1 of 2", "✗ Somebody said hello", "That is what one says at the end.")
        await learner.press("q")
        await learner.is_at_the_labs()
        await learner.press("enter")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        await learner.until(lambda: learner.screen.query(CheckRow))
        assert learner.screen.query(CheckRow).first().told[0].plain.startswith("✗")
        await learner.sees("✗ Somebody said hello", "seen: exit status 0, output 'goodbye'")
        assert "✗ There is a note" not in learner.text
        await in_no_haste(learner)
        await learner.press("x")
        await learner.sees("Begin this step again?")
        await learner.press("y")
        await learner.sees("○ Somebody said hello")


async def test_the_terminal_in_front_is_the_one_that_the_step_goes_on_in(sit_down):
    """Not that of the container, which comes back after it."""
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("n")
        await learner.sees("echo away")
        terminals, before = learner.screen.query_one(Terminals), set(learner.engine.containers)
        await learner.press("x")
        await learner.sees("Begin this step again?")
        await learner.press("y")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        await learner.until(lambda: learner.engine.containers and not before & set(learner.engine.containers))
        await learner.until(lambda: terminals.terminal("box") is not None)
        await in_no_haste(learner)
        assert terminals.active == "host"
