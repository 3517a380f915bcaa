"""Which of its addresses a hub answers at, and why it answers at none, told apart within seconds.

On phones there is none of this, so it is imported late: the browser has reasons of its own.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Sequence
from typing import Literal

from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.target import Unreachable

FOUND_SECONDS = 3.0
"""For all addresses together."""

CLOSED = sentence(
    "{host} answers and lets nobody in. Is it switched on there? On that laptop: Devices and backups, or "
    "`fieldlog serve`; then try again. A backup as a file reaches it, too."
)
NO_WAY = sentence(
    "No way through to {host}. Is it switched on there, and are both in the same Wi-Fi? Many networks keep "
    "devices apart, or a firewall does: turn on a phone’s own hotspot, join it with both, and try again. A backup "
    "as a file reaches it, too."
)
NO_NETWORK = sentence(
    "This laptop is in no network that leads to {host}. Join the same Wi-Fi, or a phone’s own hotspot with both, "
    "and try again. A backup as a file needs no network."
)
Found = Literal["", "closed", "silent", "away"]
"""What came of trying an address: it answered, it refused, nothing came, no network leads there."""

_AWAY = {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


class NoHubThere(Unreachable):
    """A hub answers at none of its addresses."""


async def nearest(addresses: Sequence[str]) -> str:
    """The address (`192.168.1.9:47315`) that answers first. Raises `NoHubThere`, which says what to do."""
    tasks = {asyncio.ensure_future(_tried(one)): one for one in dict.fromkeys(addresses)}
    loop = asyncio.get_running_loop()
    until, pending, found = loop.time() + FOUND_SECONDS, set(tasks), set[Found]()
    try:
        while pending and (left := until - loop.time()) > 0:
            done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                if one.result() == "":
                    return tasks[one]
                found.add(one.result())
    finally:
        for one in pending:
            one.cancel()
    raise NoHubThere(Sentence(_why(found, silent=bool(pending)), host=", ".join(dict.fromkeys(addresses))))


def _why(found: set[Found], *, silent: bool) -> str:
    if "closed" in found:
        return CLOSED
    return NO_NETWORK if found == {"away"} and not silent else NO_WAY


async def _tried(address: str) -> Found:
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except ConnectionRefusedError:
        return "closed"
    except OSError as why:
        return "away" if why.errno in _AWAY else "silent"
    writer.transport.abort()
    return ""
