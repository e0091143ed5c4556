"""Bounds on what comes in a while."""

import asyncio


class Allowance:
    """How much of something may come in a while: as much as `burst` at once, and so much in a second from then on."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._left = burst
        self._at = asyncio.get_running_loop().time()

    async def take(self, amount: float = 1.0) -> None:
        """Wait until there is so much; all else that waits for the event loop has its turn in any case.

        Else who takes without end, on a machine that is too slow to use the allowance up, would keep the loop.
        """
        now = asyncio.get_running_loop().time()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        await asyncio.sleep(max(0.0, -self._left / self._rate))
