"""A finished lab in words."""

import time

from runner.lab.model.workshop import Lab, Workshop
from runner.learner.state import LabState


def summary_markdown(workshop: Workshop, lab: Lab, state: LabState, *, seconds: float, now: float) -> str:
    """What was learnt and how it went, as Markdown; `now` in seconds since the epoch."""
    checks = list(lab.checks)
    passed = [check for check in checks if check.id in state.passed]
    lines = [
        f"# {lab.title}",
        "",
        f"*{workshop.title}*, {time.strftime('%Y-%m-%d', time.localtime(now))}",
        "",
    ]
    lines += ["## What you can do now", "", *(f"- {objective}" for objective in lab.objectives), ""]
    lines += ["## How it went", ""]
    lines += [f"- **Time:** {duration(seconds)}, about {lab.minutes} min expected"]
    lines += [f"- **Checks:** {len(passed)} of {len(checks)} passed"]
    lines += [f"- **Hints:** {state.hints or 'none'}"]
    lines += [f"- **Solved for you:** {_solved(lab, state)}", ""]
    for step in lab.steps:
        if step.checks:
            lines += [f"### {step.title}", ""]
            for check in step.checks:
                mark = "x" if check.id in state.passed else " "
                lines.append(f"- [{mark}] {check.describe}" + (f". {check.explain}" if mark == "x" else ""))
            lines.append("")
    return "\n".join(lines)


def duration(seconds: float) -> str:
    """A time as one says it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _solved(lab: Lab, state: LabState) -> str:
    helped = [step.title for step in lab.steps if state.of(step.id).solved or state.of(step.id).skipped]
    return ", ".join(helped) or "nothing"
