"""The report as one page that needs nothing else: no scripts, no fonts, no network."""

from collections.abc import Iterator
from html import escape

from runner.report.course.text import minutes
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
_MARKS = (
    "✓ done · ✓s solved or skipped for them · ◐ begun · empty: not begun; "
    "beside it the minutes, and after ✗ the tries that failed"
)


def course_html(report: ClassReport, title: str) -> str:
    """The page; every text in it is shown as text, whatever it holds."""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
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
    return f"{learners} learner{'s' * (learners != 1)} · {tries} failed tries · {hints} hints"


def _steps(report: ClassReport) -> Iterator[str]:
    yield "<h2>Steps</h2><div class=wide><table><thead><tr><th>step<th>in it<th>done<th class=left>median time"
    yield "<th>failed tries<th>hints<th>solved<th>wrong answers</tr></thead><tbody>"
    longest = max((figures.median_seconds or 0 for figures in report.entered), default=0)
    lab = ""
    for figures in report.entered:
        if figures.step.lab_title != lab:
            lab = figures.step.lab_title
            yield f"<tr><td class=lab colspan=8>{figures.step.lab_number}. {escape(lab)}</tr>"
        yield _step(figures, longest)
    yield "</tbody></table></div>"
    if nowhere := len(report.steps) - len(report.entered):
        yield f"<p>and {nowhere} steps that nobody was in</p>"


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
    yield f"<h2>Who is where</h2><p>{_MARKS}</p><div class=wide><table><thead><tr><th>learner"
    for step in steps:
        yield f'<th title="{escape(f"{step.lab_title}: {step.title}", quote=True)}">{step.label}'
    yield "</tr></thead><tbody>"
    for learner in report.learners:
        visits = {visit.step.place: visit for visit in learner.visits}
        cells = "".join(f"<td>{_cell(visits.get(step.place), step)}" for step in steps)
        yield f"<tr><td>{escape(learner.name)}{cells}</tr>"
    yield "</tbody></table></div>"


def _cell(visit: Visit | None, step: PlannedStep) -> str:
    if visit is None:
        return ""
    mark = ("✓s" if visit.solved or visit.skipped else "✓") if visit.done else "◐"
    tries = f" ✗{visit.tries}" if visit.tries else ""
    look = "done" if visit.done else "open"
    return f'<span class={look} title="{step.label}">{mark}</span> {minutes(visit.seconds)}{tries}'


def _learners(report: ClassReport) -> Iterator[str]:
    yield "<h2>Learners</h2><div class=wide><table><thead><tr><th>learner<th>steps done<th>time"
    yield "<th>failed tries<th>hints<th>solved<th class=left>labs finished</tr></thead><tbody>"
    yield from map(_learner, report.learners)
    yield "</tbody></table></div>"


def _learner(learner: LearnerFigures) -> str:
    return (
        f"<tr><td>{escape(learner.name)}<td>{learner.done}<td>{minutes(learner.seconds)}<td>{learner.tries}"
        f"<td>{learner.hints}<td>{learner.solved}<td class=left>{escape(', '.join(learner.labs)) or '-'}</tr>"
    )


def _failures(report: ClassReport) -> Iterator[str]:
    if not report.failures:
        return
    yield "<h2>What people ran into most</h2><div class=wide><table><thead><tr><th>step<th class=left>check"
    yield "<th class=left>what was observed<th>learners<th>times</tr></thead><tbody>"
    for failure in report.failures:
        yield (
            f"<tr><td>{failure.step.label} {escape(failure.step.title)}<td class=left>{escape(failure.check)}"
            f"<td class=left><code>{escape(failure.observed)}</code>"
            f"<td>{failure.learners}<td>{failure.times}</tr>"
        )
    yield "</tbody></table></div>"
