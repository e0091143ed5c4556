"""The apps that the terminal benchmark runs in a terminal of its own: `python -m tools.bench._terminal_app KIND`."""

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Static

from runner.tui.live_app import LiveApp


class Probe(Static, can_focus=True):
    """Shows how many keys it got."""

    count = 0

    def on_key(self) -> None:
        self.count += 1
        self.update(f"<{self.count:04}>")


class EmptyApp(App[None]):
    """Nothing but Textual and one line."""

    def compose(self) -> ComposeResult:
        yield Probe("ready")


class TerminalApp(LiveApp):
    """A shell in the terminal widget, and a line that answers keys when it has the focus."""

    def compose(self) -> ComposeResult:
        from runner.terminal.choose import new_emulator  # noqa: PLC0415 (the empty app must not pay for it)
        from runner.tui.widgets.terminal import Terminal  # noqa: PLC0415

        yield Probe()
        self.terminal = Terminal(new_emulator(80, 24))
        yield self.terminal

    def on_mount(self) -> None:
        from runner.shell.host import HostStream  # noqa: PLC0415
        from runner.shell.reader import Reader  # noqa: PLC0415

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
    {"empty": EmptyApp, "terminal": TerminalApp}[sys.argv[1]]().run()
