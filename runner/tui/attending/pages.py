"""A learner's pages on the class, and on their own record."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runner.errors import WorkshopError, told
from runner.language import tr
from runner.record.event import Event, data_of, shortened
from runner.tui.boxed import BoxedScreen
from runner.tui.screens.question import Question

if TYPE_CHECKING:
    from runner.tui.attending.side import ClassSide

_MOST_SHOWN = 1000


class ClassPage(BoxedScreen[None]):
    """The class, the instructor's messages, and whether they may see the learner's terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close"),
        Binding("w", "agree", "Let the instructor see your terminal, or no longer"),
    ]

    def __init__(self, side: "ClassSide") -> None:
        super().__init__()
        self._side = side

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = Content(self._side.title or tr("The class"))
            box.border_subtitle = tr("w: may the instructor see your terminal? · Esc closes")
            yield Static(self._text())

    def _text(self) -> Content:
        return Content("\n").join(self._lines())

    def _lines(self) -> Iterator[Content]:
        side = self._side
        if not side.title:
            yield Content(tr("The class cannot be reached yet. You can go on by yourself meanwhile."))
            return
        if side.instructor:
            yield Content(tr("with {instructor}", instructor=side.instructor))
        labs = side.pace.labs
        yield Content(
            tr("all labs are open")
            if labs is None
            else tr("the labs are open up to number {labs}", labs=labs)
        )
        may = tr("✓ the instructor may") if side.mirror else tr("○ the instructor may not")
        yield Content(tr("{may} see your terminal; while they do, your status line says so", may=may))
        yield Content(
            tr("recorded: tries, hints, answers, times. Ctrl+P, “recorded” shows it all, and deletes it")
        )
        if side.word and not side.over:
            yield Content(tr("To come back: your name, and {word} for a password.", word=side.word))
        yield Content.styled(tr("\nWhat the instructor has written"), "bold")
        yield from (Content(f"  {text}") for text in reversed(side.nudges))
        if not side.nudges:
            yield Content(tr("  nothing yet"))

    def action_agree(self) -> None:
        """Let the instructor see your terminal, or no longer."""
        self._side.agree(agreed=not self._side.mirror)
        self.query_one(Static).update(self._text())


class RecordPage(BoxedScreen[None]):
    """Everything recorded of the learner, with a way to delete it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close"),
        Binding("delete,backspace", "delete", "Delete all of it"),
    ]
    DEFAULT_CSS = "RecordPage #box { width: 96; }"

    def __init__(self, events: tuple[Event, ...], forget: Callable[[], int]) -> None:
        super().__init__()
        self._events = events
        self._forget = forget

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = tr("Recorded of you: {number} events", number=len(self._events))
            box.border_subtitle = tr("Del deletes all of it · Esc closes")
            newest = list(reversed(self._events))[:_MOST_SHOWN]
            yield Static(Content("\n".join(map(_line, newest)) or tr("nothing")))

    def action_delete(self) -> None:
        """Delete all that is recorded of you, after asking."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._delete()

        text = tr(
            "Your progress and your notes are deleted too, and cannot be restored. Your files stay; those of a lesson "
            "are put back once their step is begun again."
        )
        self.app.push_screen(
            Question(tr("Delete all that is recorded of you?"), text, yes=tr("Delete it"), no=tr("Keep it")),
            answered,
        )

    def _delete(self) -> None:
        try:
            count = self._forget()
        except (WorkshopError, OSError) as error:
            self.notify(str(told(error)), title=tr("That did not work"), severity="error", markup=False)
            return
        self.notify(tr("Deleted: {count} events.", count=count))
        self.dismiss()


def _line(event: Event) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.time))
    place = "/".join(filter(None, (event.lab, event.step)))
    data = " ".join(f"{name}={value!r}" for name, value in data_of(event.happening).items())
    return f"{when}  {event.happening.kind:<14}  {shortened(f'{place}  {data}')}"
