"""The protocol of a terminal emulator: bytes in, styled rows and modes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Literal, Protocol, TypeAlias

Colour: TypeAlias = int | tuple[int, int, int] | None
"""None is the terminal's own default, an integer a palette index 0-255, a triple true colour."""

SelectionUnit: TypeAlias = Literal["cell", "word", "line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The look of a run of cells; the defaults are plain text."""

    foreground: Colour = None
    background: Colour = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    inverse: bool = False
    invisible: bool = False
    strike: bool = False
    overline: bool = False


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one style; `width` counts cells, so a wide character counts two."""

    text: str
    width: int
    style: Style


@dataclass(frozen=True, slots=True)
class Row:
    """One visible row, left to right; cells missing at its end are blank.

    `selected` is the first and last selected column, if any.
    """

    runs: tuple[Run, ...] = ()
    selected: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The characters without their trailing blanks."""
        return "".join(run.text for run in self.runs).rstrip(" ")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position of the next character, in cells from the top left of the visible part."""

    x: int
    y: int
    shape: Literal["block", "underline", "bar"] = "block"


class MouseTracking(IntEnum):
    """The mouse events that the program asked for."""

    NONE = 0
    PRESS = 9
    NORMAL = 1000
    DRAG = 1002
    ANY = 1003


class MouseFormat(Enum):
    """The encoding of mouse events."""

    X10 = "x10"
    UTF8 = "utf8"
    SGR = "sgr"
    URXVT = "urxvt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """The terminal modes that the program has set."""

    alternate_screen: bool = False
    application_cursor: bool = False
    backarrow_sends_backspace: bool = False
    bracketed_paste: bool = False
    focus_events: bool = False
    alternate_scroll: bool = True
    newline: bool = False
    mouse: MouseTracking = MouseTracking.NONE
    mouse_format: MouseFormat = MouseFormat.X10


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The changes since the last frame.

    `rows` holds the changed rows only. `cursor` is None while it is hidden or scrolled out of view.
    `history` counts the rows above the screen, `scrolled` those by which the view is moved up.
    `bells` counts from the start.
    """

    columns: int
    lines: int
    rows: Mapping[int, Row] = field(default_factory=dict)
    cursor: Cursor | None = None
    title: str = ""
    history: int = 0
    scrolled: int = 0
    bells: int = 0


class Emulator(Protocol):
    """A terminal's screen and scrollback.

    Any method may be called from any thread: each holds the emulator's own lock, and none of them calls out
    while it does. `feed` takes large chunks in slices, so that a reader never makes a painter wait for long.
    Positions are cells from the top left of the visible part.
    """

    def feed(self, data: bytes) -> bytes:
        """Interpret a program's output; returns the terminal's answers (cursor reports and so on)."""

    def frame(self, *, full: bool = False) -> Frame:
        """The changes since the last call, or everything."""

    def modes(self) -> Modes:
        """The current modes."""

    def resize(self, columns: int, lines: int) -> bytes:
        """Change the size; returns the terminal's report of it, if the program asked for one."""

    def set_colours(self, foreground: tuple[int, int, int], background: tuple[int, int, int]) -> None:
        """Set the actual default colours, for programs that ask for them (OSC 10 and 11)."""

    def scroll(self, rows: int) -> None:
        """Move the view down by `rows`, up if negative, within the available rows."""

    def scroll_to_end(self) -> None:
        """Show the screen again."""

    def select(self, x: int, y: int, unit: SelectionUnit = "cell") -> None:
        """Start a selection at a position with its word or line, or empty until it is extended."""

    def extend_selection(self, x: int, y: int) -> None:
        """Move the end of the selection that `select` started."""

    def clear_selection(self) -> None:
        """Select nothing."""

    def selected_text(self) -> str:
        """The selection as text: wrapped lines joined, blanks at the ends of lines gone."""

    def close(self) -> None:
        """Free the emulator; later input is ignored, and no other method may be called."""
