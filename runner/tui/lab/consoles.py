"""A learner's requests for containers, commands and shells."""

from typing import TYPE_CHECKING

from runner.check.docker_run import docker_run
from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import HOST, ContainerBlock, console_name
from runner.language import tr
from runner.shell.prompt_state import Prompt
from runner.tui.errors import CannotTypeError
from runner.tui.lab.controller import LabController
from runner.tui.lab.warning import Warnings

if TYPE_CHECKING:
    from runner.learner.session.session import LearnerSession
    from runner.tui.lab.view import LabView

PROMPT_PATIENCE = 1.0
"""Seconds that a shell may take to return to its prompt before it counts as busy."""


class ConsoleActions:
    """Launches the step's containers, and types the lesson's commands into the consoles."""

    def __init__(self, controller: LabController, view: "LabView", warnings: Warnings) -> None:
        self._controller = controller
        self._view = view
        self._warnings = warnings
        self._refused: list[ContainerBlock] = []

    async def launch_next(self) -> None:
        """Launch the next container of the step."""
        blocks = self._containers()
        left = [block for block in blocks if block.name not in self._controller.launched]
        # A learner who asks again may have removed the obstacle.
        block = next((block for block in (*left, *blocks) if block in left or block in self._refused), None)
        if block is None:
            if blocks:
                self._view.say(
                    tr("Everything in this step is launched."),
                    way_on=tr("`tab` leads to each container's Relaunch, and `enter` presses it."),
                )
            else:
                self._view.say(tr("This step launches nothing."))
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
        if session is not None and self._controller.files.gone:
            await self._controller.files.reopen_shells()
        if session is None or not await self._opened(session, target):
            return
        insist = self._warnings.insists(command.text)
        try:
            if not insist and self._in_a_container(session, target, command):
                raise CannotTypeError.not_at_prompt(target)
            self._view.type(target, command, insist=insist)
        except CannotTypeError as refusal:
            why = await self._controller.why_not_typed(target, refusal)
            if refusal.insisting:
                again = tr("{refusal} The same again types it anyway.", refusal=why)
                way_on = tr("`A` opens another shell.") if target == HOST else ""
                self._warnings.warn(command.text, again, way_on=way_on, severity="warning")
            else:
                self._view.say(why, way_on=refusal.way_on, severity="warning", timeout=12)
            return
        self._controller.typed.add(command)
        self._controller.show_running(target)
        self._view.show_typed(command)

    def _in_a_container(self, session: "LearnerSession", target: str, command: Command) -> bool:
        """True if a `docker run` of the learner's has the shell, and not one that the lesson has typed before."""
        if session.run_by_hand(target) is None:
            return False
        before: list[Command] = []
        for block in self._controller.step.consoles:
            if command in block.commands:
                before += block.commands[: block.commands.index(command)]
        return not any(docker_run(earlier.text) for earlier in before)

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

    def _containers(self) -> list[ContainerBlock]:
        return list(self._controller.step.containers)
