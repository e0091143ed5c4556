"""Cards that leave the screen still accept messages."""

from runner.tui.widgets.lesson.file_card import FileCard
from runner.tui.widgets.lesson.hints import Hints
from runner.tui.widgets.lesson.launch_card import LaunchCard


async def test_a_card_that_has_lost_its_parts_can_be_told_of_changes(sit_down):
    """As happens while a step is replaced, and a container starts at that moment."""
    async with sit_down("one") as learner:
        for kind in (LaunchCard, Hints):
            await learner.screen.query_one(kind).remove_children()
        learner.screen.query_one(LaunchCard).running = True
        await learner.press("n")
        await learner.sees("Why?")
        card = learner.screen.query_one(FileCard)
        await card.remove_children()
        card.show("{}")
        await learner.press("p")
        await learner.sees("Say it")
