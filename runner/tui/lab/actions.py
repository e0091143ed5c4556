"""A learner's actions in a lab."""

from typing import TYPE_CHECKING

from runner.lab.model.workshop import QuizBlock, console_name
from runner.language import tr
from runner.record.event import (
    HintShown,
    LabFinished,
    LabReset,
    QuizAnswered,
    StepReset,
    StepSkipped,
    StepSolved,
)
from runner.tui.lab.consoles import PROMPT_PATIENCE, ConsoleActions
from runner.tui.lab.controller import LabController
from runner.tui.lab.solution import Solution
from runner.tui.lab.warning import Warnings

if TYPE_CHECKING:
    from runner.learner.session.session import LearnerSession
    from runner.tui.lab.view import LabView

# Requests that the learner can insist on, besides commands, which are known by their text.
_SOLVE, _RUNNING, _QUESTION = "solve", "go on while a command runs", "leave a question"


class LabActions:
    """Performs the learner's requests through the controller, and has the view show them; one at a time."""

    def __init__(self, controller: LabController, view: "LabView") -> None:
        self._controller = controller
        self._view = view
        self._warnings = Warnings(view)
        self.consoles = ConsoleActions(controller, view, self._warnings)
        self.solution = Solution(controller, view)

    async def guide(self) -> None:
        """Do the next action of the step, whatever it is."""
        from runner.learner.guide import Advance, Answer, Launch, Solve, Type, next_action

        controller = self._controller
        state = controller.record.of(controller.step)
        following = next_action(
            controller.step,
            launched=controller.launched,
            typed=controller.typed,
            passed=state.passed,
            answered=state.answers,
        )
        match following:
            case Launch(block):
                await self.consoles.launch(block)
            case Type(target, command):
                await self.consoles.type(target, command)
            case _ if controller.running and not await self._finished(controller.running):
                pass
            case Solve():
                await self._give_the_turn()
            case Answer(quiz):
                await self._ask_question(quiz)
            case Advance():
                await self.go(+1)

    async def _finished(self, target: str) -> bool:
        """True if the command typed in a console has ended, or the learner does not wait for it."""
        session = self._controller.session
        if session is None or self._warnings.insists(_RUNNING):
            return True
        doing = tr("waiting for {console_name}", console_name=console_name(target))
        await self._controller.ask(doing, lambda: session.wait_for_prompt(target, PROMPT_PATIENCE))
        await self._view.told()
        if not self._controller.running:
            return True
        self._warnings.warn(
            _RUNNING,
            tr("The command in {console_name} still runs.", console_name=console_name(target)),
            way_on=tr("`space` again goes on anyway."),
        )
        return False

    async def _ask_question(self, quiz: QuizBlock) -> None:
        """Have the learner answer; if they refuse, go on."""
        if self._warnings.insists(_QUESTION):
            await self.go(+1)
        else:
            self._view.show_question(quiz)
            self._warnings.warn(
                _QUESTION,
                tr(
                    "A question for you: choose with the arrow keys, answer with Enter, or press an answer's number."
                ),
                way_on=tr("`space` again goes on without an answer."),
                topic="task",
            )

    # Checks, hints and solutions.

    def check(self) -> None:
        """Evaluate every check now."""
        if not self._controller.step.checks:
            self._view.say(tr("This step has nothing to check."))
        elif (session := self._controller.ready()) is not None:
            self._controller.check(session)

    def hint(self) -> None:
        """Show one more hint."""
        step, record = self._controller.step, self._controller.record
        if record.of(step).hints >= len(step.hints):
            none_left = tr("There are no more hints:") if step.hints else tr("This step has no hints:")
            self._view.say(none_left, way_on=tr("`s` solves the step."), topic="task")
            return
        # First, since it helps also where it cannot be recorded.
        self._view.show_hints(record.of(step).hints + 1)
        self._controller.note(HintShown(), step.id)

    async def _give_the_turn(self) -> None:
        """Leave the task to the learner; asked for again, it is solved."""
        if self._warnings.insists(_SOLVE):
            await self.solution.solve(StepSolved(), "space")
        else:
            self._view.show_task()
            self._warnings.warn(
                _SOLVE,
                tr("Now it is your turn."),
                way_on=tr("Press `space` again to have the step solved before your eyes."),
                topic="task",
            )

    async def skip(self) -> None:
        """Go on; have a step that is not done solved first, and stay if it cannot be solved."""
        controller = self._controller
        if controller.record.done(controller.step) or await self.solution.solve(StepSkipped(), "S"):
            await self.go(+1, late=True)

    def answer(self, quiz: QuizBlock, option: int) -> None:
        """Answer a question of the lesson."""
        correct = quiz.options[option].correct
        step = self._controller.step.id
        self._controller.note(QuizAnswered(quiz.id, option, correct), step)

    # Steps.

    async def go(self, by: int, *, late: bool = False) -> None:
        """Go `by` steps on; after the last one, to the summary. `late`: the learner may be typing by now."""
        controller = self._controller
        steps = controller.lab.steps
        place = steps.index(controller.step) + by
        if place < 0:
            self._view.say(tr("This is the first step."))
        elif place < len(steps):
            await controller.go_to(steps[place])
        else:
            if controller.record.complete and not controller.record.state.finished:
                controller.note(LabFinished())
            self._view.show_summary(late=late or controller.turns.queued)

    async def reset_step(self, session: "LearnerSession") -> None:
        """Begin the step again."""
        controller = self._controller
        controller.note(StepReset(), controller.step.id)
        known = controller.record.solutions_known
        controller.files.place(session, fresh=True)
        await controller.ask(tr("resetting the step"), lambda: session.reset_step(done=known))
        await controller.show_step()
        # The consoles that are open again, each of which came to the front.
        await self._view.told()
        controller.offer_terminal()

    async def reset_lab(self, session: "LearnerSession") -> None:
        """Begin the lab again."""
        kept = await self._controller.ask(tr("resetting the lab"), session.reset_lab)
        if kept is not None:
            self._controller.note(LabReset())
            if kept.exists():
                self._view.say(tr("Your files of before are in {kept}", kept=kept), timeout=10)
            await self._controller.go_to(self._controller.lab.steps[0])
