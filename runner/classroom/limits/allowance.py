"""A rate limit."""

import asyncio


class Allowance:
    """A rate limit: as much as `burst` at once, and `per_second` from then on."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._left = burst
        self._at = asyncio.get_running_loop().time()

    async def take(self, amount: float = 1.0) -> None:
        """Wait until that much is allowed; other tasks of the event loop get their turn in any case.

        Else a caller that takes without end, on a machine too slow to use the allowance up, would keep the loop.
        """
        now = asyncio.get_running_loop().time()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        await asyncio.sleep(max(0.0, -self._left / self._rate))
