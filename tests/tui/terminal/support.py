"""An app with a terminal in it, and ways to wait for its output."""

import asyncio
from time import monotonic
from typing import ClassVar

from textual.app import App
from textual.binding import Binding
from textual.widgets import Button, Footer

from runner.terminal.ghostty import GhosttyEmulator
from runner.tui.widgets.terminal.copy_mode import CopyModeTerminal

PATIENCE = 20.0


class FakeProgram:
    """Remembers what it was sent."""

    def __init__(self):
        self.written = b""
        self.sizes = []

    def write(self, data):
        self.written += data

    def write_now(self, text):
        self.write(text)
        return True

    def resize(self, columns, rows):
        self.sizes.append((columns, rows))


class TerminalApp(App):
    """A button, a terminal and a footer; with bindings that would like to have the terminal's keys."""

    CSS = "Button { height: 1; border: none; min-width: 4; }"
    BINDINGS: ClassVar = [
        Binding("ctrl+t", "grab('app')", "Grab", priority=True),
        Binding("x", "grab('app')", "Grab", priority=True),
    ]

    def __init__(self):
        super().__init__()
        self.grabbed = []
        self.heard = []
        self.copied = []

    def compose(self):
        yield Button("first")
        yield CopyModeTerminal(GhosttyEmulator(80, 24))
        yield Footer()

    def on_mount(self):
        self.terminal.focus()

    @property
    def terminal(self):
        return self.query_one(CopyModeTerminal)

    def action_grab(self, who):
        self.grabbed.append(who)

    def on_terminal_ended(self):
        self.heard.append("ended")

    def copy_to_clipboard(self, text):
        super().copy_to_clipboard(text)
        self.copied.append(text)


async def until(condition, what=""):
    """Wait until a condition holds; fails with what it was after a while."""
    deadline = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.005)


async def until_shown(app, text):
    """Wait until the terminal shows a text."""
    deadline = monotonic() + PATIENCE
    while text not in app.terminal.text:
        assert monotonic() < deadline, f"{text!r} never appeared:\n{app.terminal.text}"
        await asyncio.sleep(0.005)
