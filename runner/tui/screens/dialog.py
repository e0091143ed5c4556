"""Dialogs: a text, and answers to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from runner.tui.boxed import BoxedScreen
from runner.tui.keys.spelling import GAP

CLOSE = "q"
"""The key that closes a dialog as Esc does, if it is no answer there."""

Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Given_co]):
    """One answer: the key and the button that give it, and its value."""

    key: str
    label: str
    result: Given_co


class Dialog(BoxedScreen[Result]):
    """Asks for one of several answers, the first of which is proposed; Escape gives `escape`, as `way_out` says.

    A letter right after one that answers nothing belongs to a typed word, and is not an answer either. If it comes up
    `unasked`, no key is an answer before a pause; else only the key `opener` needs one, which has asked for it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "escape", "Answer as Esc does", show=False),
        Binding("left", "app.focus_previous", "The answer before", show=False),
        Binding("right", "app.focus_next", "The next answer", show=False),
    ]
    DEFAULT_CSS = """
    Dialog {
        #box { width: 72; max-width: 95%; padding: 1 2; overflow-y: auto; }
        Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
        Button { margin-left: 2; }
    }
    """

    def __init__(
        self,
        title: str,
        text: str,
        answers: Sequence[Answer[Result]],
        *,
        escape: Result,
        way_out: str = "",
        unasked: bool = False,
        opener: str = "",
    ) -> None:
        super().__init__()
        self.close_gate(*filter(None, [opener]), unasked=unasked)
        self._title = title
        self._text = text
        self._answers = answers
        self._escape = escape
        self._way_out = way_out
        self._typed = float("-inf")
        """The time of the last typed letter that answers nothing."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(self._way_out)
            yield Static(self._text, markup=False)
            with Horizontal():
                for number, answer in enumerate(self._answers):
                    yield Button(
                        Content(f"{answer.label} ({answer.key})"),
                        id=f"answer-{number}",
                        variant="default" if number else "primary",
                        compact=True,
                    )

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        number = int((event.button.id or "").removeprefix("answer-"))
        self.dismiss(self._answers[number].result)

    def on_key(self, event: events.Key) -> None:
        answer = next((answer for answer in self._answers if event.key == answer.key), None)
        if answer is not None and event.time - self._typed >= GAP:
            event.stop()
            self.dismiss(answer.result)
        elif event.character is not None and event.is_printable:
            event.stop()
            alone, self._typed = event.time - self._typed >= GAP, event.time
            if not self.typed(event.character, event.time) and alone and event.key == CLOSE:
                self.action_escape()

    def typed(self, character: str, at: float) -> bool:  # noqa: ARG002 (for subclasses)
        """Handle a typed letter that answers nothing; True if it is taken for something else."""
        return False

    def action_escape(self) -> None:
        """Answer as Esc does."""
        self.dismiss(self._escape)
