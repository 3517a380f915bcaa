"""Files that come in from a folder of the laptop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class FileSource:
    """A file to be taken in; it is only read."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    async def chunks(self) -> AsyncIterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """A file to be taken in that is in memory already: a picture just taken, a file a browser handed over."""

    name: str
    data: bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self.data), CHUNK):
            yield self.data[at : at + CHUNK]
