"""A live terminal: any program's screen, with its keys and mouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from runner.language import tr
from runner.stream import Input
from runner.terminal.emulator import Emulator, SelectionUnit
from runner.terminal.mouse import MouseAction, encode_mouse
from runner.terminal.outbox import Outbox
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.widgets.terminal.keys import PasteEncoder, encode_key, encode_paste, key_text
from runner.tui.widgets.terminal.mouse import mouse_input, wheel_button
from runner.tui.widgets.terminal.view import TerminalView
from runner.tui.widgets.terminal.waiting import EARLY_LIMIT

WHEEL_ROWS = 3


class Terminal(TerminalView, KeyTaker, can_focus=True):
    """Shows an emulator's screen and sends the user's input to a program.

    `feed` may be called from any thread, everything else from the app's. The widget owns the emulator and closes it
    with itself. Keys typed before `attach` wait for the program.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(KeyTaker.LEAVE_KEY, "leave", "Leave terminal", priority=True),
        Binding("shift+pageup", "page(-1)", "Scroll back", show=False, priority=True),
        Binding("shift+pagedown", "page(1)", "Scroll forward", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Terminal {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """

    @dataclass
    class Ended(Message):
        """The program's output has ended; the terminal keeps its content."""

        terminal: "Terminal"

    def __init__(self, emulator: Emulator, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(emulator, id=id)
        self._outbox: Outbox | None = None
        self._early: list[bytes] | None = []
        self._pasting: PasteEncoder | None = None
        self._selecting = False
        self._mouse_cell: tuple[int, int] | None = None

    # The program.

    def attach(self, program: Input, *, typed: Sequence[bytes] = ()) -> None:
        """Send keys, answers and sizes to this program from now on, beginning with `typed` and the waiting input."""
        self.detach()
        self._outbox = Outbox(program)
        if self._frame.columns:
            self._outbox.resize(self._frame.columns, self._frame.lines)
        for data in [*typed, *(self._early or ())]:
            self._outbox.put(data)
        self._early = []

    def detach(self) -> None:
        """Detach the program, which has ended; later input is lost."""
        if self._outbox is not None:
            self._outbox.close()
            self._outbox = None
            self._early = None

    def await_program(self) -> None:
        """Keep later input for a program that replaces the ended one."""
        if self._outbox is None and self._early is None:
            self._early = []

    def typed_early(self) -> list[bytes]:
        """Input typed while there was no program."""
        return list(self._early or ())

    def feed(self, data: bytes) -> None:
        """Show a program's output; b"" is its end. From any thread."""
        if not data:
            self.post_message(self.Ended(self))
            return
        answers = self.show(data)
        outbox = self._outbox
        if answers and outbox is not None:
            outbox.answer(answers)

    def send(self, data: bytes) -> None:
        """Send bytes as if they had been typed."""
        if not data:
            return
        self.scroll_to_end()
        if self._outbox is not None:
            self._outbox.put(data)
        elif self._early is not None and sum(map(len, self._early)) + len(data) <= EARLY_LIMIT:
            self._early.append(data)

    def paste(self, text: str) -> None:
        """Send text as a paste."""
        self.send(encode_paste(text, self.modes))

    def size_changed(self, answers: bytes) -> None:
        """Tell the program the new size."""
        if self._outbox is not None:
            self._outbox.resize(self._frame.columns, self._frame.lines)
            if answers:
                self._outbox.answer(answers)

    def on_unmount(self) -> None:
        self.detach()

    # Keys.

    def take_key(self, key: str, character: str | None) -> None:
        self.unselect()
        if text := key_text(key, character):
            self._type(text)
        else:
            self.send(encode_key(key, character, self.modes))

    def take_paste(self, text: str) -> None:
        self.paste(text)

    def begin_paste(self) -> bool:
        if self._outbox is None:
            return False
        self.unselect()
        self.scroll_to_end()
        self._pasting = PasteEncoder(self.modes)
        self._outbox.put(self._pasting.begin)
        return True

    def take_paste_part(self, data: bytes) -> None:
        if self._outbox is not None and self._pasting is not None:
            self._outbox.put(self._pasting.transcode(data))

    def end_paste(self) -> None:
        if self._outbox is not None and self._pasting is not None:
            self._outbox.put(self._pasting.end)
        self._pasting = None

    def drop_paste(self) -> None:
        if self._outbox is not None and self._pasting is not None:
            self._outbox.discard()
            # The part that has come ends as a paste, so that the keys after it are keys.
            self._outbox.put(self._pasting.end)
        self._pasting = None

    @property
    def paste_backlog(self) -> int:
        return 0 if self._outbox is None else self._outbox.waiting

    def _type(self, text: bytes) -> None:
        """Send a key's text by the shortest way."""
        if self._outbox is None:
            self.send(text)
        else:
            self.scroll_to_end()
            self._outbox.type(text)

    def on_focus(self) -> None:
        self._report_focus(b"\x1b[I")

    def on_blur(self) -> None:
        self._report_focus(b"\x1b[O")

    def _report_focus(self, data: bytes) -> None:
        self.refresh()
        if self._outbox is not None and self.modes.focus_events:
            self._outbox.put(data)

    def action_page(self, direction: int) -> None:
        """Scroll by a page; a full-screen program, which has nothing to scroll back to, gets the key."""
        if self.modes.alternate_screen:
            key = "shift+pageup" if direction < 0 else "shift+pagedown"
            self.send(encode_key(key, None, self.modes))
        else:
            self.scroll_rows(direction * max(1, self._frame.lines - 1))

    # Mouse: the program's if it asked for it, unless Shift is held.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self.focus()
        if self._to_program(event, MouseAction.PRESS):
            return
        if event.button == 1:
            self._selecting = True
            self.capture_mouse()
            self.select(*self._cell(event), "cell")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        event.stop()
        if not self._selecting:
            self._to_program(event, MouseAction.MOVE)
            return
        self.extend_selection(*self._cell(event))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        if self._selecting:
            self._selecting = False
            self.release_mouse()
            self._copy()
        else:
            self._to_program(event, MouseAction.RELEASE)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        unit: dict[int, SelectionUnit] = {2: "word", 3: "line"}
        if event.chain in unit and (event.shift or not self.modes.mouse):
            self.select(*self._cell(event), unit[event.chain])
            self._copy()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        modes = self.modes
        if self._to_program(event, MouseAction.PRESS, button=wheel_button(event)):
            return
        if modes.alternate_screen:
            if modes.alternate_scroll:
                self.send(encode_key("up" if rows < 0 else "down", None, modes) * abs(rows))
        else:
            self.scroll_rows(rows)

    def _to_program(
        self, event: events.MouseEvent, action: MouseAction, *, button: int | None = None
    ) -> bool:
        modes = self.modes
        if not modes.mouse or event.shift:
            return False
        x, y = self._cell(event)
        x, y = min(max(0, x), self._frame.columns - 1), min(max(0, y), self._frame.lines - 1)
        if action is MouseAction.MOVE and (x, y) == self._mouse_cell:
            return True
        self._mouse_cell = (x, y)
        data = encode_mouse(mouse_input(event, action, x, y, button=button), modes)
        if data and self._outbox is not None:
            self._outbox.put(data)
        return True

    def _cell(self, event: events.MouseEvent) -> tuple[int, int]:
        offset = event.get_content_offset_capture(self)
        return offset.x, offset.y

    def _copy(self) -> None:
        text = self._emulator.selected_text()
        if text:
            self.app.copy_to_clipboard(text)
            lines = text.count("\n") + 1
            self.notify(tr("Copied {lines} lines", lines=lines) if lines > 1 else tr("Copied"), timeout=2)
