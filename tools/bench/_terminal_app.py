"""An app with a shell, run in a separate terminal: `python -m tools.bench._terminal_app`."""

from pathlib import Path

from textual.app import ComposeResult

from runner.shell.pty import HostStream
from runner.shell.reader import Reader
from runner.terminal.ghostty import GhosttyEmulator
from runner.tui.internals.key_order import KeyOrderApp
from runner.tui.widgets.terminal.terminal import Terminal
from tools.bench._empty_app import Probe


class TerminalApp(KeyOrderApp):
    """A shell in the terminal widget, and a line that answers keys when focused."""

    def compose(self) -> ComposeResult:
        yield Probe()
        self.terminal = Terminal(GhosttyEmulator(80, 24))
        yield self.terminal

    def on_mount(self) -> None:
        environment = {
            "PATH": "/usr/bin:/bin",
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PS1": "PROMPT> ",
        }
        stream = HostStream(["bash", "--norc"], environment=environment, directory=Path("/"))
        self.reader = Reader(stream)
        self.reader.subscribe(self.terminal.feed)
        self.terminal.attach(stream)
        self.reader.start()
        self.terminal.focus()

    def on_unmount(self) -> None:
        self.reader.close()


if __name__ == "__main__":
    TerminalApp().run()
