"""Textual's driver for a terminal that may be stopped, taken away or closed at any time."""

import os
import termios
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from textual import constants, events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from runner.errors import ExitCode
from runner.tui.internals.escape import EscapeParser
from runner.tui.internals.pastes import PasteSplitter, PasteStream, Piece

if TYPE_CHECKING:
    from asyncio import TimerHandle

    from runner.tui.internals.key_order import KeyOrderApp

_CHUNK = 1 << 16
_WAIT = 0.01
"""Seconds until input that had to wait is tried again."""


class TerminalDriver(LinuxDriver):
    """Makes the app leave a terminal that can no longer be read or written, and restores one that others had.

    Reads in the app's own event loop, so that no key waits for a thread switch.
    """

    def __init__(self, app: "KeyOrderApp", **options: Any) -> None:
        super().__init__(app, **options)
        self._app: KeyOrderApp = app
        self._parser = EscapeParser(self._debug)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._patience: TimerHandle | None = None
        self._splitter = PasteSplitter()
        self._pieces: deque[Piece] = deque()
        self._paste: PasteStream | None = None
        # Textual writes from a thread, and would wait for ever for one that has failed.
        self._file: Any = Lasting(self._file, self._leave)

    def run_input_thread(self) -> None:
        """Let the event loop read while this thread, which Textual starts and ends, exists."""
        self._loop.call_soon_threadsafe(self._loop.add_reader, self.fileno, self._read)
        self.exit_event.wait()
        self._loop.call_soon_threadsafe(self._loop.remove_reader, self.fileno)

    def send_message(self, message: Message) -> None:
        """Pass a message to the app, which runs in this very thread."""
        if not self._app.take_input(message):
            self._app.post_message(message)

    def _read(self) -> None:
        try:
            data = os.read(self.fileno, _CHUNK)
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self.fileno)
            self._leave()
            return
        self._pieces.extend(self._splitter.feed(data))
        self._hand_on()
        if self._patience is not None:
            self._patience.cancel()
        # An escape that nothing follows was the Escape key.
        self._patience = self._loop.call_later(constants.ESCAPE_DELAY, self._tick)

    def _tick(self) -> None:
        if held := self._splitter.flush():
            self._keys(held)
        for event in self._parser.tick():
            self.process_message(event)

    def _hand_on(self) -> None:
        """Pass on the input that was read; while a program or the focus is not ready for it, nothing more is read."""
        while self._pieces and not self._must_wait(self._pieces[0]):
            piece = self._pieces.popleft()
            if piece.keys:
                self._keys(piece.keys)
            elif piece.begins:
                app = self._app
                self._paste = PasteStream(app.paste_taker, whole=self._pasted, dropped=app.say_dropped)
            elif self._paste is not None and piece.ends:
                self._paste.end()
                self._paste = None
            elif self._paste is not None:
                self._paste.add(piece.text)
        if self._pieces:
            self._loop.remove_reader(self.fileno)
            self._loop.call_later(_WAIT, self._hand_on_again)

    def _hand_on_again(self) -> None:
        self._hand_on()
        if not self._pieces and not self.exit_event.is_set():
            self._loop.add_reader(self.fileno, self._read)

    def _must_wait(self, piece: Piece) -> bool:
        if piece.begins:
            # The widget that has the focus after all earlier keys are handled gets it.
            return not self._app.settled
        return self._paste is not None and self._paste.full

    def _keys(self, data: bytes) -> None:
        for event in self._parser.feed(self._decode(data)):
            self.process_message(event)

    def _pasted(self, text: str) -> None:
        self.process_message(events.Paste(text))

    def _leave(self) -> None:
        self._app.exit(return_code=ExitCode.INTERRUPTED)

    def _sigcont_application(self, *_: object) -> None:
        # Not here: the code that the signal interrupted may hold locks that this needs.
        self._loop.call_soon_threadsafe(self._take_again)

    def _take_again(self) -> None:
        """Set the terminal up again, if it is there: the signal follows a hang-up as well."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        if not self._auto_restart or not self._app.is_running:
            return
        if not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()


class Lasting:
    """A text file that accepts all writes even after a failure, which is reported to `failed`."""

    def __init__(self, file: IO[str], failed: Callable[[], object]) -> None:
        self._file = file
        self._failed = failed

    def fileno(self) -> int:
        """The underlying descriptor."""
        return self._file.fileno()

    def write(self, text: str) -> None:
        """Write as far as possible."""
        self._attempt(lambda: self._file.write(text))

    def flush(self) -> None:
        """Flush as far as possible."""
        self._attempt(self._file.flush)

    def _attempt(self, output: Callable[[], object]) -> None:
        try:
            output()
        except OSError:
            self._failed()
