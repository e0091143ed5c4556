"""The page that says how to join, with a picture of the address for phones."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runner.language import tr
from runner.teaching.control import ClassStatus
from runner.tui.boxed import BoxedScreen

_EDGE = 2
"""Light modules around the picture, without which cameras do not find it."""
_BLOCKS = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
"""Two modules above each other, dark ones as 1, as one character."""
_FRAME = 4
"""Lines, or columns, that the box takes around its texts at most."""


def qr_lines(text: str) -> list[str]:
    """A text as a QR code, dark on light, two rows of modules in each line."""
    import segno  # noqa: PLC0415 - an extra, which only classes need

    rows = [tuple(row) for row in segno.make(text, micro=False).matrix_iter(border=_EDGE)]
    rows += [(0,) * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(_BLOCKS[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs]


class JoiningPage(BoxedScreen[None]):
    """How to join; the picture is shown where all of it has room, the instructor's own code only on demand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,i", "dismiss", "Close"),
        Binding("y", "own", "Your own code"),
    ]
    DEFAULT_CSS = """
    JoiningPage {
        #box { width: 96; }
        #picture { width: auto; color: #000000; background: #ffffff; text-wrap: nowrap; margin-bottom: 1; }
        #own { margin-top: 1; display: none; }
    }
    """

    def __init__(self, status: ClassStatus) -> None:
        super().__init__()
        self._lines = "\n".join(status.joining) or tr("nobody can join")
        self._picture = qr_lines(status.link) if status.link else []
        self._own = status.own

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = Content(tr("How to join"))
            own = tr("y: your own code, which is for nobody else") if self._own else ""
            box.border_subtitle = Content(" · ".join(filter(None, (own, tr("Esc closes")))))
            yield Static("\n".join(self._picture), id="picture", markup=False)
            yield Static(self._lines, id="lines", markup=False)
            yield Static(
                tr("A larger window shows a picture of the address too."), id="smaller", markup=False
            )
            yield Static(tr("for you: {own}", own=self._own), id="own", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        own = self._own.count("\n") + 2 if self._own else 0
        needed = len(self._picture) + 1 + len(self._lines.splitlines()) + own + _FRAME
        room = event.size.height >= needed and event.size.width >= len("".join(self._picture[:1])) + _FRAME
        self.query_one("#picture").display = bool(self._picture) and room
        self.query_one("#smaller").display = bool(self._picture) and not room

    def action_own(self) -> None:
        """Show your own code, or hide it: others may see this screen."""
        own = self.query_one("#own")
        own.display = bool(self._own) and not own.display
