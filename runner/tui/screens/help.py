"""What the app is and which keys there are."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from runner.tui.internals.key_taker import KeyTaker

_SECTIONS = (
    (
        "Doing a lab",
        (
            ("space", "the next thing: one key leads through the whole lab"),
            ("l", "launch the next container of the step"),
            ("r", "type the next command of the step"),
            ("c", "look at the checks now; most tick by themselves"),
            ("h", "a hint, then the next one"),
            ("s s", "solve the step before your eyes"),
            ("S", "skip the step: solve it and go on"),
            ("n  p", "next step, step before"),
            ("x  X", "begin the step again, the lab again"),
            ("e", "edit the profiles in your workspace"),
            ("y", "what the profiles decide for a system call"),
        ),
    ),
    (
        "The terminal",
        (
            ("t", "go to the terminal, which gets every key from then on"),
            (KeyTaker.LEAVE_KEY.title(), "leave it, to the row of tabs: ← and → switch there, Enter goes in"),
            ("f", "give it the whole screen, or take that back"),
            ("Shift+PgUp", "scroll back; Shift+PgDn forward"),
        ),
    ),
    (
        "Everywhere",
        (
            ("Ctrl+P", "every command by its name, and every theme"),
            ("Ctrl+T", "light or dark"),
            ("q", "back to the labs; there, quit"),
            ("Ctrl+Q", "quit at once; progress and files are kept"),
        ),
    ),
)
_INTRODUCTION = (
    "Read at the left, work at the right. What the lesson shows can be done by a key, by a click, or by typing "
    "it yourself: the checks look at what really happened."
)
_SYMBOLS = "✓ passed   ✗ not as wanted   ○ open   ! could not be looked at"


def _help() -> Content:
    width = max(len(key) for _, rows in _SECTIONS for key, _ in rows)
    parts: list[str | tuple[str, str]] = [_INTRODUCTION]
    for title, rows in _SECTIONS:
        parts += ["\n\n", (title, "$primary bold")]
        for key, does in rows:
            parts += ["\n", (f"{key:>{width}}", "$footer-key-foreground bold"), f"  {does}"]
    return Content.assemble(*parts, "\n\n", (_SYMBOLS, "$foreground 65%"))


class HelpScreen(ModalScreen[None]):
    """A page of help over whatever is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark", "dismiss", "Close")]
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        VerticalScroll {
            width: 84;
            max-width: 100%;
            height: auto;
            max-height: 95%;
            padding: 1 2;
            background: $surface;
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
        }
    }
    """

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Static(_help())
