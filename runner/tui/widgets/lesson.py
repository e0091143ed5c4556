"""One step of a lab as something to read and to act on."""

from collections.abc import Collection, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Markdown, Static

from runner.lab.model import (
    ConsoleBlock,
    ContainerBlock,
    FileBlock,
    HintBlock,
    Lab,
    Prose,
    QuizBlock,
    Step,
)
from runner.session.state import StepState
from runner.tui.widgets.command_row import CommandRow, Transcript
from runner.tui.widgets.file_card import FileCard
from runner.tui.widgets.hints import Hints
from runner.tui.widgets.launch_card import LaunchCard
from runner.tui.widgets.next_card import NextCard
from runner.tui.widgets.quiz import Quiz


class Lesson(VerticalScroll, can_focus=True):
    """Shows the current step; what is acted on in it tells the screen by messages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Scroll down", show=False),
        Binding("k", "scroll_up", "Scroll up", show=False),
    ]
    DEFAULT_CSS = """
    Lesson {
        padding: 1 2 0 2;
        scrollbar-size-vertical: 1;
        background: $background;
        &:focus { background-tint: $foreground 0%; }
        Markdown { padding: 0; margin: 0; background: transparent; }
        MarkdownParagraph { margin: 0 0 1 0; }
        MarkdownFence { margin: 0 0 1 0; }
        .place { color: $text-muted; }
        .title { text-style: bold; color: $primary; margin-bottom: 1; }
    }
    Lesson.-narrow { padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.border_title = ""

    async def show(self, lab: Lab, step: Step, state: StepState, launched: Collection[str]) -> None:
        """Replace what is shown by `step`, as far as the learner has come in it."""
        with self.app.batch_update():
            await self.remove_children()
            await self.mount_all(list(_widgets(lab, step, state)))
        for card in self.query(LaunchCard):
            card.running = card.block.name in launched
        self.scroll_home(animate=False)

    def reveal(self, hints: int) -> None:
        """Show that many hints, and bring them into view."""
        for widget in self.query(Hints):
            widget.revealed = hints
            self.call_after_refresh(widget.scroll_visible, animate=False)

    def rows(self) -> Iterator[CommandRow]:
        """The commands, in the order of the text."""
        return iter(self.query(CommandRow))


def _widgets(lab: Lab, step: Step, state: StepState) -> Iterator[Widget]:
    number = lab.steps.index(step)
    yield Static(f"Step {number + 1} of {len(lab.steps)}", classes="place", markup=False)
    yield Static(step.title, classes="title", markup=False)
    if number == 0 and lab.introduction:
        yield Markdown(lab.introduction, open_links=False)
    hints = Hints([block.text for block in step.hints], state.hints)
    hints_shown = False
    for block in step.blocks:
        match block:
            case Prose(text):
                yield Markdown(text, open_links=False)
            case ContainerBlock():
                yield LaunchCard(block)
            case ConsoleBlock():
                yield Transcript(block)
            case FileBlock():
                yield FileCard(block)
            case HintBlock() if not hints_shown:
                hints_shown = True
                yield hints
            case QuizBlock():
                yield Quiz(block, state.answers.get(block.id))
    following = lab.steps[number + 1].title if number + 1 < len(lab.steps) else ""
    yield NextCard(following)
