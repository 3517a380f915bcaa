"""How much a hub does at once, and how often it listens to whom: by device, and for strangers by address."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fieldlog.server.hub.saying import Refused

MOST_OPEN = 64
"""Requests in all; each may hold a megabyte."""

DEVICES_OPEN, STRANGERS_OPEN = 16, 8
DEVICES_BURST, DEVICES_A_SECOND = 2000.0, 200.0
STRANGERS_BURST, STRANGERS_A_SECOND = 40.0, 1.0
MOST_REMEMBERED = 1024


@dataclass
class Bucket:
    """Holds so many drops and is filled again by so many a second."""

    most: float
    a_second: float
    left: float
    at: float

    def wait(self, now: float) -> float:
        """Take a drop; 0, or the seconds until there is one."""
        self.left = min(self.most, self.left + (now - self.at) * self.a_second)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0
        return (1 - self.left) / self.a_second


@dataclass
class Limits:
    """`seconds` is a clock that never goes back."""

    seconds: Callable[[], float]
    most_open: int = MOST_OPEN
    _open: Counter[str] = field(default_factory=Counter)
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    @contextmanager
    def entered(self, who: str, *, is_device: bool) -> Iterator[None]:
        """While a request of a device, or of a stranger by their address, is answered. Raises `Refused` with
        429."""
        most = DEVICES_OPEN if is_device else STRANGERS_OPEN
        if self._open.total() >= self.most_open or self._open[who] >= most:
            raise Refused(429, "too many at once", {"Retry-After": "1", "Connection": "close"})
        wait = self._bucket(who, is_device=is_device).wait(self.seconds())
        if wait:
            raise Refused(429, "too often", {"Retry-After": str(int(wait) + 1), "Connection": "close"})
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if self._open[who] <= 0:
                del self._open[who]

    def _bucket(self, who: str, *, is_device: bool) -> Bucket:
        if who not in self._buckets:
            most, a_second = (
                (DEVICES_BURST, DEVICES_A_SECOND) if is_device else (STRANGERS_BURST, STRANGERS_A_SECOND)
            )
            self._buckets[who] = Bucket(most, a_second, most, self.seconds())
        self._buckets.move_to_end(who)
        while len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return self._buckets[who]
