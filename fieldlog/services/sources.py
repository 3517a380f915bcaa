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
