"""Textual's driver for a terminal, which may be stopped, taken away or gone at any time."""

import termios
from collections.abc import Callable
from typing import IO, Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from runner.errors import ExitCode


class TerminalDriver(LinuxDriver):
    """Has the app leave a terminal that can be read or written no more, and take again one that others had."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        # Textual writes from a thread, and would wait for ever for one that has failed.
        self._file: Any = Lasting(self._file, self._leave)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._leave()

    def _leave(self) -> None:
        self._app.exit(return_code=ExitCode.INTERRUPTED)

    def _sigcont_application(self, *_: object) -> None:
        # Not here: what the signal has interrupted may hold the locks that this needs.
        self._loop.call_soon_threadsafe(self._take_again)

    def _take_again(self) -> None:
        """Set the terminal up as it was, if it is there: the signal follows on a hang-up as well."""
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
    """A text file that takes everything, also once it fails, which `failed` is called for."""

    def __init__(self, file: IO[str], failed: Callable[[], object]) -> None:
        self._file = file
        self._failed = failed

    def fileno(self) -> int:
        """The descriptor beneath."""
        return self._file.fileno()

    def write(self, text: str) -> None:
        """Write what can be written."""
        self._attempt(lambda: self._file.write(text))

    def flush(self) -> None:
        """Pass on what was written, as far as that can be done."""
        self._attempt(self._file.flush)

    def _attempt(self, output: Callable[[], object]) -> None:
        try:
            output()
        except OSError:
            self._failed()
