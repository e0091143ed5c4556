"""What is shown is text: nothing in it acts on the terminal."""

import pytest
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from runner.tui.internals.key_order import KeyOrderApp

NASTY = "a\x1b[31mb\x9b2Jc\x07\x7fd\udcff"


class Shows(KeyOrderApp):
    def compose(self) -> ComposeResult:
        yield Static(Content(NASTY))
        yield Input(NASTY)
        yield TextArea(NASTY)


@pytest.mark.parametrize("kind", [Static, Input, TextArea])
async def test_no_control_character_is_painted(kind):
    app = Shows()
    async with app.run_test():
        widget = app.query_one(kind)
        painted = "".join(widget.render_line(y).render(app.console) for y in range(widget.size.height))
    assert "[31m" in painted.replace("\x1b[31m", "")
    assert "\x1b[31mb" not in painted
    assert not {"\x9b", "\x07", "\x7f", "\udcff"} & set(painted)


async def test_other_text_is_painted_as_it_is():
    text = "│ é 語 · 🙂\u00a0[x]"
    app = KeyOrderApp()
    async with app.run_test() as pilot:
        label = Static(Content(text))
        await app.mount(label)
        await pilot.pause()
        assert text in label.render_line(0).render(app.console)
