"""Copying from a terminal by keys."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingsMap, BindingType

from runner.terminal.emulator import Cursor, Emulator, Frame, Row, SelectionUnit
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.widgets.terminal.keys import encode_key
from runner.tui.widgets.terminal.terminal import Terminal

COPY_KEYS: list[BindingType] = [
    Binding(KeyTaker.LEAVE_KEY, "leave", "Leave terminal", priority=True),
    Binding("up,k", "copy_move(0, -1)", "Up", show=False, priority=True),
    Binding("down,j", "copy_move(0, 1)", "Down", show=False, priority=True),
    Binding("left,h", "copy_move(-1, 0)", "Left", show=False, priority=True),
    Binding("right,l", "copy_move(1, 0)", "Right", show=False, priority=True),
    Binding("b", "copy_word(-1)", "Word before", show=False, priority=True),
    Binding("w", "copy_word(1)", "Next word", show=False, priority=True),
    Binding("home,0", "copy_edge(False)", "Begin of line", show=False, priority=True),
    Binding("end,dollar_sign", "copy_edge(True)", "End of line", show=False, priority=True),
    Binding("pageup,shift+pageup", "copy_page(-1)", "Page up", show=False, priority=True),
    Binding("pagedown,shift+pagedown", "copy_page(1)", "Page down", show=False, priority=True),
    Binding("g", "copy_end(False)", "First line", show=False, priority=True),
    Binding("G", "copy_end(True)", "Last line", show=False, priority=True),
    Binding("space,v", "copy_mark('cell')", "Mark from here", priority=True),
    Binding("V", "copy_mark('line')", "Mark lines", priority=True),
    Binding("enter,y", "copy_take", "Copy", priority=True),
    Binding("escape,q", "copy_leave", "Back", priority=True),
]
"""The keys during copying; all others do nothing then."""

_FAR = 1 << 30


class CopyModeTerminal(Terminal):
    """A terminal in which keys can move a cursor over the screen, mark text and copy it.

    Meanwhile the program gets no keys. If the program scrolls, the cursor stays with its text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+up", "copy_mode", "Copy", priority=True),
    ]

    def __init__(self, emulator: Emulator, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(emulator, id=id)
        self._program_keys = self._bindings
        self._at: tuple[int, int] | None = None
        self._marking: SelectionUnit | None = None
        self._then: Callable[[], object] | None = None

    @property
    def copying(self) -> bool:
        """True if the keys move the copy cursor."""
        return self._at is not None

    @property
    def shown_cursor(self) -> Cursor | None:
        return super().shown_cursor if self._at is None else Cursor(*self._at)

    @property
    def note(self) -> str:
        note = super().note
        return f" COPY{note or ' '}" if self.copying else note

    def begin_copying(self, then: Callable[[], object] | None = None) -> None:
        """Let the keys move a cursor over the screen, starting at the program's cursor.

        `then` takes the keys back to where they were before; without it, the program gets them.
        """
        if self.copying or not self._frame.lines:
            return
        cursor = self._frame.cursor
        self._at = (0, self._frame.lines - 1) if cursor is None else (cursor.x, cursor.y)
        self._then = then
        self._bindings = BindingsMap(COPY_KEYS)
        self._changed()

    def take_key(self, key: str, character: str | None) -> None:
        if not self.copying:
            super().take_key(key, character)

    def take_paste(self, text: str) -> None:
        self._end_copying()
        super().take_paste(text)

    def on_blur(self) -> None:
        # Textual calls the handlers of the class above as well.
        self._end_copying()

    def frame_changed(self, before: Frame, after: Frame) -> None:
        if self._at is None:
            return
        x, y = self._at
        if not after.scrolled and not before.scrolled:
            # The text under the cursor has moved up.
            y -= max(0, after.history - before.history)
        if y < 0:
            self.scroll_rows(y)
        self._at = (min(x, after.columns - 1), min(max(0, y), after.lines - 1))
        self.refresh()

    def action_copy_mode(self) -> None:
        """Copy by keys; a full-screen program, which may have a use for it, gets the key."""
        if self.modes.alternate_screen:
            self.send(encode_key("shift+up", None, self.modes))
        else:
            self.begin_copying()
            self.action_copy_move(0, -1)

    def action_copy_move(self, x: int, y: int) -> None:
        """Move by cells; past the first or the last row, scroll."""
        if self._at is not None:
            self._go_to(self._at[0] + x, self._at[1] + y)

    def action_copy_word(self, direction: int) -> None:
        """Move to the begin of the next word, or of the word before."""
        if self._at is None:
            return
        x, y = self._at
        begins = _words(self._rows.get(y))
        found = [begin for begin in begins if (begin > x if direction > 0 else begin < x)]
        if found:
            self._go_to(min(found) if direction > 0 else max(found), y)
        elif direction > 0:
            self._go_to(0, y + 1)
        else:
            self._go_to(max(_words(self._rows.get(y - 1)), default=0), y - 1)

    def action_copy_edge(self, end: bool) -> None:
        """Move to the begin or the end of the line."""
        if self._at is not None:
            y = self._at[1]
            row = self._rows.get(y)
            self._go_to(max(0, cell_len(row.text) - 1) if end and row is not None else 0, y)

    def action_copy_page(self, direction: int) -> None:
        """Scroll by a page."""
        if self._at is not None:
            x, y = self._at
            page = max(1, self._frame.lines - 1)
            # By so many rows beyond the edge that the cursor stays in its row if there is enough to scroll.
            edge = -page if direction < 0 else self._frame.lines - 1 + page
            self._go_to(x, edge)
            self._go_to(x, y)

    def action_copy_end(self, last: bool) -> None:
        """Move to the first line that there is, or to the last."""
        if self._at is not None:
            self._go_to(self._at[0], _FAR if last else -_FAR)

    def action_copy_mark(self, unit: SelectionUnit) -> None:
        """Mark from here, or mark nothing any more."""
        if self._at is None:
            return
        self._marking = None if self._marking == unit else unit
        if self._marking is None:
            self.unselect()
        else:
            self.select(*self._at, self._marking)
            self.extend_selection(*self._at)

    def action_copy_take(self) -> None:
        """Copy what is marked, or this line, and give the keys back."""
        if self._at is None:
            return
        if self._marking is None:
            self.select(*self._at, "line")
        self._copy()
        self.action_copy_leave()

    def action_copy_leave(self) -> None:
        """Give the keys back to what had them before."""
        then = self._then
        self._end_copying()
        self.scroll_to_end()
        if then is not None:
            then()

    def _go_to(self, x: int, y: int) -> None:
        last = self._frame.lines - 1
        beyond = y if y < 0 else max(0, y - last)
        if beyond:
            self.scroll_rows(beyond)
        self._at = (min(max(0, x), self._frame.columns - 1), min(max(0, y), last))
        if self._marking is not None:
            self.extend_selection(*self._at)
        self.refresh()

    def _end_copying(self) -> None:
        if self.copying:
            self._at = self._marking = self._then = None
            self.unselect()
            self._bindings = self._program_keys
            self._changed()

    def _changed(self) -> None:
        self.refresh()
        self.refresh_bindings()


def _words(row: Row | None) -> list[int]:
    """The columns in which words begin."""
    begins, column, before = [], 0, " "
    for run in row.runs if row is not None else ():
        for character in run.text:
            if before == " " != character:
                begins.append(column)
            column += cell_len(character)
            before = character
    return begins
