"""The marks of the instructor's screen; each can be read without its colour."""

from runner.teaching.needs import NeedKind
from runner.teaching.plan import PlannedStep
from runner.teaching.way import StepWay
from runner.tui.marks import QUIET, Mark

NEEDS = {
    NeedKind.HELP: Mark("? asks", "$accent bold", "asks for help"),
    NeedKind.TROUBLE: Mark("! broken", "$error bold", "has an engine or a machine in trouble"),
    NeedKind.STUCK: Mark("✗ stuck", "$error", "takes over twice the usual time, and a try has failed"),
    NeedKind.IDLE: Mark("… idle", "$warning", "has done nothing for five minutes"),
    NeedKind.AWAY: Mark("- away", QUIET, "is not connected"),
    NeedKind.NONE: Mark("", QUIET, "is at work"),
    NeedKind.DONE: Mark("✓ done", "$success", "has finished all labs that are open"),
}

STEP_DONE = Mark("✓", "$success", "is done")
STEP_HELPED = Mark("s", "$success", "is done, solved or skipped for them")
STEP_FAILING = Mark("✗", "$error", "is where they are, and a check has failed")
STEP_HERE = Mark("▶", "$accent", "is where they are")
STEP_BEGUN = Mark("◐", "$warning", "was begun, and left")
STEP_NEW = Mark("·", QUIET, "is still to come")
STEPS = (STEP_DONE, STEP_HELPED, STEP_HERE, STEP_FAILING, STEP_BEGUN, STEP_NEW)


def step_mark(step: PlannedStep, visit: StepWay | None, *, here: bool) -> Mark:
    """The mark of a learner's state at a step."""
    if visit is None:
        return STEP_NEW
    if step.done(visit) and not here:
        return STEP_HELPED if visit.solved or visit.skipped else STEP_DONE
    if here:
        return STEP_FAILING if visit.last_try is not None else STEP_HERE
    return STEP_BEGUN
