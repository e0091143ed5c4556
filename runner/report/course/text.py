"""The report for a terminal."""

from collections.abc import Iterator, Sequence

from runner.language import tr, trn
from runner.teaching.report import ClassReport, LearnerFigures, StepFigures


def minutes(seconds: float | None) -> str:
    """A time as minutes and seconds; a dash for none."""
    if seconds is None:
        return "-"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def course_text(report: ClassReport) -> str:
    """Steps, learners, and the most frequent failures."""
    return "\n".join(_lines(report)) + "\n"


def nobody_in(report: ClassReport) -> str:
    """The number of steps that nobody has entered, in words; "" for none."""
    number = len(report.steps) - len(report.entered)
    if not number:
        return ""
    return trn("and {number} step that nobody was in", "and {number} steps that nobody was in", number)


def ran_into() -> str:
    """The title of the failures."""
    return tr("What people ran into most")


_STEP_COLUMNS = ("in it", "done", "median", "tries", "hints", "solved")
_LEARNER_COLUMNS = ("steps", "time", "tries", "hints", "solved")


def _lines(report: ClassReport) -> Iterator[str]:
    yield f"{tr('step'):<34}{_named(_STEP_COLUMNS)}"
    lab = ""
    for figures in report.entered:
        if figures.step.lab_title != lab:
            lab = figures.step.lab_title
            yield f"{figures.step.lab_number}. {lab}"
        yield _step(figures)
    if nowhere := nobody_in(report):
        yield nowhere
    yield ""
    yield f"{tr('learner'):<24}{_named(_LEARNER_COLUMNS)}  {tr('labs finished')}"
    yield from map(_learner, report.learners)
    if report.failures:
        yield ""
        yield tr("{title} (learners, times):", title=ran_into())
    for failure in report.failures:
        observed = f": {' '.join(failure.observed.split())}" if failure.observed else ""
        yield f"  {failure.learners:3} {failure.times:4}  {failure.step.label} {failure.check}{observed}"


def _step(figures: StepFigures) -> str:
    title = f"  {figures.step.label} {figures.step.title}"
    title = title if len(title) <= 34 else f"{title[:33]}…"
    values = (figures.entered, figures.done, minutes(figures.median_seconds))
    return f"{title:<34}{_beneath(_STEP_COLUMNS, *values, figures.tries, figures.hints, figures.solved)}"


def _learner(learner: LearnerFigures) -> str:
    values = (learner.done, minutes(learner.seconds), learner.tries, learner.hints, learner.solved)
    figures = _beneath(_LEARNER_COLUMNS, *values)
    return f"{learner.name[:24]:<24}{figures}  {', '.join(learner.labs) or '-'}"


def _named(columns: Sequence[str]) -> str:
    return "".join(f" {tr(name):>{_width(name)}}" for name in columns)


def _beneath(columns: Sequence[str], *values: object) -> str:
    return "".join(f" {value!s:>{_width(name)}}" for name, value in zip(columns, values, strict=True))


def _width(column: str) -> int:
    return max(7 if column in {"median", "time"} else 5, len(tr(column)))
