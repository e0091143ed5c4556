"""What a session tells is shown and recorded by the lab's controller."""

from dataclasses import replace

from runner.check.outcome import Errored, Failed, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model.workshop import ConsoleBlock
from runner.learner.session.events import (
    CheckJudged,
    CheckMissed,
    CommandSeen,
    CommandsTypedAgain,
    ConsoleDropped,
    ConsoleOpened,
)
from runner.record.event import Alive, CheckTried, EngineTrouble, Trial
from runner.shell.recorder import CommandFinished
from tests.tui.lab.fake_view import ready


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


async def test_a_container_in_which_commands_were_typed_again_is_named(opened):
    async with opened() as (controller, view):
        await ready(controller, view)
        controller.heard(CommandsTypedAgain("box"))
        assert "box is new: the lesson's earlier commands were typed in it." in view.said[-1]


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
