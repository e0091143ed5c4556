"""The terminal widget with programs on real pseudo-terminals."""

import asyncio
from time import monotonic

from runner.pace import MACHINE
from tests.tui.terminal.support import FakeProgram, TerminalApp, until, until_shown


async def type_line(pilot, text):
    """Type each character as a key, then Enter."""
    await pilot.press(*text, "enter")


async def test_typed_commands_run(shell):
    async with shell() as (app, pilot):
        await type_line(pilot, "echo $((6*7))")
        await until_shown(app, "\n42\n")


async def test_a_new_size_reaches_the_program(shell):
    """The shell gets SIGWINCH, and then asks for the size."""
    async with shell("bash", "--norc") as (app, pilot):
        await type_line(pilot, "trap 'stty size' WINCH; stty size")
        await until_shown(app, "\n24 80\n")
        await pilot.resize_terminal(50, 12)
        await until(lambda: app.terminal.size == (50, 10), "the widget's size")
        await type_line(pilot, "")
        await until_shown(app, "10 50")


async def test_a_full_screen_program_comes_and_goes(shell, tmp_path):
    (tmp_path / "file.txt").write_text("".join(f"line {number}\n" for number in range(200)))
    async with shell() as (app, pilot):
        await type_line(pilot, "echo before")
        await until_shown(app, "\nbefore\n")
        await type_line(pilot, "vi -u NONE file.txt")
        await until_shown(app, "line 20")
        assert app.terminal.modes.alternate_screen
        await pilot.press("down", "down", "d", "d")
        await pilot.press("i", "h", "e", "y", "escape")
        await until_shown(app, "heyline 3")
        await pilot.press(*":wq", "enter")
        await until_shown(app, "\nbefore\n")
        assert not app.terminal.modes.alternate_screen
    assert "line 1\nheyline 3\n" in (tmp_path / "file.txt").read_text()


async def test_a_flood_does_not_freeze_the_app_and_ctrl_c_ends_it(shell):
    async with shell() as (app, pilot):
        await type_line(pilot, "yes")
        await until_shown(app, "y\ny\ny\n")
        delays = []
        for _ in range(20):
            asked = monotonic()
            answered = asyncio.Event()
            app.call_later(answered.set)
            await answered.wait()
            delays.append(monotonic() - asked)
        assert sorted(delays)[10] < MACHINE.stretched(0.5)
        await pilot.press("ctrl+c")
        await type_line(pilot, "echo over")
        await until_shown(app, "\nover\n")


async def test_scrolling_back_and_typing_returns(shell):
    async with shell() as (app, pilot):
        await type_line(pilot, "seq 1 500")
        await until_shown(app, "500\n$")
        await pilot.press("shift+pageup")
        await until_shown(app, "\n470\n")
        assert "↑ 23/" in app.terminal.render_line(0).text
        await pilot.press("shift+pagedown")
        await until_shown(app, "500\n$")
        await pilot.press("shift+pageup", "shift+pageup")
        await until_shown(app, "\n440\n")
        await type_line(pilot, "echo here")
        await until_shown(app, "\nhere\n")


async def test_the_end_of_the_program_is_told(shell):
    async with shell() as (app, pilot):
        await type_line(pilot, "exit")
        await until(lambda: "ended" in app.heard, "the end")


async def test_keys_typed_before_there_is_a_program_wait_for_it():
    app = TerminalApp()
    async with app.run_test(size=(80, 26)) as pilot:
        await pilot.press("l", "s", "enter")
        program = FakeProgram()
        app.terminal.attach(program)
        await until(lambda: program.written == b"ls\r", "the early keys")
        assert program.sizes == [(80, 24)]
