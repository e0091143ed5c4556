"""The report for a terminal."""

from collections.abc import Iterator

from runner.teaching.report import ClassReport, LearnerFigures, StepFigures


def minutes(seconds: float | None) -> str:
    """A time as minutes and seconds; a dash for none."""
    if seconds is None:
        return "-"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def course_text(report: ClassReport) -> str:
    """Steps, learners, and what people ran into."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ClassReport) -> Iterator[str]:
    yield f"{'step':<34} {'in it':>5} {'done':>5} {'median':>7} {'tries':>5} {'hints':>5} {'solved':>6}"
    lab = ""
    for figures in report.entered:
        if figures.step.lab_title != lab:
            lab = figures.step.lab_title
            yield f"{figures.step.lab_number}. {lab}"
        yield _step(figures)
    if nowhere := len(report.steps) - len(report.entered):
        yield f"and {nowhere} steps that nobody was in"
    yield ""
    yield f"{'learner':<24} {'steps':>5} {'time':>7} {'tries':>5} {'hints':>5} {'solved':>6}  labs finished"
    yield from map(_learner, report.learners)
    if report.failures:
        yield ""
        yield "What people ran into most (learners, times):"
    for failure in report.failures:
        observed = f": {' '.join(failure.observed.split())}" if failure.observed else ""
        yield f"  {failure.learners:3} {failure.times:4}  {failure.step.label} {failure.check}{observed}"


def _step(figures: StepFigures) -> str:
    title = f"  {figures.step.label} {figures.step.title}"
    title = title if len(title) <= 34 else f"{title[:33]}…"
    return (
        f"{title:<34} {figures.entered:5} {figures.done:5} {minutes(figures.median_seconds):>7} "
        f"{figures.tries:5} {figures.hints:5} {figures.solved:6}"
    )


def _learner(learner: LearnerFigures) -> str:
    return (
        f"{learner.name[:24]:<24} {learner.done:5} {minutes(learner.seconds):>7} {learner.tries:5} {learner.hints:5} "
        f"{learner.solved:6}  {', '.join(learner.labs) or '-'}"
    )
