"""A rate limit."""

import asyncio


class Allowance:
    """A rate limit: up to `burst` at once, and `per_second` on average."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._left = burst
        self._at = asyncio.get_running_loop().time()

    async def take(self, amount: float = 1.0) -> None:
        """Wait until the amount is allowed; other tasks of the event loop get their turn in any case.

        Otherwise a caller that never stops, on a machine too slow to use the allowance up, would block the loop.
        """
        now = asyncio.get_running_loop().time()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        await asyncio.sleep(max(0.0, -self._left / self._rate))
