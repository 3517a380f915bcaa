"""Where a hub listens: on every address of this machine, and to no more connections at once than it has room
for."""

from __future__ import annotations

import errno
import os
import socket
from collections import Counter
from contextlib import suppress

from fieldlog.server.ports_taken import PortTaken

USUAL_PORT = 47_315
MOST_CONNECTIONS, MOST_OF_ONE = 64, 24
"""In all, and from one address: each has some hundred kilobytes."""


class Door(socket.socket):
    """Takes connections as any socket does, and closes at once those that are too many."""

    let_in: Counter[str]

    def accept(self) -> tuple[socket.socket, object]:
        while True:
            number, address = self._accept()  # type: ignore[attr-defined]
            who = str(address[0])
            taken = _Guest(self.family, self.type, self.proto, fileno=number)
            if self.let_in.total() < MOST_CONNECTIONS and self.let_in[who] < MOST_OF_ONE:
                taken.enter(self.let_in, who)
                return taken, address
            taken.close()


class _Guest(socket.socket):
    """A connection that is counted until it is closed."""

    _count: Counter[str] | None = None
    _who = ""

    def enter(self, count: Counter[str], who: str) -> None:
        count[who] += 1
        self._count, self._who = count, who

    def close(self) -> None:
        if self._count is not None:
            self._count[self._who] -= 1
            if self._count[self._who] <= 0:
                del self._count[self._who]
            self._count = None
        super().close()


def doors(port: int | None, remembered: int = 0, host: str = "") -> list[Door]:
    """Sockets that listen on one port, for the old internet and, where there is one, the new. Without a `port` it
    is the one of last time, the usual one, or any. `host` is one address, in tests. Raises `PortTaken`."""
    for wanted in dict.fromkeys((port,) if port else (remembered or USUAL_PORT, USUAL_PORT, 0)):
        with suppress(OSError):
            return _doors(wanted, host)
    raise PortTaken(port or USUAL_PORT)


def _doors(port: int, host: str) -> list[Door]:
    let_in = Counter[str]()
    first = _door(let_in, socket.AF_INET, host or "0.0.0.0", port)
    found = [first]
    if not host and socket.has_ipv6:
        with suppress(OSError):
            found.append(_door(let_in, socket.AF_INET6, "::", first.getsockname()[1]))
    return found


def _door(let_in: Counter[str], family: socket.AddressFamily, host: str, port: int) -> Door:
    made = Door(family, socket.SOCK_STREAM)
    made.let_in = let_in
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, port))
        made.listen()
        made.setblocking(False)
    except OSError as why:
        made.close()
        raise OSError(why.errno or errno.EADDRINUSE, "no door") from why
    return made


def own_addresses(port: int) -> list[str]:
    """Where this machine is reached from beside it, as far as it knows: `192.168.1.9:47315`, the likeliest
    first."""
    found = dict.fromkeys(filter(None, (_way_to(socket.AF_INET, "192.0.2.1"), *_named())))
    new = _way_to(socket.AF_INET6, "2001:db8::1")
    local = [one for one in found if not one.startswith("127.")] or ["127.0.0.1"]
    return [*(f"{one}:{port}" for one in local), *([f"[{new}]:{port}"] if new and new != "::1" else [])]


def _way_to(family: socket.AddressFamily, host: str) -> str:
    """From which address this machine would send there. Nothing is sent."""
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        try:
            one.connect((host, 9))
        except OSError:
            return ""
        return str(one.getsockname()[0]).partition("%")[0]


def _named() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(one[4][0]) for one in found]
