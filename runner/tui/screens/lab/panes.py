"""The panes of a lab: the lesson with the checks below it, beside the terminals."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widget import Widget

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import Lab, QuizBlock, Step, Workshop
from runner.language import tr
from runner.tui import marks
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab import tools
from runner.tui.screens.lab.session_panes import SessionPanes
from runner.tui.split import Split
from runner.tui.widgets.lesson.checks import Checks
from runner.tui.widgets.lesson.lesson import Lesson

if TYPE_CHECKING:
    from runner.learner.session.events import SessionEvent


class LabPanes(SessionPanes):
    """The `LabView` of one lab, which begins with `step`."""

    def __init__(self, record: LabRecord, step: Step, split: Split) -> None:
        super().__init__(_title(record.workshop, record.lab, step), split)
        self._record = record
        self._step = step

    def compose_reading(self) -> ComposeResult:
        state = self._record.of(self._step)
        glossary = self._record.workshop.glossary
        yield Lesson(self._record.lab, self._step, state, glossary=glossary, id="lesson")
        failures = self._record.failures(self._step)
        more = self._more_hints(state.hints)
        yield Checks(self._step.checks, state.passed, failures, more_hints=more, id="checks")

    @property
    def read(self) -> Widget:
        return self.lesson

    def way_back(self) -> str:
        return tr("`w` brings the lesson back")

    @property
    def lesson(self) -> Lesson:
        """The step to read."""
        return self.query_one(Lesson)

    @property
    def checks(self) -> Checks:
        """The checks of the step."""
        return self.query_one(Checks)

    async def show_step(self, step: Step, launched: Collection[str]) -> None:
        self.uncover()
        self.unsay("task", "failure")
        self._step = step
        state = self._record.of(step)
        self.title.update(_title(self._record.workshop, self._record.lab, step))
        failures, more = self._record.failures(step), self._more_hints(state.hints)
        await self.checks.show(step.checks, state.passed, failures, more_hints=more)
        await self.lesson.show(self._record.lab, step, state, launched)
        self.screen.refresh_bindings()

    def show_launched(self, target: str, *, running: bool) -> None:
        self.lesson.show_running(target, running=running)

    def show_launch(self, name: str) -> None:
        self.lesson.show_launch(name)

    def show_typed(self, command: Command) -> None:
        self.lesson.show_typed(command)

    def show_hints(self, hints: int) -> None:
        self.uncover()
        self.lesson.reveal(hints)
        self.checks.hinted(more=self._more_hints(hints))

    def _more_hints(self, shown: int) -> bool:
        return shown < len(self._step.hints)

    def show_task(self) -> None:
        self.uncover()
        self.lesson.show_task()

    def show_question(self, quiz: QuizBlock) -> None:
        self.uncover()
        self.lesson.show_question(quiz)

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        self.lesson.show_files(texts)

    def show_summary(self, *, late: bool) -> None:
        tools.summarise(self, self._record.workshop, self._record.lab, self._record, late=late)

    async def show_event(self, happening: "SessionEvent") -> None:
        from runner.learner.session.events import AdviceOutdated, CheckJudged, CheckMissed, CommandSeen

        await super().show_event(happening)
        match happening:
            case CommandSeen(_, _, command, outcome) if command is not None:
                self.lesson.show_outcome(command, outcome)
            case CheckJudged(step, check, outcome, _) if step == self._step.id:
                self.checks.judge(check, outcome)
            case CheckMissed(step, check, outcome) | AdviceOutdated(step, check, outcome) if (
                step == self._step.id
            ):
                self.checks.renew(check, outcome)


def _title(workshop: Workshop, lab: Lab, step: Step) -> str:
    number, place = lab.steps.index(step), workshop.labs.index(lab) + 1
    dots = "".join(
        (marks.STEP_HERE if other <= number else marks.STEP_LATER).symbol for other in range(len(lab.steps))
    )
    return f"{dots}  {place}. {lab.title}  ·  {workshop.title}"
