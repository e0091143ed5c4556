"""A widget that is about to go, or has gone."""

from textual.app import App
from textual.screen import Screen
from textual.widgets import Label

from runner.tui.internals.removal import is_being_removed


class Page(Screen[None]):
    def compose(self):
        yield Label("here")


async def test_a_screen_that_left_the_stack_is_being_removed_before_its_widgets_are():
    app: App[None] = App()
    async with app.run_test():
        covered, page = Page(), Page()
        await app.push_screen(covered)
        await app.push_screen(page)
        label = page.query_one(Label)
        assert not any(map(is_being_removed, (app, covered, page, label)))
        popped = app.pop_screen()
        assert label.is_attached
        assert is_being_removed(page)
        assert is_being_removed(label)
        assert not is_being_removed(covered)
        await popped
        assert is_being_removed(label)
