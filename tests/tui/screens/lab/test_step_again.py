"""A step that is begun again: which terminal is in front."""

import pytest

from runner.lab.read.workshop import read_workshop
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.widgets.terminal.tabs import Terminals
from tests.tui.in_a_lab import in_no_haste, launched

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


async def test_it_is_the_one_that_the_step_goes_on_in(sit_down):
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
