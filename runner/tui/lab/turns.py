"""The learner's requests, done in their order."""

import asyncio
from collections.abc import Awaitable, Callable


class Turns:
    """One action after another; a key waits for its action as far as that goes without waiting itself."""

    def __init__(self, beside: Callable[[Callable[[], Awaitable[None]]], object]) -> None:
        """`beside` runs what may wait."""
        self._beside = beside
        self._acting = asyncio.Lock()
        self._at_rest = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether an action is under way."""
        return self._acting.locked()

    async def take(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do a request once the earlier ones are done.

        Waits for that as far as it goes at once; what has to wait for the engine or for its turn goes on beside.
        """
        at_rest = self._at_rest = asyncio.Event()

        async def in_turn() -> None:
            try:
                async with self._acting:
                    await act()
            finally:
                at_rest.set()

        if self._acting.locked():
            at_rest.set()
        self._beside(in_turn)
        await at_rest.wait()

    def rest(self) -> None:
        """The action under way waits for something from now on, or is cancelled: the next key need not."""
        self._at_rest.set()
