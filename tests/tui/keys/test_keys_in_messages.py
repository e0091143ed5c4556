"""A message names keys as they are pressed in the learner's current place."""

from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.in_a_lab import launched


async def test_keys_are_named_as_they_act_in_the_lesson(sit_down):
    async with sit_down("one") as learner:
        learner.screen._panes.say("Done.", way_on="`n` goes on.")
        assert learner.told == ["Done. n goes on."]


async def test_a_terminal_has_to_be_left_first(sit_down):
    async with sit_down("one") as learner:
        await learner.press("t")
        learner.screen._panes.say("Done.", way_on="`n` goes on, `l` launches.")
        assert learner.told == ["Done. Shift+Tab, then n goes on, Shift+Tab, then l launches."]


async def test_a_message_follows_the_keys(sit_down):
    """The text is updated when the terminal gets the focus, and when it loses it."""
    async with sit_down("one") as learner:
        learner.screen._panes.say("Done.", way_on="`n` goes on.")
        await learner.press("t")
        assert learner.told == ["Done. Shift+Tab, then n goes on."]
        await learner.press(Terminal.LEAVE_KEY)
        assert learner.told == ["Done. n goes on."]


async def test_a_step_that_is_done_while_the_learner_types_says_how_to_go_on(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("t")
        await learner.type("echo hello")
        await learner.sees("✓ Somebody said hello")
        await learner.press(Terminal.LEAVE_KEY, "T", "t")
        await learner.type("touch note")
        await learner.is_told("Shift+Tab, then n goes on.")
