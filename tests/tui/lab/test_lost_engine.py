"""A lab's controller goes on when the engine is lost."""

from runner.check.outcome import Failed
from runner.engine.api import EngineUnavailable, Loss
from runner.learner.session.events import (
    CheckJudged,
)
from runner.learner.session.session import LearnerSession
from runner.record.event import EngineBack, EngineTrouble
from tests.tui.lab.fake_view import ready
from tests.waiting import until


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


async def test_a_check_that_fails_has_the_engine_looked_after(opened, engine):
    async with opened() as (controller, view):
        await ready(controller, view)
        view.answers = [False]
        engine.dead.set()
        check = controller.step.checks[0]
        controller.heard(CheckJudged("say-it", check, Failed("", "", check.span), asked=True))
        await until(lambda: view.asked == ["The engine went away"])
        await until(lambda: view.texts("show_no_terminal"))


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
