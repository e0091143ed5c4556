"""Bounds on how often somebody may try something that failed."""

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

_MOST_PLACES = 10_000


class Tries:
    """At most `limit` failures in `seconds` from one place; after that the place has to wait."""

    def __init__(self, limit: int, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._seconds, self._clock = limit, seconds, clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """For how many seconds nothing from this address is to be looked at; 0 for none."""
        failed = self._failures.get(place_of(address))
        if failed is None or len(failed) < self._limit:
            return 0.0
        return max(0.0, failed[0] + self._seconds - self._clock())

    def failed(self, address: str) -> None:
        """Note a failure."""
        place = place_of(address)
        self._failures.setdefault(place, deque(maxlen=self._limit)).append(self._clock())
        self._failures.move_to_end(place)
        if len(self._failures) > _MOST_PLACES:
            self._failures.popitem(last=False)


def place_of(address: str) -> str:
    """Who gets one address of IPv6 gets many."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
