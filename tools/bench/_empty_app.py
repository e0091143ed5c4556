"""A bare Textual app, to compare ours with: `python -m tools.bench._empty_app`."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Probe(Static, can_focus=True):
    """Shows the number of keys it received."""

    count = 0

    def on_key(self) -> None:
        self.count += 1
        self.update(f"<{self.count:04}>")


class EmptyApp(App[None]):
    """A Textual app with one line."""

    def compose(self) -> ComposeResult:
        yield Probe("ready")


if __name__ == "__main__":
    EmptyApp().run()
