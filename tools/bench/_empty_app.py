"""An app of Textual's alone, to compare ours with: `python -m tools.bench._empty_app`."""

from textual.app import App, ComposeResult
from textual.widgets import Static


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


if __name__ == "__main__":
    EmptyApp().run()
