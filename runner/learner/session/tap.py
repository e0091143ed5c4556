"""A console's output on its way to a screen that may not be there yet."""

import threading

from runner.learner.session.prompt import Prompt
from runner.shell.prompt import NONCE
from runner.shell.reader import Subscriber

_PROMPT = f"\x1b]133;B;aid={NONCE}-".encode()
_STARTED = f"\x1b]133;C;aid={NONCE}-".encode()
_BEL = b"\x07"
_TAIL = len(_PROMPT) + 16


class Tap:
    """Keeps what was printed until `connect`, passes it on from then on, and knows whether the shell prompts.

    Subscribes to the console's reader; everything else may be called from any thread.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: list[bytes] = []
        self._screen: Subscriber | None = None
        self._tail = b""
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
        """Look for the last prompt, whose mark may be spread over chunks, and at what came after it."""
        if not data:
            self._prompt = Prompt.ENDED
            return
        seen = self._tail + data
        ready = _end_of_last(seen)
        if ready > len(self._tail):
            self._prompted = True
            self._prompt = _after(seen[ready:], Prompt.READY)
        elif self._prompt is not Prompt.BUSY:
            started = seen.rfind(_STARTED) > ready
            self._prompt = Prompt.BUSY if started else _after(data, self._prompt)
        self._tail = seen[-_TAIL:]


def _end_of_last(seen: bytes) -> int:
    """Where the last complete mark of a prompt ends; 0 if there is none."""
    start = len(seen)
    while (start := seen.rfind(_PROMPT, 0, start)) >= 0:
        if end := seen.find(_BEL, start) + 1:
            return end
    return 0


def _after(typed: bytes, before: Prompt) -> Prompt:
    """What a shell that prompted does after it printed `typed`."""
    if b"\n" in typed or _STARTED in typed:
        return Prompt.BUSY
    return Prompt.TYPING if typed.strip() else before
