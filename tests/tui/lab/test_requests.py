"""What a learner asks of a lab's controller, and what is said of it."""

import asyncio
import threading

import pytest

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.lab.model.workshop import ContainerBlock
from runner.learner.session.events import CheckJudged
from runner.record.event import EngineBack, LabReset, StepEntered, StepReset
from runner.tui.lab.actions import LabActions
from tests.tui.lab.fake_view import ready
from tests.waiting import until


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


async def test_what_is_asked_of_the_checks_is_answered_also_where_nothing_has_changed(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        actions = LabActions(controller, view)
        view.said.clear()
        for _ in range(2):
            actions.check()
            await until(lambda: view.said)
            assert view.said == [": Checked now: not everything has passed yet. `a` says what is missing."]
            view.said.clear()
        (controller.session.workspace.root / "note").touch()
        actions.check()
        await until(lambda: view.said)
        assert "not everything has passed yet" in view.said[-1]
        assert controller.record.state.passed == {"note"}
        hello = controller.step.checks[0]
        controller.heard(CheckJudged("say-it", hello, Passed(), asked=False))
        view.said.clear()
        actions.check()
        assert "Step done" in view.said[-1]
        assert "`n` goes on" in view.said[-1]


@pytest.mark.parametrize("outcome", [Errored, Broken])
async def test_what_cannot_be_checked_is_not_said_to_have_failed(opened, monkeypatch, outcome):
    async with opened() as (controller, view):
        await ready(controller, view)
        monkeypatch.setattr(controller.session, "check", lambda: None)
        view.said.clear()
        LabActions(controller, view).check()
        for check in controller.step.checks:
            result = outcome("the engine is gone", check.span)
            controller.heard(CheckJudged(controller.step.id, check, result, asked=True))
        assert ": Not everything could be checked. `a` says why." in view.said


@pytest.mark.parametrize("begun_again", [(StepReset(), "say-it"), (LabReset(), "")])
async def test_what_fails_again_after_a_reset_is_recorded_again(opened, begun_again):
    async with opened() as (controller, _):
        record, step = controller.record, controller.step
        check = step.checks[0]
        failed = Failed("hello", "bye", check.span)
        record.judged(step.id, check.id, failed, asked=False)
        record.note(*begun_again)
        record.note(StepEntered(), step.id)
        assert not record.failures(step)
        record.judged(step.id, check.id, failed, asked=False)
        assert record.failures(step) == {check.id: failed}
