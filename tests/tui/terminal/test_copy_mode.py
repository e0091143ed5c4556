"""Keys copy from a terminal."""

import pytest

from tests.tui.terminal.support import until, until_shown

TEXT = b"the first line\r\nchmod 0777 /tmp/file\r\nlast"


async def shown(app, data=TEXT):
    """The program's output is on the screen."""
    app.terminal.feed(data)
    await until_shown(app, data.decode().split()[-1])


@pytest.mark.parametrize(
    ("keys", "copied"),
    [
        ("enter", "chmod 0777 /tmp/file"),
        ("home space end enter", "chmod 0777 /tmp/file"),
        ("0 v w right right right enter", "chmod 0777"),
        ("home w space l l l y", "0777"),
        ("home w w space end enter", "/tmp/file"),
        ("home space up enter", "the first line\nc"),
        ("V k enter", "the first line\nchmod 0777 /tmp/file"),
        ("home b space end y", "line"),
        ("end space b enter", "/tmp/file"),
        ("home space end space w enter", "last"),
    ],
)
async def test_keys_mark_and_copy(fake, keys, copied):
    """From the line above the program's cursor on; Enter alone takes the line."""
    async with fake() as (app, pilot, program):
        await shown(app)
        await pilot.press("shift+up")
        assert app.terminal.copying
        await pilot.press(*keys.split())
        await until(lambda: app.copied, keys)
        assert app.copied == [copied]
        assert app.clipboard == copied
        assert not app.terminal.copying
        assert program.written == b""
        await pilot.press("x")
        await until(lambda: program.written == b"x", "the program has the keys again")


async def test_old_output_can_be_reached(fake):
    async with fake(size=(40, 12)) as (app, pilot, _):
        await shown(app, b"".join(b"line %d\r\n" % number for number in range(200)) + b"end")
        await pilot.press("shift+up", "g", "enter")
        await until(lambda: app.copied == ["line 0"], app.copied)
        await pilot.press("shift+up", "g", "G", "enter")
        await until(lambda: app.copied[1:] == ["end"], app.copied)
        await pilot.press("shift+up", "V", "pageup", "pageup", "enter")
        await until(lambda: len(app.copied) == 3)
        lines = app.copied[2].splitlines()
        assert lines[-1] == "line 199"
        assert len(lines) == 1 + 2 * (app.terminal.size.height - 1)


async def test_the_cursor_stays_with_its_text_while_the_program_prints(fake):
    async with fake(size=(40, 12)) as (app, pilot, _):
        await shown(app, b"".join(b"line %d\r\n" % number for number in range(50)) + b"end")
        await pilot.press("shift+up")
        app.terminal.feed(b"\r\nmore\r\nand more")
        await until_shown(app, "and more")
        await pilot.press("enter")
        await until(lambda: app.copied == ["line 49"], app.copied)


@pytest.mark.parametrize("key", ["escape", "q", "shift+tab"])
async def test_leaving_copies_nothing(fake, key):
    async with fake() as (app, pilot, program):
        await shown(app)
        await pilot.press("shift+up", "space", "end", key)
        assert not app.terminal.copying
        assert app.copied == []
        assert program.written == b""
        assert app.terminal.has_focus == (key != "shift+tab")


async def test_keys_without_a_meaning_do_nothing_and_reach_nobody(fake):
    async with fake() as (app, pilot, program):
        await shown(app)
        await pilot.press("shift+up", "z", "tab", "x", "ctrl+c")
        assert app.terminal.copying
        assert program.written == b""


async def test_a_full_screen_program_gets_the_key(fake):
    async with fake() as (app, pilot, program):
        await shown(app, b"\x1b[?1049h inside")
        await pilot.press("shift+up")
        assert not app.terminal.copying
        await until(lambda: program.written == b"\x1b[1;2A", program.written)


async def test_it_is_said_that_keys_copy(fake):
    async with fake() as (app, pilot, _):
        await shown(app)
        await pilot.press("shift+up")
        strips = app.screen._compositor.render_strips()
        assert any("COPY" in strip.text for strip in strips)
        assert {"Mark from here", "Copy", "Back"} <= {
            active.binding.description
            for active in app.screen.active_bindings.values()
            if active.binding.show and active.enabled
        }
