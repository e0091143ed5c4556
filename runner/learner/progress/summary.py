"""A finished lab, a learner's notes and the time spent, in words."""

import time

from runner.lab.model.workshop import Lab, Workshop
from runner.language import tr
from runner.learner.progress.standing import LabStanding, WorkshopStanding
from runner.learner.progress.state import LabState


def summary_markdown(workshop: Workshop, lab: Lab, state: LabState, *, seconds: float, now: float) -> str:
    """The lessons of the lab and the learner's results, as Markdown; `now` in seconds since the epoch."""
    checks = list(lab.checks)
    passed = [check for check in checks if check.id in state.passed]
    lines = [
        f"# {lab.title}",
        "",
        f"*{workshop.title}*, {time.strftime('%Y-%m-%d', time.localtime(now))}",
        "",
    ]
    lines += [tr("## What you can do now"), "", *(f"- {objective}" for objective in lab.objectives), ""]
    lines += [tr("## How it went"), ""]
    lines += [
        tr(
            "- **Time:** {duration}, about {minutes} min expected",
            duration=duration(seconds),
            minutes=lab.minutes,
        )
    ]
    lines += [tr("- **Checks:** {number} of {number2} passed", number=len(passed), number2=len(checks))]
    lines += [tr("- **Hints:** {what}", what=state.hints or tr("none"))]
    helped = ", ".join(LabStanding(lab, state).helped)
    lines += [tr("- **Solved for you:** {what}", what=helped or tr("nothing")), ""]
    for step in lab.steps:
        if step.checks:
            lines += [f"### {step.title}", ""]
            for check in step.checks:
                mark = "x" if check.id in state.passed else " "
                lines.append(f"- [{mark}] {check.describe}" + (f". {check.explain}" if mark == "x" else ""))
            lines.append("")
    if state.notes.strip():
        lines += [tr("## Your notes"), "", state.notes.strip(), ""]
    return "\n".join(lines)


def notes_markdown(standing: WorkshopStanding) -> str:
    """All notes on a workshop's labs; "" if there are none."""
    noted = [(lab.lab.title, lab.state.notes.strip()) for lab in standing.labs if lab.state.notes.strip()]
    parts = [
        tr("# Notes: {title}", title=standing.workshop.title),
        *(f"## {title}\n\n{notes}" for title, notes in noted),
    ]
    return "\n\n".join(parts) + "\n" if noted else ""


def duration(seconds: float) -> str:
    """A duration in words."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return tr("less than a minute")
    hours, minutes = divmod(minutes, 60)
    return (
        tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
        if hours
        else tr("{minutes} min", minutes=minutes)
    )
