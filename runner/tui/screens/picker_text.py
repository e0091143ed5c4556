"""The texts of workshops, tracks and labs in the list of labs."""

import re
from collections.abc import Sequence

from textual.content import Content

from runner.lab.model.track import Track
from runner.lab.model.workshop import Lab
from runner.language import tr
from runner.learner.progress.standing import LabStanding, WorkshopStanding
from runner.learner.progress.state import LabState
from runner.learner.progress.summary import duration
from runner.tui import marks
from runner.tui.widgets.lesson.hanging import StackedContent
from runner.tui.widgets.progress_bar import ProgressBarContent

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
"""The ASCII punctuation, which means itself in Markdown after a backslash."""
ABOUT_SANDBOX = """\
### Sandbox

Containers under any profile, without a task:

- any profile of a workspace of its own, or of those that come with the program, or none
- any image that the labs use
- a terminal in each container, and a shell of your machine
- the editor, and what the profiles decide for a system call
"""


def sandbox_line() -> Content:
    """The sandbox, below the labs."""
    return Content.assemble(
        ("▢ ", "$accent"),
        (tr("Sandbox") + "\n", "bold"),
        ("     " + tr("no task · any profile"), "$foreground 65%"),
    )


def heading(standings: Sequence[WorkshopStanding]) -> StackedContent:
    """The workshops, with the learner's progress in each."""
    if len(standings) == 1:
        workshop = standings[0].workshop
        summary = (" ".join(workshop.summary.split()), "$foreground 65%")
        title = Content.assemble((workshop.title, "$primary bold"), "\n", summary)
    else:
        title = Content.styled(tr("Workshops"), "$primary bold")
    named = len(standings) > 1
    return StackedContent([title, *(_progress(standing, named=named) for standing in standings)])


def _progress(standing: WorkshopStanding, *, named: bool) -> ProgressBarContent:
    """The learner's progress in a workshop, as a bar and in numbers."""
    text = tr(
        " {done} of {number} labs · {passed} of {checks} checks",
        done=standing.done,
        number=len(standing.labs),
        passed=standing.passed,
        checks=standing.checks,
    )
    spent = f" · {duration(standing.seconds)}" if standing.seconds else ""
    title = f"  {standing.workshop.title}" if named else ""
    share = standing.passed / standing.checks if standing.checks else 0
    return ProgressBarContent(share, f"{text}{spent}{title}")


def track_line(track: Track, labs: Sequence[LabStanding]) -> Content:
    """A track above its labs: its duration, and the learner's progress."""
    done = sum(lab.done for lab in labs)
    mark = marks.LAB_DONE if done == len(labs) else marks.LAB_NEW
    minutes = duration(60 * sum(lab.lab.minutes for lab in labs))
    far = (
        tr("{symbol} done", symbol=mark.symbol)
        if done == len(labs)
        else tr("{done}/{number} labs", done=done, number=len(labs))
    )
    return Content.assemble(
        (track.title, "$primary bold"),
        (tr(" · about {minutes} · ", minutes=minutes), "$foreground 65%"),
        (far, mark.colour),
    )


def lab_line(number: int, standing: LabStanding) -> Content:
    """A lab, and the learner's progress in it."""
    lab, state = standing.lab, standing.state
    mark = marks.LAB_DONE if state.finished else marks.LAB_BEGUN if state.begun else marks.LAB_NEW
    far = (
        tr("{passed}/{checks} checks", passed=standing.passed, checks=standing.checks)
        if state.begun
        else tr("new")
    )
    return Content.assemble(
        (f"{mark.symbol} ", mark.colour),
        (f"{number}. {lab.title}\n", "bold"),
        (
            "     "
            + tr("{minutes} min · {what}", minutes=lab.minutes, what=tr("done") if state.finished else far),
            "$foreground 65%",
        ),
    )


def about(track: Track | None, lab: Lab, state: LabState) -> str:
    """The description of a lab, as Markdown."""
    lines = [f"### {lab.title}", ""]
    lines += [f"*{track.title}*: {track.summary}", ""] if track is not None and track.summary else []
    lines += [tr("You will learn to:"), ""]
    lines += [f"- {objective}" for objective in lab.objectives]
    lines += [
        "",
        tr("About {minutes} minutes, {number} steps:", minutes=lab.minutes, number=len(lab.steps)),
        "",
    ]
    for number, step in enumerate(lab.steps, 1):
        done = all(check.id in state.of(step.id).passed for check in step.checks) and step.id in state.steps
        here = tr(" ← you are here") if step.id == state.step and not state.finished else ""
        lines.append(f"{number}. {f'{marks.CHECK_PASSED.symbol} ' if done else ''}{step.title}{here}")
    if state.notes.strip():
        first, *more = state.notes.strip().splitlines()
        begin = _PUNCTUATION.sub(r"\\\g<0>", first[:80].strip())
        lines += [
            "",
            tr("Your notes: *{what}{what2}*", what=begin, what2=" …" if more or len(first) > 80 else ""),
        ]
    return "\n".join(lines)
