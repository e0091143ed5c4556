"""A file of the lesson that is in the learner's workspace."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from runner.lab.model.workshop import FileBlock
from runner.tui.messages import EditAsked
from runner.tui.widgets.lesson.reading import markdown


class FileCard(Vertical):
    """Shows a file as the lesson has it; one that is to be changed opens in the editor."""

    DEFAULT_CSS = """
    FileCard {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $surface;
        border-left: outer $secondary 60%;
        Horizontal { height: 1; }
        .name { width: 1fr; color: $text-muted; }
        Button { min-width: 10; height: 1; border: none; }
        MarkdownFence { margin: 0; background: transparent; }
    }
    """

    def __init__(self, block: FileBlock) -> None:
        super().__init__()
        self.block = block

    def compose(self) -> ComposeResult:
        note = "yours to change" if self.block.edit else "in your workspace"
        with Horizontal():
            yield Static(f"{self.block.name}   {note}", classes="name", markup=False)
            yield Button("✎ Edit" if self.block.edit else "✎ Open", compact=True)
        fence = "`" * (3 + self.block.content.count("```"))
        yield markdown(f"{fence}{self.block.language}\n{self.block.content.rstrip()}\n{fence}")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(EditAsked(self.block))

    def on_click(self, event: events.Click) -> None:
        event.stop()
