"""The terminal of a shell, including after its end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from runner.language import tr
from runner.terminal.emulator import Emulator
from runner.tui.widgets.terminal.copy_mode import CopyModeTerminal

# Modes that a program may have left set: mouse, pastes and cursor keys, a hidden cursor, a style.
_PLAIN = b"\x1b[?1;1000;1002;1003;1004;2004l\x1b[20l\x1b[?25h\x1b[0m"
_LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"


class ShellTerminal(CopyModeTerminal):
    """Shows in itself that its shell has ended, and asks for another on Enter, for which it keeps the text typed.

    While there is another terminal, a key leads to it: F4, which no shell, pager or editor of the labs' has, and which
    comes through every terminal, tmux and browser.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "next", "Next terminal", priority=True)]

    @dataclass
    class ReopenAsked(Message):
        """The learner wants another shell in place of this one."""

        terminal: "ShellTerminal"

    @dataclass
    class NextAsked(Message):
        """The learner wants to type into the next terminal."""

    _ended: bool = False

    def __init__(
        self,
        emulator: Emulator,
        *,
        has_another: Callable[[], bool] = lambda: False,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        """`has_another` returns whether there is another terminal to go to."""
        super().__init__(emulator, id=id)
        self._has_another = has_another

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (action != "next" or self._has_another()) and super().check_action(action, parameters)

    def action_next(self) -> None:
        """Type into the next terminal."""
        self.post_message(self.NextAsked())

    def end(self, notice: str) -> None:
        """Show that the shell has ended, or could not be reopened; `notice` says so."""
        self.detach()
        self._ended = True
        if self.modes.alternate_screen:
            # Only then: it moves the cursor to its earlier place.
            self.show(_LEAVE_ALTERNATE_SCREEN)
        self.show(_PLAIN + tr("\r\n[{notice} Enter opens it again.]\r\n", notice=notice).encode())

    def await_program(self) -> None:
        self._ended = False
        super().await_program()

    def send(self, data: bytes) -> None:
        if not self._ended:
            super().send(data)
            return
        self.scroll_to_end()
        if data == b"\r":
            # Text typed from here on is the new shell's.
            self.await_program()
            self.post_message(self.ReopenAsked(self))
        elif (text := data.decode(errors="replace")).isprintable():
            # Echoed here, and typed again for the new shell; nothing runs before the learner sees it there.
            super().await_program()
            super().send(data)
            self.show(text.encode())
        else:
            self.app.bell()
