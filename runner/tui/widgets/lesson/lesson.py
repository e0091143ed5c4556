"""One step of a lab, to read and to act on."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from runner.check.outcome import Failed, Outcome, Passed
from runner.lab.model.glossary import Term, TermLinks
from runner.lab.model.prose import Prose
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import (
    ConsoleBlock,
    ContainerBlock,
    FileBlock,
    HintBlock,
    Lab,
    QuizBlock,
    Step,
)
from runner.language import tr
from runner.learner.progress.state import StepState
from runner.tui.widgets.lesson.command_row import CommandRow, RowState, Transcript
from runner.tui.widgets.lesson.found_words import FoundWords
from runner.tui.widgets.lesson.hints import Hints
from runner.tui.widgets.lesson.kept_place import KeptPlace
from runner.tui.widgets.lesson.launch_card import LaunchCard
from runner.tui.widgets.lesson.next_card import NextCard
from runner.tui.widgets.lesson.reading import reading
from runner.tui.widgets.lesson.sought import line_with
from runner.tui.widgets.reveal import Reveal

_AT_ONCE = 6
"""The number of a step's widgets that fill most screens."""


class Lesson(VerticalScroll, can_focus=True):
    """Shows the current step; actions in it are sent to the screen as messages."""

    BLANK = True
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
        .apart { margin-bottom: 1; }
        MarkdownFence { margin: 0 0 1 0; }
        .place { color: $text-muted; }
        .title { text-style: bold; color: $primary; margin-bottom: 1; }
    }
    Lesson.-narrow { padding: 0 1; }
    """

    def __init__(
        self,
        lab: Lab,
        step: Step,
        state: StepState,
        *,
        glossary: Sequence[Term] = (),
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        super().__init__(id=id)
        self._height = 0
        self._place = KeptPlace(self)
        self._reveal = Reveal(self)
        self._asked: Widget | None = None
        """The question that was asked last."""
        self._awaited: QuizBlock | None = None
        """A question that is to get the keys once it is there."""
        self._sought: tuple[str, Sequence[str]] | None = None
        """The id of a step, and words in it that are to come into view once they are there."""
        self._glossary = glossary
        self._take_up(lab, step, state, ())

    def _take_up(self, lab: Lab, step: Step, state: StepState, launched: Collection[str]) -> None:
        self._shown = step
        self._awaited = None
        self._whole = False
        self._found = FoundWords()
        self._links = TermLinks(self._glossary)
        self._to_mount = _widgets(lab, step, state, self._links)
        self._running_containers = set(launched)
        self._states: dict[Command, RowState] = {}
        self._hints = state.hints
        self._files: Mapping[str, str | None] = {}

    @property
    def terms(self) -> Sequence[str]:
        """The ids of the glossary's terms that the step uses."""
        return self._links.used

    def compose(self) -> ComposeResult:
        yield from islice(self._to_mount, _AT_ONCE)

    def on_resize(self) -> None:
        """Keep the place; keep the task, or the newest hint, in view, if it was before the checks took more room."""
        height, before = self.scrollable_content_region.height, self._height
        self._height = height
        kept = self._place.resized()
        if height < before and self._asked is not None and self._asked.has_focus_within:
            self._scroll_to_question(self._asked)
            return
        if kept:
            self._place.restore()
        if kept or height >= before:
            return
        y, task = self.scroll_offset.y, self._task_place
        seen = y < task.bottom <= y + before
        if y >= self.max_scroll_y - (before - height):
            y = self.max_scroll_y
        if seen:
            y = min(max(y, task.bottom - height), task.y)
        if y != self.scroll_offset.y:
            # Else it would undo a scroll that is on its way.
            self.scroll_to(y=y, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._place.scrolled()

    def on_mount(self) -> None:
        self._apply()
        self.watch(self, "virtual_size", self._laid_out, init=False)
        self.call_after_refresh(self._mount_rest, self._shown)

    def read(self, where: str) -> None:
        """Scroll a page `up` or `down`, or to the `home` or the `end` of the step."""
        scroll = {
            "up": self.scroll_page_up,
            "down": self.scroll_page_down,
            "home": self.scroll_home,
            "end": self.scroll_end,
        }
        self._reveal.forget()
        if where == "home":
            # Also if all of it is shown, where there is nothing to scroll.
            self._place.begin_page()
        scroll[where](animate=False)

    async def show(self, lab: Lab, step: Step, state: StepState, launched: Collection[str]) -> None:
        """Replace the shown step by `step`, with the learner's state in it."""
        self._take_up(lab, step, state, launched)
        self._place.begin_page()
        self._reveal.forget()
        with self.app.batch_update():
            await self.remove_children()
            await self.mount_all(islice(self._to_mount, _AT_ONCE))
        self.scroll_home(animate=False)
        self._apply()
        self.call_after_refresh(self._mount_rest, step)

    async def _mount_rest(self, step: Step) -> None:
        """Widgets beyond the first screen can wait until the rest of the screen is painted."""
        if self._shown is step:
            await self.mount_all(self._to_mount)
            self._whole = True
            self._apply()
            if self._awaited is not None:
                self.show_question(self._awaited)
            self.call_after_refresh(self._scroll_to_sought)

    def seek(self, step: Step, words: Sequence[str]) -> None:
        """Bring the first of `words` that `step` has, folded as for a search, into view once the step is shown.

        They are marked until `unmark`. Without words, its beginning comes into view.
        """
        self._reveal.forget()
        self._sought = step.id, words
        self.call_after_refresh(self._scroll_to_sought)

    def _laid_out(self) -> None:
        self.call_after_refresh(self._scroll_to_sought)

    def _scroll_to_sought(self) -> None:
        if not self._whole or self._sought is None or self._sought[0] != self._shown.id:
            return
        if not self.children[-1].size.height:
            # Not laid out yet.
            return
        (_, words), self._sought = self._sought, None
        self._found.mark(self, words)
        line = line_with(self, words) if words else 0
        if line is not None:
            # A third from the top, since its context stands above it.
            self.scroll_to(y=line - self.scrollable_content_region.height // 3, animate=False)

    def unmark(self) -> None:
        """Show the text as it was before a search led to it."""
        self._found.unmark()

    def reveal(self, hints: int) -> None:
        """Show that many hints, and bring the newest into view."""
        grows = any(widget.revealed < hints for widget in self.query(Hints))
        self._hints = hints
        self._apply()
        if not grows:
            self.show_task()

    @on(Hints.Grown)
    def _grown(self, event: Hints.Grown) -> None:
        event.stop()
        self.show_task()

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        """Show the current texts of the step's files."""
        self._files = texts
        self._apply()

    def show_running(self, name: str, *, running: bool) -> None:
        """Show whether a container runs."""
        (self._running_containers.add if running else self._running_containers.discard)(name)
        self._apply()

    def show_launch(self, name: str) -> None:
        """Bring a container that is being launched into view."""
        for card in self.query(LaunchCard):
            if card.block.name == name:
                card.scroll_visible(animate=False)

    def show_typed(self, command: Command) -> None:
        """Show that a command was typed, and bring it into view."""
        self._states[command] = RowState.TYPED
        self._apply()
        for row in self._rows(command):
            row.scroll_visible(animate=False)

    def show_outcome(self, command: Command, outcome: Outcome | None) -> None:
        """Show whether a command had the result that the text says."""
        self._states[command] = RowState.AS_SHOWN if isinstance(outcome, Passed) else RowState.DIFFERENT
        self._apply()
        for row in self._rows(command):
            if isinstance(outcome, Failed):
                row.tooltip = Content(
                    tr(
                        "The lesson shows {expected}; this time it was {actual}.",
                        expected=outcome.expected,
                        actual=outcome.actual,
                    )
                )

    def show_task(self) -> None:
        """Bring the step's task into view, with the newest hint: the text before its hints, or at its end."""
        self._reveal.bring(self._scroll_to_task)

    def _scroll_to_task(self) -> None:
        # At the bottom of the view, since its context stands above it.
        task = self._task_place
        self.scroll_to(y=min(task.bottom - self.scrollable_content_region.height, task.y), animate=False)

    @property
    def _task_place(self) -> Region:
        """The region of the newest hint; without a hint, from the last paragraph before the hints to their end."""
        for hints in self.query(Hints):
            place = hints.newest
            if hints.revealed:
                return place
            top = self._last_paragraph(hints)
            return Region(place.x, top, place.width, place.bottom - top)
        size = self.virtual_size
        return Region(0, size.height - 1, size.width, 1)

    def _last_paragraph(self, hints: Hints) -> int:
        """The line where the last paragraph of the text before the hints begins; a file may stand between them."""
        before = self.children[: self.children.index(hints)]
        text = next((widget for widget in reversed(before) if type(widget) is Static), hints)
        place = text.virtual_region
        if not isinstance(text, Static) or not isinstance(text.content, Content):
            return place.y
        height = text.content.split("\n\n")[-1].get_height({}, max(1, place.width))
        return max(place.y, place.y + text.content_size.height - height)

    def show_question(self, quiz: QuizBlock) -> None:
        """Bring a question into view, and give the keys to its answers."""
        from runner.tui.widgets.lesson.quiz import Quiz

        self._awaited = quiz
        for widget in self.query(Quiz):
            if widget.block == quiz:
                self._awaited = None
                widget.take_keys()
                self._asked = widget
                self._reveal.bring(partial(self._scroll_to_question, widget))

    def _scroll_to_question(self, question: Widget) -> None:
        """Bring a question with its answers into view; where they don't fit, its first lines."""
        if question.is_attached:
            place = question.virtual_region
            self.scroll_to(
                y=min(place.bottom - self.scrollable_content_region.height, place.y), animate=False
            )

    def _rows(self, command: Command) -> list[CommandRow]:
        return [row for row in self.query(CommandRow) if row.command == command]

    def _apply(self) -> None:
        """Show the known state of the containers, hints and commands; the first new one is next."""
        for card in self.query(LaunchCard):
            card.running = card.block.name in self._running_containers
        for hints in self.query(Hints):
            hints.revealed = self._hints
        if self._files:
            self._show_files()
        following = RowState.NEXT
        for row in self.query(CommandRow):
            row.state = self._states.get(row.command, following)
            if row.state is RowState.NEXT:
                following = RowState.NEW

    def _show_files(self) -> None:
        from runner.tui.widgets.lesson.file_card import FileCard

        for card in self.query(FileCard):
            if card.block.name in self._files:
                card.show(self._files[card.block.name])


def _widgets(lab: Lab, step: Step, state: StepState, links: TermLinks) -> Iterator[Widget]:
    number = lab.steps.index(step)
    yield Static(
        tr("Step {what} of {number}", what=number + 1, number=len(lab.steps)), classes="place", markup=False
    )
    yield Static(step.title, classes="title", markup=False)
    if number == 0:
        for prose in lab.introduction:
            yield from reading(links.linked(prose.passages))
    hints_shown = False
    for block in step.blocks:
        match block:
            case Prose():
                yield from reading(links.linked(block.passages))
            case ContainerBlock():
                yield LaunchCard(block)
            case ConsoleBlock():
                yield Transcript(block)
            case FileBlock():
                from runner.tui.widgets.lesson.file_card import FileCard

                yield FileCard(block)
            case HintBlock() if not hints_shown:
                hints_shown = True
                yield Hints([hint.text for hint in step.hints], state.hints)
            case QuizBlock():
                from runner.tui.widgets.lesson.quiz import Quiz

                yield Quiz(block, state.answers.get(block.id))
    following = lab.steps[number + 1].title if number + 1 < len(lab.steps) else ""
    yield NextCard(following)
