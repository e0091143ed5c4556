"""The learner's requests, carried out in order."""

import asyncio
from collections.abc import Awaitable, Callable


class Turns:
    """One action after another; a key waits for its action as long as the action itself does not wait."""

    def __init__(self, beside: Callable[[Callable[[], Awaitable[None]]], object]) -> None:
        """`beside` runs work that may wait."""
        self._beside = beside
        self._acting = asyncio.Lock()
        self._at_rest = asyncio.Event()
        self.queued = False
        """True if the action under way had to wait for an earlier one."""

    @property
    def busy(self) -> bool:
        """True while an action is under way."""
        return self._acting.locked()

    async def take(self, act: Callable[[], Awaitable[None]]) -> None:
        """Carry out a request after the earlier ones.

        Waits for the part that runs at once; the part that waits for the engine or for its turn goes on beside.
        """
        at_rest = self._at_rest = asyncio.Event()
        queued = self._acting.locked()

        async def in_turn() -> None:
            try:
                async with self._acting:
                    self.queued = queued
                    await act()
            finally:
                at_rest.set()

        if queued:
            at_rest.set()
        self._beside(in_turn)
        await at_rest.wait()

    def rest(self) -> bool:
        """The action under way waits from now on, or is cancelled: the next key need not wait for it.

        False if it has waited before: the learner may have pressed other keys meanwhile.
        """
        waited = self._at_rest.is_set()
        self._at_rest.set()
        return not waited
