"""A learner's actions that many tests of a lab share."""

from runner.tui.widgets.lesson.launch_card import LaunchCard
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.terminal import Terminal


async def launched(learner) -> None:
    """Launch the next container of the step."""
    await learner.press("l")
    await learner.until(lambda: learner.screen.query_one(LaunchCard).running)


async def in_the_terminal(learner, text: str) -> None:
    """Type a line into the terminal that is shown, and go back to the lesson."""
    await learner.press("t")
    await learner.until(lambda: isinstance(learner.app.focused, Terminal))
    await learner.type(text)
    await learner.press(Terminal.LEAVE_KEY)


async def in_no_haste(learner) -> None:
    """Wait until no work is in progress for the learner, and its results are shown."""
    await learner.until(lambda: not learner.screen.query_one(StatusLine).busy)
    await learner.screen._panes.told()
