"""Textual's driver for Linux terminals, without the thread between the terminal and the app."""

import os
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

if TYPE_CHECKING:
    from asyncio import TimerHandle

    from runner.tui.live_app import LiveApp

_CHUNK = 1 << 12


class LoopDriver(LinuxDriver):
    """Reads the terminal in the app's own event loop, so that no key waits for a thread to get its turn."""

    def __init__(self, app: "LiveApp", **options: Any) -> None:
        super().__init__(app, **options)
        self._take_input = app.take_input
        self._parser = XTermParser(self._debug)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._patience: TimerHandle | None = None

    def run_input_thread(self) -> None:
        """Have the loop read for as long as this thread, which Textual starts and ends, is there."""
        self._loop.call_soon_threadsafe(self._loop.add_reader, self.fileno, self._read)
        self.exit_event.wait()
        self._loop.call_soon_threadsafe(self._loop.remove_reader, self.fileno)

    def send_message(self, message: Message) -> None:
        """Hand over to the app, which runs in this very thread."""
        if not self._take_input(message):
            self._app.post_message(message)

    def _read(self) -> None:
        for event in self._parser.feed(self._decode(os.read(self.fileno, _CHUNK))):
            self.process_message(event)
        if self._patience is not None:
            self._patience.cancel()
        # An escape that nothing follows was the key of that name.
        self._patience = self._loop.call_later(constants.ESCAPE_DELAY, self._tick)

    def _tick(self) -> None:
        for event in self._parser.tick():
            self.process_message(event)
