"""Screens that hold back keys which were pressed for something else."""

import time
from collections.abc import Callable
from functools import partial

from textual.message_pump import MessagePump

from runner.tui.gate import Gate, OpenersGate

UNSEEN = 3.0
"""The most seconds for which a screen counts as not painted yet; whatever goes wrong, it can be answered after them."""


class Gated(MessagePump):
    """A screen with a gate, if it needs one: it came up unasked, or has a key that meant something else before it.

    The app asks it before the screen gets a key. Its time begins once the screen is painted: on a busy machine that is
    well after it came up, and nobody answers what they cannot see.
    """

    _new_gate: Callable[[float], Gate] | None = None
    """A new gate since a time in seconds."""
    _gate: Gate | None = None

    def close_gate(self, *openers: str, unasked: bool = False, typing: str = "") -> None:
        """Hold keys back: all before a pause if it comes up `unasked`, else the `openers`, which may have asked for it.

        If it comes up while they type, `typing` is the key that needs a pause after the last letter.
        """
        if unasked:
            self._new_gate = Gate
        elif typing:
            self._new_gate = partial(Gate, only={typing})
        elif openers:
            self._new_gate = partial(OpenersGate, openers=openers)
        self._shut(UNSEEN)

    def on_screen_resume(self) -> None:
        """Another screen, with keys of its own, may have been over it."""
        self._shut(UNSEEN)
        self.call_after_refresh(self._shut)

    def lets_in(self, key: str, at: float) -> bool:
        """True if the key, pressed at a time in seconds, is meant for the screen; if not, the screen says so."""
        if self._gate is None or self._gate.lets_in(key, at):
            return True
        self.say_too_soon()
        return False

    def say_too_soon(self) -> None:
        """Say that a key was not taken."""
        raise NotImplementedError

    def _shut(self, unseen: float = 0.0) -> None:
        """Close the gate anew; the screen is seen in so many seconds at the latest."""
        self._gate = self._new_gate(time.monotonic() + unseen) if self._new_gate is not None else None
