"""The report as a self-contained page: no scripts, no fonts, no network."""

from collections.abc import Iterator, Sequence
from html import escape

from runner.language import in_use, tr, trn
from runner.report.course.text import minutes, nobody_in, ran_into
from runner.teaching.plan import PlannedStep
from runner.teaching.report import ClassReport, LearnerFigures, StepFigures, Visit

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #2a7f3f; --bad: #b3261e; --bar: #4a7fb5; }
@media (prefers-color-scheme: dark) { :root { --good: #6fcf86; --bad: #ff8a80; --bar: #7fb0e0; } }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child, .left { text-align: left; }
thead th { border-bottom-width: 2px; }
.wide { overflow-x: auto; }
.done { color: var(--good); } .open { color: var(--bad); }
.bar { display: inline-block; height: .6em; background: var(--bar); border-radius: 2px; margin-right: .4em; }
code { font-size: .9em; overflow-wrap: anywhere; }
.lab { font-weight: bold; }
@media print { body { margin: 0; max-width: none; } }
"""


def course_html(report: ClassReport, title: str) -> str:
    """The page; every text in it is escaped."""
    parts = [
        f'<!doctype html>\n<html lang="{in_use()}"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{_counted(report)}</p>",
        *_steps(report),
        *_matrix(report),
        *_learners(report),
        *_failures(report),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _counted(report: ClassReport) -> str:
    learners = len(report.learners)
    tries = sum(figures.tries for figures in report.steps)
    hints = sum(figures.hints for figures in report.steps)
    counted = (
        trn("{number} learner", "{number} learners", learners),
        trn("{number} failed try", "{number} failed tries", tries),
        trn("{number} hint", "{number} hints", hints),
    )
    return escape(" · ".join(counted))


def _head(title: str, *columns: str, left: Sequence[int] = (), about: str = "") -> str:
    """The beginning of a table, below its title; `left` are the indexes of columns aligned to the left."""
    cells = "".join(
        f"<th{' class=left' * (at in left)}>{escape(tr(name))}" for at, name in enumerate(columns)
    )
    about = f"<p>{escape(about)}</p>" if about else ""
    return f"<h2>{escape(title)}</h2>{about}<div class=wide><table><thead><tr>{cells}"


_BODY, _END = "</tr></thead><tbody>", "</tbody></table></div>"
_STEP_COLUMNS = ("step", "in it", "done", "median time", "failed tries", "hints", "solved", "wrong answers")
_LEARNER_COLUMNS = ("learner", "steps done", "time", "failed tries", "hints", "solved", "labs finished")
_FAILURE_COLUMNS = ("step", "check", "what was observed", "learners", "times")


def _steps(report: ClassReport) -> Iterator[str]:
    yield _head(tr("Steps"), *_STEP_COLUMNS, left=[3]) + _BODY
    longest = max((figures.median_seconds or 0 for figures in report.entered), default=0)
    lab = ""
    for figures in report.entered:
        if figures.step.lab_title != lab:
            lab = figures.step.lab_title
            yield f"<tr><td class=lab colspan=8>{figures.step.lab_number}. {escape(lab)}</tr>"
        yield _step(figures, longest)
    yield _END
    if nowhere := nobody_in(report):
        yield f"<p>{escape(nowhere)}</p>"


def _step(figures: StepFigures, longest: float) -> str:
    width = round(8 * (figures.median_seconds or 0) / longest, 2) if longest else 0
    bar = f'<span class=bar style="width:{width}em"></span>' if width else ""
    cells = (figures.tries, figures.hints, figures.solved, figures.wrong_answers)
    return (
        f"<tr><td>{figures.step.label} {escape(figures.step.title)}<td>{figures.entered}<td>{figures.done}"
        f"<td class=left>{bar}{minutes(figures.median_seconds)}{''.join(f'<td>{cell}' for cell in cells)}</tr>"
    )


def _matrix(report: ClassReport) -> Iterator[str]:
    steps = [figures.step for figures in report.entered]
    marks = tr(
        "✓ done · ✓s solved or skipped for them · ◐ begun · empty: not begun; beside it the minutes, and after ✗ the "
        "tries that failed"
    )
    yield _head(tr("Who is where"), "learner", about=marks)
    for step in steps:
        yield f'<th title="{escape(f"{step.lab_title}: {step.title}", quote=True)}">{step.label}'
    yield _BODY
    for learner in report.learners:
        visits = {visit.step.place: visit for visit in learner.visits}
        cells = "".join(f"<td>{_cell(visits.get(step.place), step)}" for step in steps)
        yield f"<tr><td>{escape(learner.name)}{cells}</tr>"
    yield _END


def _cell(visit: Visit | None, step: PlannedStep) -> str:
    if visit is None:
        return ""
    mark = ("✓s" if visit.solved or visit.skipped else "✓") if visit.done else "◐"
    tries = f" ✗{visit.tries}" if visit.tries else ""
    look = "done" if visit.done else "open"
    return f'<span class={look} title="{step.label}">{mark}</span> {minutes(visit.seconds)}{tries}'


def _learners(report: ClassReport) -> Iterator[str]:
    yield _head(tr("Learners"), *_LEARNER_COLUMNS, left=[6]) + _BODY
    yield from map(_learner, report.learners)
    yield _END


def _learner(learner: LearnerFigures) -> str:
    return (
        f"<tr><td>{escape(learner.name)}<td>{learner.done}<td>{minutes(learner.seconds)}<td>{learner.tries}"
        f"<td>{learner.hints}<td>{learner.solved}<td class=left>{escape(', '.join(learner.labs)) or '-'}</tr>"
    )


def _failures(report: ClassReport) -> Iterator[str]:
    if not report.failures:
        return
    yield _head(ran_into(), *_FAILURE_COLUMNS, left=[1, 2]) + _BODY
    for failure in report.failures:
        yield (
            f"<tr><td>{failure.step.label} {escape(failure.step.title)}<td class=left>{escape(failure.check)}"
            f"<td class=left><code>{escape(failure.observed)}</code>"
            f"<td>{failure.learners}<td>{failure.times}</tr>"
        )
    yield _END
