"""A limit on failed attempts."""

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

_MOST_PLACES = 10_000


class FailureLimit:
    """At most `limit` failures within `seconds` from one place; after that the place has to wait."""

    def __init__(self, limit: int, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._seconds, self._clock = limit, seconds, clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """The seconds for which attempts from this address are still refused; 0 if they are allowed."""
        failed = self._failures.get(place_of(address))
        if failed is None or len(failed) < self._limit:
            return 0.0
        return max(0.0, failed[0] + self._seconds - self._clock())

    def failed(self, address: str) -> None:
        """Record a failed attempt."""
        place = place_of(address)
        self._failures.setdefault(place, deque(maxlen=self._limit)).append(self._clock())
        self._failures.move_to_end(place)
        if len(self._failures) > _MOST_PLACES:
            self._failures.popitem(last=False)


def place_of(address: str) -> str:
    """The place that an address is counted under: for IPv6 its network, since one user has many addresses there."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
