"""What a learner can do in a lab."""

import time
from typing import TYPE_CHECKING

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import ContainerBlock, QuizBlock, console_name
from runner.learner.events import Kind
from runner.learner.prompt import Prompt
from runner.tui.controller import LabController
from runner.tui.typist import CannotTypeError
from runner.tui.view import LabView

if TYPE_CHECKING:
    from runner.learner.session import LearnerSession

PATIENCE = 6.0
"""Seconds within which a key pressed again means: do it all the same."""
PROMPT_PATIENCE = 1.0
"""Seconds that a shell may take to come back to its prompt before it counts as busy."""


class LabActions:
    """Does what the learner asks for, through the controller, and has the view show it; one thing at a time."""

    def __init__(self, controller: LabController, view: LabView) -> None:
        self._controller = controller
        self._view = view
        self._warned: tuple[str, float] = ("", 0.0)

    async def guide(self) -> None:
        """Do the next thing of the step, whatever it is."""
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
                await self.launch(block)
            case Type(target, command):
                await self.type(target, command)
            case Solve():
                await self.offer_to_solve("space", "Now it is your turn. ")
            case Answer(quiz):
                right = next(number for number, option in enumerate(quiz.options) if option.correct)
                self._view.show_answer(quiz, right)
                self.answer(quiz, right)
            case Advance():
                await self.go(+1)

    # Containers and commands.

    async def launch_next(self) -> None:
        """Launch the next container of the step."""
        blocks = self._containers()
        block = next((block for block in blocks if block.name not in self._controller.launched), None)
        if block is None:
            self._view.say(
                "Everything in this step is launched." if blocks else "This step launches nothing."
            )
        else:
            await self.launch(block)

    async def launch(self, block: ContainerBlock) -> None:
        """Launch a container."""
        session = self._controller.ready()
        if session is None:
            return
        self._view.show_launch(block.name)
        outcome = await self._controller.ask(f"launching {block.name}", lambda: session.launch(block))
        if isinstance(outcome, Passed | Failed):
            # One that did not go as the lesson says would not the next time either.
            self._controller.launched.add(block.name)
        match outcome:
            case Passed(observed) if not block.starts:
                self._view.say(observed, title="As the lesson says", timeout=10)
            case Failed(expected=expected, actual=actual):
                self._controller.failed(EngineError(f"expected: {expected}\nbut: {actual}"))
            case Broken(reason, _) | Errored(reason, _):
                self._controller.failed(EngineError(reason))

    async def type_next(self) -> None:
        """Type the next command of the lesson."""
        from runner.learner.guide import Type, lesson_actions

        controller = self._controller
        actions = lesson_actions(controller.step, launched=controller.launched, typed=controller.typed)
        following = next((action for action in actions if isinstance(action, Type)), None)
        if following is None:
            self._view.say("Every command of this step has been run.")
        else:
            await self.type(following.target, following.command)

    async def type(self, target: str, command: Command) -> None:
        """Type a command; into a shell that is busy only if the learner insists."""
        session = self._controller.ready()
        if session is None or not await self._opened(session, target):
            return
        warned, when = self._warned
        insist = warned == command.text and time.monotonic() - when < PATIENCE
        try:
            self._view.type(target, command, insist=insist)
        except CannotTypeError as refusal:
            self._warned = (command.text, time.monotonic())
            more = " The same again types it all the same." if refusal.insisting else ""
            self._view.say(f"{refusal}{more}", severity="warning")
            return
        if insist:
            self._view.unsay()
        self._controller.typed.add(command)
        self._view.show_running(target)
        self._view.show_typed(command)

    async def _opened(self, session: "LearnerSession", target: str) -> bool:
        """Whether the console `target` is there to be typed into, launching its container if need be."""
        ask, prompt = self._controller.ask, self._view.prompt(target)
        if prompt is not Prompt.ENDED:
            if prompt is Prompt.BUSY:
                await ask(
                    f"waiting for {console_name(target)}",
                    lambda: session.wait_for_prompt(target, PROMPT_PATIENCE),
                )
            return True
        block = next((block for block in self._containers() if block.name == target), None)
        if block is not None and target not in self._controller.launched:
            await self.launch(block)
        else:
            await ask(f"opening {console_name(target)}", lambda: session.show(target))
        ready = await ask(f"waiting for {console_name(target)}", lambda: session.wait_for_prompt(target))
        await self._view.told()
        return bool(ready)

    async def reopen(self, session: "LearnerSession", target: str) -> None:
        """Open a console whose shell has ended."""

        def show() -> bool:
            session.show(target)
            return True

        if not await self._controller.ask(f"opening {console_name(target)}", show):
            self._view.not_reopened(target)

    # Checks, hints and solutions.

    def check(self) -> None:
        """Look at every check now."""
        if not self._controller.step.checks:
            self._view.say("This step has nothing to check.")
        elif (session := self._controller.ready()) is not None:
            session.check()

    def hint(self) -> None:
        """Show one more hint."""
        step, record = self._controller.step, self._controller.record
        if record.of(step).hints >= len(step.hints):
            none_left = (
                "There are no more hints: s solves the step." if step.hints else "This step has no hints."
            )
            self._view.say(none_left)
            return
        self._controller.note(Kind.HINT, step.id)
        self._view.show_hints(record.of(step).hints)

    async def offer_to_solve(self, key: str, why: str) -> None:
        """Solve the step in the terminal, for the learner to watch, if they ask twice."""
        if self._again("solve"):
            await self._solve(Kind.SOLVED)
        else:
            self._view.say(
                f"{why}Press {key} again to have the step solved before your eyes.", timeout=PATIENCE
            )

    async def skip(self) -> None:
        """Have the step solved, and go on."""
        await self._solve(Kind.SKIPPED)
        await self.go(+1)

    def answer(self, quiz: QuizBlock, option: int) -> None:
        """Answer a question of the lesson."""
        correct = quiz.options[option].correct
        step = self._controller.step.id
        self._controller.note(Kind.ANSWERED, step, quiz=quiz.id, option=option, correct=correct)

    async def _solve(self, kind: Kind) -> None:
        session = self._controller.ready()
        if session is None:
            return
        self._controller.note(kind, self._controller.step.id)
        outcome = await self._controller.ask("solving", session.solve)
        if isinstance(outcome, Failed):
            self._controller.failed(WorkshopError(f"expected: {outcome.expected}\nseen: {outcome.actual}"))

    def _again(self, what: str) -> bool:
        """Whether the learner insists: has asked for the same a moment ago."""
        asked, when = self._warned
        insists = asked == what and time.monotonic() - when < PATIENCE
        self._warned = ("", 0.0) if insists else (what, time.monotonic())
        if insists:
            # What asked for the second press has been answered.
            self._view.unsay()
        return insists

    # Steps.

    async def go(self, by: int) -> None:
        """Go so many steps on; after the last one, to the summary."""
        controller = self._controller
        steps = controller.lab.steps
        place = steps.index(controller.step) + by
        if place < 0:
            self._view.say("This is the first step.")
        elif place < len(steps):
            await controller.go_to(steps[place])
        else:
            if controller.record.complete and not controller.record.state.finished:
                controller.note(Kind.FINISHED)
            self._view.show_summary()

    async def reset_step(self, session: "LearnerSession") -> None:
        """Begin the step again."""
        controller = self._controller
        controller.note(Kind.STEP_RESET, controller.step.id)
        known = controller.record.solutions_known
        controller.place_files(session, fresh=True)
        await controller.ask("resetting the step", lambda: session.reset_step(done=known))
        await controller.show_step()

    async def reset_lab(self, session: "LearnerSession") -> None:
        """Begin the lab again."""
        kept = await self._controller.ask("resetting the lab", session.reset_lab)
        if kept is not None:
            self._controller.note(Kind.LAB_RESET)
            self._view.say(f"Your files of before are in {kept}", timeout=10)
            await self._controller.go_to(self._controller.lab.steps[0])

    def _containers(self) -> list[ContainerBlock]:
        return [block for block in self._controller.step.blocks if isinstance(block, ContainerBlock)]
