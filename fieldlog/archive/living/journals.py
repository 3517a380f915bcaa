"""Where the archive's log comes from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol


class Journals(Protocol):
    """Each writer's journal: `chunks` are its lines in order, unchanged, `digest` the SHA-256 and the bytes of
    them all."""

    def writers(self) -> list[str]: ...

    async def size(self, writer: str) -> int:
        """Bytes, about."""
        ...

    def chunks(self, writer: str) -> AsyncIterator[bytes]: ...

    async def digest(self, writer: str) -> tuple[str, int]: ...
