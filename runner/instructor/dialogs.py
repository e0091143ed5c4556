"""The questions that the instructor is asked before an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from runner.lab.model.workshop import Workshop
from runner.language import tr
from runner.record.notice import Nudge, Pace
from runner.tui.boxed import BoxedScreen


class LineScreen(BoxedScreen[str | None]):
    """Asks for one line, which may be empty; None if the question is cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Do nothing")]

    def __init__(self, title: str, about: str, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._value = value

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = tr("Enter: yes · Esc: no")
            yield Static(self._about, markup=False)
            yield Input(self._value, compact=True, select_on_focus=False, max_length=500)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


@dataclass(frozen=True, slots=True)
class Addressees:
    """Some learners, and a name for the group."""

    called: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A nudge and its addressees."""

    to: tuple[str, ...]
    nudge: Nudge


class NudgeScreen(BoxedScreen[Addressed | None]):
    """Asks for a message and its addressees; an empty message is the next hint."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Send nothing"),
        Binding("up", "other(-1)", "To others"),
        Binding("down", "other(1)", "To others"),
    ]

    def __init__(self, choices: Sequence[Addressees], chosen: int = 0) -> None:
        """`choices` are the groups that it can go to."""
        super().__init__()
        self._choices = choices
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("Nudge")
            box.border_subtitle = tr("Enter sends · ↑ ↓ to others · Esc sends nothing")
            yield Static(self._to(), id="to")
            about = tr("a message; empty: the next hint of their step")
            yield Input(placeholder=about, compact=True, max_length=500)

    def _to(self) -> Content:
        parts: list[str | tuple[str, str]] = [(f"{tr('to')}  ", "$text-muted")]
        for number, choice in enumerate(self._choices):
            text = f"{choice.called} ({len(choice.names)})" if len(choice.names) != 1 else choice.called
            parts += [(f"[{text}]", "bold") if number == self._chosen else f" {text} ", " "]
        return Content.assemble(*parts)

    def action_other(self, by: int) -> None:
        """Choose another group."""
        self._chosen = (self._chosen + by) % len(self._choices)
        self.query_one("#to", Static).update(self._to())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        self.dismiss(Addressed(self._choices[self._chosen].names, Nudge(text, hint=not text)))


class PaceScreen(BoxedScreen[Pace | None]):
    """Asks for the last lab that is open to the class."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave it"),
        Binding("w", "wait", "Wait for all, or not"),
    ]
    DEFAULT_CSS = """
    PaceScreen {
        OptionList, OptionList:focus { height: auto; max-height: 20; border: none; background: $surface; }
    }
    """

    def __init__(self, workshop: Workshop, pace: Pace) -> None:
        super().__init__()
        self._workshop = workshop
        self._pace = pace
        self._waiting = pace.waiting

    def compose(self) -> ComposeResult:
        labs = self._workshop.labs
        with Vertical(id="box") as box:
            box.border_title = tr("Pace")
            box.border_subtitle = tr("Enter sets it · w: wait for all, or not · Esc leaves it")
            yield Static(self._about(), id="about")
            yield OptionList(
                Option(tr("All labs are open.")),
                *(
                    Option(Content(tr("Up to {number}. {title}", number=number, title=lab.title)))
                    for number, lab in enumerate(labs, 1)
                ),
            )

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = self._pace.labs or 0

    def _about(self) -> str:
        if self._waiting:
            return tr("✓ wait for all: the next lab opens once everybody who is here has finished these")
        return tr("○ wait for all: off; you open the next lab yourself")

    def action_wait(self) -> None:
        """Toggle whether the next lab opens once everybody has finished."""
        self._waiting = not self._waiting
        self.query_one("#about", Static).update(self._about())

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        labs = event.option_index or None
        self.dismiss(Pace(labs, waiting=self._waiting and labs is not None))
