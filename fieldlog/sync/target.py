"""What the exchange asks of a target: a folder, a WebDAV or S3 server, a hub. Anything that keeps files will do.

No locks, no conditions, no appending, no order: a listing may be older than what was put, an answer may be lost, a
server may keep half of what it was sent and say it has all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from fieldlog.model.errors import FieldLogError


class Unreachable(FieldLogError):
    """No answer came, or one that says to come again later: trying once more may help. `after_s` is how many
    seconds the target asked for, 0 where it didn't say."""

    after_s: float = 0


class TargetRefused(FieldLogError):
    """The target answered, and won't: a password, a right, no room. Trying once more does not help."""


class NotThere(FieldLogError):
    """The target has no such file, or not yet."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A file on a target: its name from the root of the exchange, `/` between the parts, its bytes, and whatever
    the target has that changes when its content does (an ETag, a time), "" for nothing."""

    name: str
    bytes: int
    mark: str = ""


class Target(Protocol):
    """Files below one root. Names are those of the exchange (`layout.py`): plain ASCII, never `..`.

    Every method raises `Unreachable` and `TargetRefused`.
    """

    async def list(self, folder: str) -> list[Item]:
        """Every file below a folder such as `log`, however deep, sorted by name; [] where there is no such
        folder. What is in the making (another's upload) is not among them."""
        ...

    async def size(self, name: str) -> int | None:
        """Bytes of a file as the target tells them now, None where there is none."""
        ...

    def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        """The bytes of a file from a position on, in pieces of at most 1 MiB. Raises `NotThere` before the first
        piece."""
        ...

    async def put(self, name: str, data: bytes) -> None:
        """Keep at most 8 MiB under a name, in place of what has it. Returns only when the target says that a file
        of this length has the name; raises `Unreachable` where it says otherwise. All or nothing, but for segments
        and originals: of them a cut may leave a part, which their names tell from the whole."""
        ...

    async def remove(self, name: str) -> None:
        """Remove a file; none there is no fault."""
        ...

    async def close(self) -> None: ...
