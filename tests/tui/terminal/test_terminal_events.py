"""Keys, pastes, the mouse and colours of the terminal widget, with a recording fake as its program."""

import pytest
from rich.color import Color
from textual import events

from tests.tui.terminal.support import until, until_shown


async def sent(program, data):
    """Wait until a program was sent exactly this."""
    await until(lambda: program.written == data, f"{data!r}, but {program.written!r}")


async def test_every_key_is_the_terminals(fake):
    """Including those that Textual and the app bind with priority: palette, quit, tab, and all others."""
    async with fake() as (app, pilot, program):
        await pilot.press("ctrl+p", "ctrl+q", "tab", "ctrl+c", "escape", "ctrl+t", "x", "ctrl+z")
        await sent(program, b"\x10\x11\t\x03\x1b\x14x\x1a")
        assert app.grabbed == []
        assert app.focused is app.terminal


async def test_one_key_leaves_it(fake):
    async with fake() as (app, pilot, program):
        await pilot.press("a", app.terminal.LEAVE_KEY)
        assert app.focused is app.query_one("Button")
        await pilot.press("x")
        assert app.grabbed == ["app"]
        await pilot.press("tab", "b")
        await sent(program, b"ab")


async def test_the_footer_shows_how_to_leave_and_nothing_that_would_not_work(fake):
    async with fake() as (app, _, _):
        shown = {
            active.binding.description
            for active in app.screen.active_bindings.values()
            if active.binding.show
        }
        assert shown == {"Leave terminal", "Copy"}


async def test_paste(fake):
    async with fake() as (app, _, program):
        app.post_message(events.Paste("one\ntwo"))
        await sent(program, b"one\rtwo")
        app.terminal.feed(b"\x1b[?2004h")
        app.post_message(events.Paste("three"))
        await sent(program, b"one\rtwo\x1b[200~three\x1b[201~")


async def test_cursor_keys_follow_the_program(fake):
    async with fake() as (app, pilot, program):
        await pilot.press("up")
        app.terminal.feed(b"\x1b[?1h")
        await pilot.press("up")
        await sent(program, b"\x1b[A\x1bOA")


async def test_questions_are_answered(fake):
    async with fake() as (app, _, program):
        app.terminal.feed(b"abc\x1b[6n")
        await sent(program, b"\x1b[1;4R")


async def test_the_program_hears_of_the_focus_if_it_asked(fake):
    async with fake() as (app, pilot, program):
        app.terminal.feed(b"\x1b[?1004h")
        await pilot.press(app.terminal.LEAVE_KEY, "tab")
        await sent(program, b"\x1b[O\x1b[I")


async def test_dragging_selects_and_copies(fake):
    async with fake() as (app, pilot, program):
        app.terminal.feed(b"first line\r\nsecond line")
        await until_shown(app, "second line")
        await pilot.mouse_down(app.terminal, offset=(6, 0))
        await pilot.hover(app.terminal, offset=(5, 1))
        await pilot.mouse_up(app.terminal, offset=(5, 1))
        await until(lambda: app.copied == ["line\nsecond"], "the copy")
        assert app.clipboard == "line\nsecond"
        assert program.written == b""
        await pilot.press("a")
        await until(lambda: app.terminal._rows[0].selected is None, "typing clears the selection")


async def test_a_click_selects_nothing_and_two_a_word(fake):
    async with fake() as (app, pilot, _):
        app.terminal.feed(b"some words here")
        await until_shown(app, "words")
        await pilot.click(app.terminal, offset=(6, 0))
        assert app.copied == []
        await pilot.click(app.terminal, offset=(6, 0), times=2)
        await until(lambda: app.copied == ["words"], "the word")
        await pilot.click(app.terminal, offset=(6, 0), times=3)
        await until(lambda: app.copied[-1] == "some words here", "the line")


async def test_the_mouse_is_the_programs_if_it_asks(fake):
    """Unless Shift is held, which selects."""
    async with fake() as (app, pilot, program):
        app.terminal.feed(b"text\x1b[?1000h\x1b[?1006h")
        await until_shown(app, "text")
        await pilot.mouse_down(app.terminal, offset=(3, 5))
        await pilot.mouse_up(app.terminal, offset=(3, 5))
        await sent(program, b"\x1b[<0;4;6M\x1b[<0;4;6m")
        await pilot.mouse_down(app.terminal, offset=(0, 0), shift=True)
        await pilot.hover(app.terminal, offset=(3, 0))
        await pilot.mouse_up(app.terminal, offset=(3, 0), shift=True)
        await until(lambda: app.copied == ["text"], "the copy")


