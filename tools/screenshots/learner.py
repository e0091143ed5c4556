"""A learner controlled by a program, so that every picture shows a possible moment of the app."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from runner.content import LABS
from runner.lab.model.workshop import Lab, Workshop
from runner.lab.read.workshop import read_workshop
from runner.learner.home import progress_file
from runner.learner.progress.journal import Journal
from runner.record.event import Alive, CheckPassed, Happening, LabClosed, LabFinished, LabOpened, StepEntered
from runner.record.sqlite.store import SqliteStore
from runner.shell.prompt_state import Prompt
from runner.tui.app import WorkshopApp
from runner.tui.widgets.banner import Banner
from runner.tui.widgets.lesson.command_row import CommandRow, RowState
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.terminal import Terminal
from tools.screenshots.replay import ReplayEngine, load_recording


class Clock:
    """A stopped clock, so that no picture depends on timing; 10 in the morning, the same day in most places."""

    def __init__(self) -> None:
        self.now = 1_749_981_600.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Learner:
    """The app on its own screen, with methods for a learner's actions."""

    app: WorkshopApp
    pilot: Pilot[None]
    clock: Clock

    @property
    def text(self) -> str:
        """All texts on the visible screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())  # noqa: SLF001 (Textual has no other way)

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the app run until a condition holds."""
        for _ in range(3000):
            if holds():
                return
            await self.pilot.pause(0.02)
        raise TimeoutError(f"it never came to be:\n{self.text}")

    async def sees(self, *texts: str) -> None:
        """Wait until the screen shows each of `texts`."""
        for text in texts:
            await self._sees(text)

    async def _sees(self, text: str) -> None:
        await self.until(lambda: text in self.text)

    async def launches(self, *names: str) -> None:
        """Launch the step's containers, one after another."""
        for name in names:
            await self.pilot.press("l")
            await self._sees_prompt(name)
            await self.settles()

    async def runs(self, target: str, *lines: str) -> None:
        """Let commands of the lesson type themselves, one after another."""
        for line in lines:
            await self._runs(target, line)

    async def _runs(self, target: str, line: str) -> None:
        row = next(
            row
            for row in self.app.screen.query(CommandRow)
            if row.block.target == target and row.command.text == line
        )
        await self._sees_prompt(target)
        row.action_type()
        await self.until(lambda: row.state is RowState.AS_SHOWN)

    async def shows(self, target: str) -> None:
        """Bring a terminal to the front."""
        self.app.screen.query_one(Terminals).show(target)
        await self.pilot.pause()

    async def types(self, target: str, *lines: str) -> None:
        """Type lines into the terminal `target`, which must be in front, each once the shell is ready for it."""
        await self.pilot.press("t")
        await self.until(lambda: isinstance(self.app.focused, Terminal))
        for line in lines:
            await self._types(target, line)
        await self._sees_prompt(target)
        self.app.screen.query_one(Lesson).focus(scroll_visible=False)

    async def _types(self, target: str, line: str) -> None:
        await self._sees_prompt(target)
        self._terminal(target).send(line.encode())
        await self.until(lambda: f"# {line}" in self._terminal(target).text)
        await self.pilot.press("enter")

    async def _sees_prompt(self, target: str) -> None:
        await self.until(lambda: self._at_prompt(target))

    async def reads(self, *, rows_above_the_end: int) -> None:
        """Scroll the lesson, again if it has got another size meanwhile."""
        await self.settles()
        lesson = self.app.screen.query_one(Lesson)
        for _ in range(100):
            await self.pilot.press("end", *"k" * rows_above_the_end)
            await self.pilot.pause(0.1)
            if lesson.scroll_offset.y == lesson.max_scroll_y - rows_above_the_end:
                return
        raise TimeoutError(f"the lesson never stood still:\n{self.text}")

    async def settles(self) -> None:
        """Wait until no work is in progress."""
        await self.until(
            lambda: not any(status.busy or status.running for status in self.app.screen.query(StatusLine))
        )

    async def picture(self) -> str:
        """The current screen, without parts that would disappear by themselves."""
        await self.settles()
        await self.closes_messages()
        return self.app.export_screenshot()

    async def closes_messages(self) -> None:
        """Close what has been said and would disappear by itself."""
        await self.pilot.pause()
        self.app.clear_notifications()
        for banner in self.app.screen.query(Banner):
            if banner.display:
                await self.pilot.click(banner)
        await self.pilot.pause()

    def _terminal(self, target: str) -> Any:
        return self.app.screen.query_one(Terminals).terminal(target)

    def prompt(self, target: str) -> Prompt:
        """The state of a terminal's shell."""
        return self.app.screen.query_one(Terminals).prompt(target)

    def _at_prompt(self, target: str) -> bool:
        terminal = self._terminal(target)
        # The screen may lag behind the shell, and the other way round.
        return (
            terminal is not None
            and self.prompt(target) is Prompt.READY
            and terminal.text.rstrip()[-1:] in {"#", "$"}
        )


@dataclass(frozen=True)
class Past:
    """An event before the picture, so many seconds after the previous one."""

    lab: str
    happening: Happening
    step: str = ""
    after: float = 0.0


@asynccontextmanager
async def learner(
    state: Path, *, lab: str = "", past: Iterable[Past] = (), size: tuple[int, int], theme: str = ""
) -> AsyncIterator[Learner]:
    """A learner at the picker, or in `lab`; their files are below the folder `state`, which should be empty."""
    workshop = _workshop()
    clock = Clock()
    state.mkdir(parents=True, exist_ok=True)
    (state / "settings.json").write_text(json.dumps({"theme": theme}))
    journal = Journal(SqliteStore(progress_file(state)), "learner", clock)
    for event in past:
        clock.now += event.after
        journal.record(event.happening, workshop.id, event.lab, event.step)
    engine = ReplayEngine(recording=load_recording(), folder=state / "programs")
    app = WorkshopApp(
        workshops=[workshop],
        journal=journal,
        open_engine=lambda _progress, *, agreed: engine,  # noqa: ARG005 (the protocol's name)
        state=state,
        first=_named(workshop, lab),
    )
    app.animation_level = "none"
    try:
        async with app.run_test(size=size) as pilot:
            one = Learner(app, pilot, clock)
            if lab:
                await one.until(lambda: app.screen.query(Terminals))
                await one.until(lambda: one.prompt("host") is Prompt.READY)
                await one.settles()
            yield one
            app.shared_engine.close()
    finally:
        journal.close()


def part_of(lab: str, *, steps: int, minutes: float) -> list[Past]:
    """The events of a lab whose first `steps` steps were done, and that was left in the next step, if there is one."""
    found = next(one for one in _workshop().labs if one.id == lab)
    events = [Past(lab, LabOpened())]
    for number, step in enumerate(found.steps[: steps + 1]):
        events.append(Past(lab, StepEntered(), step.id))
        if number < steps:
            pauses = int(minutes)
            events += [Past(lab, Alive(), after=minutes * 60 / steps / pauses) for _ in range(pauses)]
            events += [Past(lab, CheckPassed(check.id), step.id) for check in step.checks]
    return [*events, Past(lab, LabClosed())]


def all_of(lab: str, *, minutes: float) -> list[Past]:
    """The events of a lab that was completed."""
    return [*part_of(lab, steps=99, minutes=minutes), Past(lab, LabFinished())]


def _workshop() -> Workshop:
    workshop = read_workshop(LABS / "seccomp").workshop
    assert workshop is not None
    return workshop


def _named(workshop: Workshop, lab: str) -> tuple[Workshop, Lab] | None:
    return next(((workshop, one) for one in workshop.labs if one.id == lab), None)
