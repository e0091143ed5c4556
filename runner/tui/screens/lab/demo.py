"""A lab that plays itself, at the speed of a person who reads and types."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from runner.errors import WorkshopError, told
from runner.lab.model.prose import Prose
from runner.lab.model.workshop import ConsoleBlock, ContainerBlock, FileBlock, QuizBlock, SolveBlock, Step
from runner.language import tr
from runner.pace import MACHINE
from runner.shell.prompt_state import Prompt

if TYPE_CHECKING:
    from runner.tui.lab.actions import LabActions
    from runner.tui.lab.controller import LabController
    from runner.tui.screens.lab.panes import LabPanes

OPENING_SECONDS = 600.0
"""Seconds that an engine may take to be ready: it may have to be built."""
CHECK_SECONDS = 30.0
"""Seconds that the checks of a step may take to pass after its solution was typed."""
_LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Tempo:
    """The pace of a person who reads and types, in seconds; `speed` divides all of it."""

    speed: float = 1.0

    def reading(self, text: str) -> float:
        """The audience's seconds for a text: enough to see its subject, not to read it aloud."""
        return min(1.0 + 0.08 * len(text.split()), 6.0) / self.speed

    @property
    def key(self) -> float:
        """Seconds between two keys."""
        return 0.045 / self.speed

    @property
    def glance(self) -> float:
        """Seconds to look at the latest change."""
        return 1.5 / self.speed


class StuckError(WorkshopError):
    """A demonstration cannot go on."""


class Demo:
    """Plays the lesson and its solutions, in the order of the text, through the learner's own actions."""

    def __init__(
        self, controller: "LabController", actions: "LabActions", panes: "LabPanes", tempo: Tempo
    ) -> None:
        self._controller = controller
        self._actions = actions
        self._panes = panes
        self._tempo = tempo

    async def play(self) -> None:
        """Play the lab to its summary.

        Raises:
            StuckError: no engine is available, or a step failed.
        """
        controller = self._controller
        await self._until(
            lambda: controller.session is not None or not controller.opening,
            OPENING_SECONDS,
            "the engine takes too long",
        )
        if controller.session is None:
            raise StuckError("there is no engine", remedy="`workshop doctor` says what is missing")
        for step in controller.lab.steps:
            await self._until(lambda: not self._panes.status.busy, OPENING_SECONDS, "the step never opens")
            await self._play(step)
            await self._act(lambda: self._actions.go(+1))
        await asyncio.sleep(2 * self._tempo.glance)

    async def _play(self, step: Step) -> None:
        if step is self._controller.lab.steps[0]:
            await self._read(" ".join(prose.text for prose in self._controller.lab.introduction))
        for block in step.blocks:
            match block:
                case Prose(text):
                    await self._read(text)
                case ContainerBlock():
                    await self._act(partial(self._actions.consoles.launch, block))
                    await asyncio.sleep(self._tempo.glance)
                case ConsoleBlock() | SolveBlock(ConsoleBlock()):
                    await self._type(block if isinstance(block, ConsoleBlock) else block.action)
                case SolveBlock(FileBlock() as file):
                    await self._write(file)
                case QuizBlock():
                    await self._answer(block)
        await self._passed(step)
        self._panes.lesson.scroll_end(animate=False)
        await asyncio.sleep(self._tempo.glance)

    async def _act(self, act: Callable[[], Awaitable[None]]) -> None:
        """Perform an action, and wait until it is done, including the engine's part."""
        turns = self._controller.turns
        await turns.take(act)
        await self._until(lambda: not turns.busy, OPENING_SECONDS, "the engine takes too long")

    async def _read(self, text: str) -> None:
        await asyncio.sleep(self._tempo.reading(text))

    async def _type(self, block: ConsoleBlock | FileBlock) -> None:
        assert isinstance(block, ConsoleBlock)
        controller = self._controller
        for command in block.commands:
            typing = len(command.text) * self._tempo.key
            await self._until(
                partial(self._at_prompt, block.target), CHECK_SECONDS, f"{command.span}: the shell is busy"
            )
            await self._act(partial(self._actions.consoles.type, block.target, command))
            if command not in controller.typed:
                raise StuckError(f"{command.span}: this could not be typed")
            await self._until(
                lambda: not controller.running,
                typing + MACHINE.stretched(block.timeout),
                f"{command.span}: the command does not end",
            )
            await asyncio.sleep(self._tempo.glance)

    def _at_prompt(self, target: str) -> bool:
        """True if a shell takes a line; a missing shell is opened first."""
        return self._panes.prompt(target) in {Prompt.READY, Prompt.TYPING, Prompt.ENDED}

    async def _write(self, file: FileBlock) -> None:
        """Write a solution's file into the workspace, as if it were saved in the editor."""
        session = self._controller.session
        assert session is not None
        try:
            await asyncio.to_thread(session.place, file)
        except (WorkshopError, OSError) as error:
            raise StuckError(str(told(error))) from error
        self._panes.say(tr("{name} was written.", name=file.name), timeout=2 * self._tempo.glance)
        self._controller.changed({file.name})
        await self._read(file.content)

    async def _answer(self, quiz: QuizBlock) -> None:
        self._panes.show_question(quiz)
        await self._read(quiz.question)
        right = next(number for number, option in enumerate(quiz.options) if option.correct)
        app = self._panes.app
        for _ in range(right):
            app.simulate_key("down")
            await asyncio.sleep(self._tempo.glance / 2)
        app.simulate_key("enter")
        answers = self._controller.record
        await self._until(
            lambda: quiz.id in answers.of(self._controller.step).answers, CHECK_SECONDS, "the answer is lost"
        )
        self._panes.lesson.focus(scroll_visible=False)
        await self._read(quiz.options[right].why)

    async def _passed(self, step: Step) -> None:
        """Wait for the checks, which run by themselves."""
        wanted = {check.id for check in step.checks}
        record = self._controller.record
        self._actions.check()
        limit = MACHINE.stretched(CHECK_SECONDS) + sum(check.retry.seconds for check in step.checks)
        await self._until(
            lambda: wanted <= record.of(step).passed,
            limit,
            f"{step.span}: not every check of the step {step.title!r} has passed",
        )

    async def _until(self, holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
        end = asyncio.get_running_loop().time() + MACHINE.stretched(seconds)
        while not holds():
            if asyncio.get_running_loop().time() > end:
                raise StuckError(otherwise, remedy="`workshop verify` says what is wrong with the lab")
            await asyncio.sleep(_LOOK)
