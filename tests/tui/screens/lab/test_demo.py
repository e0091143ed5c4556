"""A lab that plays itself."""

from dataclasses import replace

import pytest

from runner.errors import EngineError
from runner.lab.model.workshop import Workshop
from runner.tui.screens.lab.demo import Tempo


async def test_a_lab_is_played_to_its_end(sit_down):
    """The lesson's commands are typed, its tasks are solved, and its questions are answered, as by a person."""
    async with sit_down("one", demo=Tempo(50)) as learner:
        await learner.until(lambda: learner.lab().finished)
        await learner.sees("The first lab: done", "Solved for you: nothing")
        await learner.until(lambda: learner.app.return_value is not None or not learner.app.is_running)
    assert learner.app.stuck is None
    state = learner.lab()
    assert state.passed == {"hello", "note"}
    assert [answer for step in state.steps.values() for answer in step.answers.values()] == [1]


async def test_leaving_it_ends_it(sit_down):
    async with sit_down("one", demo=Tempo(0.1)) as learner:
        await learner.sees("q Leave")
        await learner.press("q")
        await learner.until(lambda: not learner.app.is_running or learner.app.return_code is not None)
    assert learner.app.return_code == 0
    assert learner.app.stuck is None


async def test_without_an_engine_it_says_so(sit_down):
    async with sit_down("one", demo=Tempo(50), failures=[EngineError("no engine here")]) as learner:
        await learner.until(lambda: learner.app.stuck)
    assert "there is no engine" in str(learner.app.stuck)


async def test_a_step_that_does_not_pass_ends_it(sit_down, monkeypatch):
    monkeypatch.setattr("runner.tui.screens.lab.demo.CHECK_SECONDS", 0.5)
    async with sit_down("unsolved", demo=Tempo(50)) as learner:
        await learner.until(lambda: learner.app.stuck)
    assert "01-one.md:" in str(learner.app.stuck)
    assert "not every check of the step 'Say it' has passed" in str(learner.app.stuck)


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    """With a lab whose solution leaves the note out."""
    lab = workshop.labs[0]
    step = replace(lab.steps[0], blocks=lab.steps[0].blocks[:-1])
    return replace(workshop, labs=(*workshop.labs, replace(lab, id="unsolved", steps=(step,))))