def wheel(kind, app):
    """A turn of the wheel over the terminal."""
    app.terminal.post_message(
        kind(app.terminal, x=2, y=2, delta_x=0, delta_y=0, button=0, shift=False, meta=False, ctrl=False)
    )


async def test_the_wheel_scrolls(fake):
    async with fake() as (app, _, program):
        app.terminal.feed(b"".join(b"line %d\r\n" % number for number in range(100)))
        await until_shown(app, "line 99")
        wheel(events.MouseScrollUp, app)
        await until_shown(app, "line 74\n")
        wheel(events.MouseScrollDown, app)
        await until(lambda: "line 74\n" not in app.terminal.text, "the way back")
        assert program.written == b""


async def test_the_wheel_in_a_full_screen_program_is_cursor_keys(fake):
    """So that less and vi scroll; a program that takes the mouse gets the wheel itself."""
    async with fake() as (app, _, program):
        app.terminal.feed(b"\x1b[?1049h")
        wheel(events.MouseScrollDown, app)
        await sent(program, b"\x1b[B" * 3)
        app.terminal.feed(b"\x1b[?1000h\x1b[?1006h")
        wheel(events.MouseScrollUp, app)
        await sent(program, b"\x1b[B" * 3 + b"\x1b[<64;3;3M")


async def test_default_colours_are_the_themes(fake):
    """And follow it; a program that asks gets an answer."""
    async with fake() as (app, pilot, program):
        for theme in ("textual-dark", "textual-light"):
            app.theme = theme
            await pilot.pause()
            strip = app.terminal.render_line(2)
            _, _, background, foreground = app.terminal.colors
            style = next(iter(strip)).style
            assert style.bgcolor.get_truecolor() == background.rich_color.get_truecolor()
            assert style.color.get_truecolor() == foreground.rich_color.get_truecolor()
            program.written = b""
            app.terminal.feed(b"\x1b]11;?\x07")
            r, g, b = background.rgb
            await sent(program, f"\x1b]11;rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}\x07".encode())


async def test_program_colours_are_kept(fake):
    async with fake() as (app, _, _):
        app.terminal.feed(b"\x1b[31mred\x1b[m \x1b[38;2;1;2;3mtrue\x1b[m")
        await until_shown(app, "true")
        styles = {segment.text: segment.style for segment in app.terminal.render_line(0)}
        assert styles["red"].color.triplet == Color.from_ansi(1).get_truecolor(app.ansi_theme)
        assert styles["true"].color == Color.from_rgb(1, 2, 3)


async def test_the_cursor_shows_where_the_focus_is(fake):
    """Inverse with the focus; without it marked too, but another way."""
    async with fake() as (app, pilot, _):
        app.terminal.feed(b"ab")
        await until_shown(app, "ab")

        def cursor():
            return app.terminal.render_line(0).crop(2, 3)._segments[0].style

        assert cursor().reverse
        await pilot.press(app.terminal.LEAVE_KEY)
        assert not cursor().reverse
        assert cursor().underline
        assert cursor().bgcolor != app.terminal.render_line(1)._segments[0].style.bgcolor


async def test_the_real_cursor_is_where_the_programs_is(fake):
    """Screen readers and input methods follow that one, although it is hidden."""
    async with fake() as (app, _, _):
        app.terminal.feed(b"one\r\ntwo you")
        await until_shown(app, "you")
        assert app.cursor_position - app.terminal.content_region.offset == (7, 1)


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (200, 60)])
async def test_every_line_is_exactly_as_wide_as_the_widget(fake, size):
    """Also with characters whose width the emulator and Rich measure differently."""
    async with fake(size=size) as (app, _, _):
        app.terminal.feed("\x1b[?2027l🇩🇪👨\u200d👩\u200d👧☺\ufe0f你e\u0301 \u200d\u0600|".encode() * 12)
        await until_shown(app, "|")
        width, height = app.terminal.size
        assert [app.terminal.render_line(y).cell_length for y in range(height)] == [width] * height


async def test_no_colour_leaves_the_cursor_visible(monkeypatch, fake):
    monkeypatch.setenv("NO_COLOR", "1")
    async with fake() as (app, _, _):
        app.terminal.feed(b"\x1b[31mred")
        await until_shown(app, "red")
        line = app.terminal.render_lines(app.terminal.size.region)[0]
        assert any(segment.style and segment.style.reverse for segment in line)
        colours = {
            segment.style.color.get_truecolor() for segment in line if segment.style and segment.style.color
        }
        assert all(colour.red == colour.green == colour.blue for colour in colours)
