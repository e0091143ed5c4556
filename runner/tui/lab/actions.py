"""A learner's actions in a lab."""

from typing import TYPE_CHECKING

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import HOST, ContainerBlock, FileBlock, QuizBlock, console_name
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
from runner.shell.prompt_state import Prompt
from runner.tui.errors import CannotTypeError
from runner.tui.keys.insistence import PATIENCE, Insistence
from runner.tui.lab.controller import LabController

if TYPE_CHECKING:
    from runner.check.outcome import Outcome
    from runner.learner.session.busy import ShellBusyError
    from runner.learner.session.session import LearnerSession
    from runner.tui.announcement import Severity, Topic
    from runner.tui.lab.view import LabView

PROMPT_PATIENCE = 1.0
"""Seconds that a shell may take to return to its prompt before it counts as busy."""

# Requests that the learner can insist on, besides commands, which are known by their text.
_SOLVE, _RUNNING, _QUESTION = "solve", "go on while a command runs", "leave a question"


class LabActions:
    """Performs the learner's requests through the controller, and has the view show them; one at a time."""

    def __init__(self, controller: LabController, view: "LabView") -> None:
        self._controller = controller
        self._view = view
        self._insistence = Insistence()
        self._refused: list[ContainerBlock] = []

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
                await self.launch(block)
            case Type(target, command):
                await self.type(target, command)
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
        if session is None or self._insistence.insists(_RUNNING):
            return True
        doing = tr("waiting for {console_name}", console_name=console_name(target))
        await self._controller.ask(doing, lambda: session.wait_for_prompt(target, PROMPT_PATIENCE))
        await self._view.told()
        if not self._controller.running:
            return True
        self._warn(
            _RUNNING,
            tr("The command in {console_name} still runs.", console_name=console_name(target)),
            way_on=tr("`space` again goes on anyway."),
        )
        return False

    async def _ask_question(self, quiz: QuizBlock) -> None:
        """Have the learner answer; if they refuse, go on."""
        if self._insists(_QUESTION):
            await self.go(+1)
        else:
            self._view.show_question(quiz)
            self._warn(
                _QUESTION,
                tr("A question for you: choose with the arrow keys, answer with Enter."),
                way_on=tr("`space` again goes on without an answer."),
                topic="task",
            )

    # Containers and commands.

    async def launch_next(self) -> None:
        """Launch the next container of the step."""
        blocks = self._containers()
        left = [block for block in blocks if block.name not in self._controller.launched]
        # A learner who asks again may have removed the obstacle.
        block = next((block for block in (*left, *blocks) if block in left or block in self._refused), None)
        if block is None:
            self._view.say(
                tr("Everything in this step is launched.") if blocks else tr("This step launches nothing.")
            )
        else:
            await self.launch(block)

    async def launch(self, block: ContainerBlock) -> None:
        """Launch a container."""
        session = self._controller.ready()
        if session is None:
            return
        self._view.show_launch(block.name)
        outcome = await self._controller.ask(
            tr("launching {name}", name=block.name), lambda: session.launch(block)
        )
        if isinstance(outcome, Passed | Failed):
            # One that did not go as the lesson says would not the next time either, so the next key goes on without it.
            self._controller.launched.add(block.name)
        if isinstance(outcome, Failed) and block.starts:
            self._refused.append(block)
        elif block in self._refused:
            self._refused.remove(block)
        if isinstance(outcome, Passed):
            self._controller.record.engine_back(self._controller.step.id)
        match outcome:
            case Passed(observed) if not block.starts:
                self._view.say(observed, title=tr("As the lesson says"), timeout=10)
            case Failed(expected=expected, actual=actual):
                self._controller.failed(
                    EngineError(tr("expected: {expected}\nbut: {actual}", expected=expected, actual=actual))
                )
            case Broken(reason, _) | Errored(reason, _):
                self._controller.failed(EngineError(reason))

    async def type_next(self) -> None:
        """Type the next command of the lesson."""
        from runner.learner.guide import Type, lesson_actions

        controller = self._controller
        actions = lesson_actions(controller.step, launched=controller.launched, typed=controller.typed)
        following = next((action for action in actions if isinstance(action, Type)), None)
        if following is None:
            self._view.say(tr("Every command of this step has been run."))
        else:
            await self.type(following.target, following.command)

    async def type(self, target: str, command: Command) -> None:
        """Type a command; into a busy shell only if the learner insists."""
        session = self._controller.ready()
        if session is not None and self._controller.workspace_gone:
            await self._controller.reopen_shells()
        if session is None or not await self._opened(session, target):
            return
        insist = self._insists(command.text)
        try:
            self._view.type(target, command, insist=insist)
        except CannotTypeError as refusal:
            why = await self._controller.why_not_typed(target, refusal)
            if refusal.insisting:
                again = tr("{refusal} The same again types it anyway.", refusal=why)
                way_on = tr("`A` opens another shell.") if target == HOST else ""
                self._warn(command.text, again, way_on=way_on, severity="warning")
            else:
                self._view.say(why, way_on=refusal.way_on, severity="warning", timeout=12)
            return
        self._controller.typed.add(command)
        self._controller.show_running(target)
        self._view.show_typed(command)

    async def _opened(self, session: "LearnerSession", target: str) -> bool:
        """True if the console `target` is ready to be typed into, after launching its container if needed."""
        ask, prompt = self._controller.ask, self._view.prompt(target)
        if prompt is not Prompt.ENDED:
            if not prompt.takes_command:
                await ask(
                    tr("waiting for {console_name}", console_name=console_name(target)),
                    lambda: session.wait_for_prompt(target, PROMPT_PATIENCE),
                )
            return True
        block = next((block for block in self._containers() if block.name == target), None)
        if block is not None and target not in self._controller.launched:
            await self.launch(block)
        else:
            await ask(
                tr("opening {console_name}", console_name=console_name(target)), lambda: session.show(target)
            )
        ready = await ask(
            tr("waiting for {console_name}", console_name=console_name(target)),
            lambda: session.wait_for_prompt(target),
        )
        await self._view.told()
        return bool(ready)

    async def reopen(self, session: "LearnerSession", target: str) -> None:
        """Open a console whose shell has ended, or was never opened."""

        def show() -> bool:
            session.show(target)
            return True

        if not await self._controller.ask(
            tr("opening {console_name}", console_name=console_name(target)), show
        ):
            self._view.not_reopened(target)

    # Checks, hints and solutions.

    def check(self) -> None:
        """Evaluate every check now."""
        if not self._controller.step.checks:
            self._view.say(tr("This step has nothing to check."))
        elif (session := self._controller.ready()) is not None:
            session.check()

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

    async def offer_to_solve(self) -> None:
        """Ask whether the step is to be solved in the terminal, for the learner to watch."""
        if self._controller.ready() is None:
            return
        step, record = self._controller.step, self._controller.record
        self._view.unsay()
        if record.done(step):
            text = tr(
                "You can still watch its solution: its commands are typed, and its files are written. "
                "Nothing changes in what counts as done."
            )
            if await self._confirm(
                tr("You have done this step. Solve it all the same?"),
                text,
                yes=tr("Solve it"),
                no=tr("Leave it"),
                key="s",
            ):
                await self._solve(StepSolved(), "s")
            return
        left = len(step.hints) - record.of(step).hints
        text = tr(
            "You can watch: its commands are typed, and its files are written. It then counts as solved for you."
        )
        if left > 0:
            text += "\n\n" + tr(
                "Hints that you have not seen yet: {left}. In the lesson, h shows the next.", left=left
            )
        if await self._confirm(tr("Solve this step?"), text, yes=tr("Solve it"), no=tr("Not yet"), key="s"):
            await self._solve(StepSolved(), "s")

    async def _give_the_turn(self) -> None:
        """Leave the task to the learner; asked for again, it is solved."""
        if self._insists(_SOLVE):
            await self._solve(StepSolved(), "space")
        else:
            self._view.show_task()
            self._warn(
                _SOLVE,
                tr("Now it is your turn."),
                way_on=tr("Press `space` again to have the step solved before your eyes."),
                topic="task",
            )

    async def skip(self) -> None:
        """Go on; have a step that is not done solved first, and stay if it cannot be solved."""
        controller = self._controller
        if controller.record.done(controller.step) or await self._solve(StepSkipped(), "S"):
            await self.go(+1, late=True)

    def answer(self, quiz: QuizBlock, option: int) -> None:
        """Answer a question of the lesson."""
        correct = quiz.options[option].correct
        step = self._controller.step.id
        self._controller.note(QuizAnswered(quiz.id, option, correct), step)

    async def _solve(self, happening: StepSolved | StepSkipped, key: str, *, end: bool = False) -> bool:
        """Solve the step; False if that failed: then it is left to the learner, and not counted as solved for them.

        `end` ends busy programs in the needed terminals; the learner is asked first, and `key` pressed again agrees.
        """
        session = self._controller.ready()
        if session is None:
            return False
        step = self._controller.step
        # What the learner has done is not solved for them.
        done = self._controller.record.done(step)

        def solve() -> "Outcome | ShellBusyError":
            from runner.learner.session.busy import ShellBusyError

            try:
                return session.solve(end=end)
            except ShellBusyError as busy:
                return busy

        solved = await self._controller.ask(tr("solving"), solve)
        # The checks' results are in the record before the summary, say, is made from it.
        await self._view.told()
        self._controller.look_at_files()
        match solved:
            case Passed():
                if not done:
                    self._controller.note(happening, step.id)
                self._say_what_was_written()
                return True
            case Failed(expected=expected, actual=actual):
                self._controller.failed(
                    WorkshopError(
                        tr("expected: {expected}\nseen: {actual}", expected=expected, actual=actual)
                    )
                )
            case Broken(reason, _) | Errored(reason, _):
                self._controller.failed(EngineError(reason))
            case WorkshopError() as busy:
                again = await self._confirm(
                    tr("A shell is busy"),
                    busy.sentences,
                    yes=tr("End it, and solve"),
                    no=tr("Leave it"),
                    key=key,
                )
                return again and await self._solve(happening, key, end=True)
        return False

    def _say_what_was_written(self) -> None:
        """Name the files that the solution wrote: they show nowhere but in the lesson."""
        actions = self._controller.step.actions
        files = [block.name for block, solves in actions if solves and isinstance(block, FileBlock)]
        if files:
            self._view.say(tr("{name} was written.", name=", ".join(files)), way_on=tr("`e` shows it."))

    async def _confirm(self, title: str, text: str, *, yes: str, no: str, key: str) -> bool:
        # The question takes the next keys, so no key waits for the answer to be passed on.
        late = not self._controller.turns.rest()
        return await self._view.confirm(title, text, yes=yes, no=no, key=key, unasked=late)

    def _warn(
        self,
        what: str,
        text: str,
        *,
        way_on: str = "",
        severity: "Severity" = "information",
        topic: "Topic" = "",
    ) -> None:
        """Say why a request is not carried out at once; repeated after a pause, within a moment, it is."""
        self._view.say(text, way_on=way_on, severity=severity, timeout=PATIENCE, topic=topic)
        self._insistence.warn(what)

    def _insists(self, what: str) -> bool:
        """True if the learner insists: they were warned of the same a moment ago."""
        insists = self._insistence.insists(what)
        if insists:
            # The question that asked for the second press has been answered.
            self._view.unsay()
        return insists

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
        controller.place_files(session, fresh=True)
        await controller.ask(tr("resetting the step"), lambda: session.reset_step(done=known))
        await controller.show_step()

    async def reset_lab(self, session: "LearnerSession") -> None:
        """Begin the lab again."""
        kept = await self._controller.ask(tr("resetting the lab"), session.reset_lab)
        if kept is not None:
            self._controller.note(LabReset())
            if kept.exists():
                self._view.say(tr("Your files of before are in {kept}", kept=kept), timeout=10)
            await self._controller.go_to(self._controller.lab.steps[0])

    def _containers(self) -> list[ContainerBlock]:
        return list(self._controller.step.containers)
