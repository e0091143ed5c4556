"""A console's output on its way to a screen that may not be there yet."""

import threading

from runner.learner.session.prompt import Prompt
from runner.shell.marks import Mark, MarkParser
from runner.shell.prompt import NONCE, genuine
from runner.shell.reader import Subscriber


class Tap:
    """Keeps what was printed until `connect`, passes it on from then on, and knows whether the shell prompts.

    Subscribes to the console's reader; everything else may be called from any thread.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: list[bytes] = []
        self._screen: Subscriber | None = None
        self._parser = MarkParser()
        self._prompt = Prompt.BUSY
        self._prompted = False

    def feed(self, data: bytes) -> None:
        """Take the next chunk; b"" is the end."""
        with self._changed:
            if self._screen is None:
                self._kept.append(data)
            else:
                self._screen(data)
            self._follow(data)
            self._changed.notify_all()

    def connect(self, screen: Subscriber) -> None:
        """Hand everything to `screen`, beginning with what was kept."""
        with self._changed:
            for data in self._kept:
                screen(data)
            self._kept.clear()
            self._screen = screen

    @property
    def prompted(self) -> bool:
        """Whether the shell has been at its prompt."""
        return self._prompted

    @property
    def prompt(self) -> Prompt:
        """What the shell is doing now."""
        return self._prompt

    def wait_for_prompt(self, timeout: float) -> bool:
        """Whether the shell waits for a line, within `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._prompt is not Prompt.BUSY, timeout)
            return self._prompt in {Prompt.READY, Prompt.TYPING}

    def _follow(self, data: bytes) -> None:
        """Look for the marks of prompts and of what runs, and at what came after them."""
        for event in self._parser.feed(data) if data else self._parser.end():
            if isinstance(event, Mark) and genuine(event, NONCE):
                self._mark(event.kind)
            elif self._prompt is not Prompt.BUSY:
                self._typed(event.raw if isinstance(event, Mark) else event.data)
        if not data:
            self._prompt = Prompt.ENDED

    def _mark(self, kind: str) -> None:
        if kind == "B":
            self._prompted = True
            self._prompt = Prompt.READY
        elif kind == "C":
            self._prompt = Prompt.BUSY

    def _typed(self, echo: bytes) -> None:
        """A shell that prompted has printed something: what is typed there, or of a command that marks no start."""
        if b"\n" in echo:
            self._prompt = Prompt.BUSY
        elif echo.strip():
            self._prompt = Prompt.TYPING
