"""A transcript of the lesson; each command can be typed into its terminal."""

import textwrap
from collections.abc import Iterator
from enum import Enum
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runner.lab.model.transcript import Command, Line, Match
from runner.lab.model.workshop import HOST, ConsoleBlock, console_name
from runner.language import tr
from runner.tui import marks
from runner.tui.messages import TypeAsked
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent

_ELLIPSIS = "…"


class RowState(Enum):
    """The state of a command; the value is the mark before it."""

    NEW = marks.COMMAND_NEW
    NEXT = marks.COMMAND_NEXT
    TYPED = marks.COMMAND_TYPED
    AS_SHOWN = marks.COMMAND_AS_SHOWN
    DIFFERENT = marks.COMMAND_DIFFERENT


class CommandRow(Static, can_focus=True):
    """One command; a click or Enter asks for it to be typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "type", "Run it", show=False)]
    DEFAULT_CSS = """
    CommandRow {
        color: $foreground;
        pointer: pointer;
        &:hover { background: $primary 20%; }
        &:focus { background: $primary 25%; text-style: bold; }
    }
    """
    state: reactive[RowState] = reactive(RowState.NEW, init=False)

    def __init__(self, block: ConsoleBlock, command: Command) -> None:
        super().__init__(_shown(block, command, RowState.NEW))
        self.block = block
        self.command = command

    def watch_state(self, state: RowState) -> None:
        self.update(_shown(self.block, self.command, state))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_type()

    def action_type(self) -> None:
        """Ask for the command to be typed."""
        self.post_message(TypeAsked(self.block, self.command))


class Transcript(Vertical):
    """The commands of a console block with their output, as far as it is the same everywhere."""

    DEFAULT_CSS = """
    Transcript {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $surface;
        border-left: outer $accent 50%;
        .where { color: $text-muted; }
        .output { color: $text-muted; padding-left: 2; }
    }
    """

    def __init__(self, block: ConsoleBlock) -> None:
        super().__init__()
        self.block = block

    def compose(self) -> ComposeResult:
        yield Static(tr("in {where}", where=console_name(self.block.target)), classes="where", markup=False)
        for command in self.block.commands:
            yield CommandRow(self.block, command)
            if shown := expected_text(command):
                yield Static(shown, classes="output", markup=False)


def _shown(block: ConsoleBlock, command: Command, state: RowState) -> StackedContent:
    """The mark with the prompt, and the command, whose continued lines are indented, each as far as in the lesson."""
    prompt = "$" if block.target == HOST else "#"
    mark = Content.assemble((f"{state.value.symbol} ", state.value.colour), f"{prompt} ")
    first, *more = command.text.split("\n")
    lines = [HangingContent(mark, Content(first)), *_continued(more, beside=mark.cell_length + 2)]
    return StackedContent(lines)


def _continued(lines: list[str], *, beside: int) -> Iterator[HangingContent]:
    """A command's lines after the first one, the least indented one `beside` columns from the left."""
    for line in textwrap.dedent("\n".join(lines).expandtabs()).splitlines():
        text = line.lstrip()
        yield HangingContent(Content(" " * (beside + len(line) - len(text))), Content(text.rstrip()))


def expected_text(command: Command) -> str:
    """A command's output for a reader: variable parts are an ellipsis."""
    lines: list[str] = []
    for line in command.output:
        text = _readable(line)
        if text != _ELLIPSIS or not lines or lines[-1] != _ELLIPSIS:
            lines.append(text)
    return "\n".join(lines).strip("\n") if lines != [_ELLIPSIS] else ""


def _readable(line: Line) -> str:
    match line.match:
        case Match.EQUAL:
            return line.text
        case Match.GLOB if "[" not in line.text and "?" not in line.text:
            return line.text.replace("*", _ELLIPSIS)
        case _:
            return _ELLIPSIS
