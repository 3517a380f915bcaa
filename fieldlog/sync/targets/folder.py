"""A folder as a target: on this machine, on a stick, or one that a client of Nextcloud, OneDrive, iCloud or
Syncthing carries elsewhere.

What such clients put beside our files is passed over: files in the making, and placeholders of what was not
fetched yet. Copies they make of a file in conflict have names that are none of ours. What a device of ours left
half written when it was killed goes where it is met: another that is writing this moment tries once more.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

from fieldlog.model.errors import DiskFull, FieldLogError, MissingFile, WrongPlace
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.layout import HEAD, PROOF
from fieldlog.sync.target import Item, NotThere, TargetRefused, Unreachable

PIECE_BYTES = 1 << 20
PASSED_OVER = (
    ".part~",
    ".part",
    ".tmp",
    ".icloud",
    ".nextcloud",
    ".owncloud",
    ".cloud",
    ".cloudf",
    ".placeholder",
)
"""How names end that are not a whole file's: ours in the making, theirs, and what stands for a file elsewhere."""

# As a laptop's disk calls what it has not finished.
_LEFT = re.compile(r".+\.[0-9a-f]{8}\.part~")
NOT_KEPT = sentence("The folder did not keep {name} whole. Try again.")


class FolderTarget:
    """Files below the root of a disk, which nobody else has to know of."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def list(self, folder: str) -> list[Item]:
        """A head's mark, and a receipt's, is its content's; of other files names say that."""
        with _in_our_words():
            found = [item async for item in self._below(folder)]
        if folder in (HEAD, PROOF):
            found = [await self._marked(item) for item in found]
        return sorted(found, key=lambda item: item.name)

    async def _below(self, folder: str) -> AsyncIterator[Item]:
        for entry in await self._disk.list(folder):
            name = f"{folder}/{entry.name}"
            if _LEFT.fullmatch(entry.name) and not entry.is_dir:
                with suppress(FieldLogError):
                    await self._disk.remove(name)
            if entry.name.startswith((".", "~")) or entry.name.lower().endswith(PASSED_OVER):
                continue
            if entry.is_dir:
                async for item in self._below(name):
                    yield item
            else:
                yield Item(name=name, bytes=entry.bytes)

    async def _marked(self, item: Item) -> Item:
        try:
            data = await self._disk.read(item.name)
        except FieldLogError:
            return item
        return Item(name=item.name, bytes=item.bytes, mark=hashlib.sha256(data).hexdigest()[:16])

    async def size(self, name: str) -> int | None:
        with _in_our_words():
            return await self._disk.size(name)

    async def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        with _in_our_words():
            data = await self._disk.read(name)
        for at in range(start, len(data), PIECE_BYTES):
            yield data[at : at + PIECE_BYTES]

    async def put(self, name: str, data: bytes) -> None:
        with _in_our_words():
            await self._disk.replace(name, data)
            kept = await self._disk.size(name)
        if kept != len(data):
            raise Unreachable(Sentence(NOT_KEPT, name=name))

    async def remove(self, name: str) -> None:
        with _in_our_words():
            await self._disk.remove(name)

    async def close(self) -> None:
        """Nothing is open."""


@contextmanager
def _in_our_words() -> Iterator[None]:
    """What a disk refuses, as a target says it."""
    try:
        yield
    except MissingFile as why:
        raise NotThere(*why.args) from why
    except (DiskFull, WrongPlace) as why:
        raise TargetRefused(*why.args) from why
    except (Unreachable, TargetRefused, NotThere):
        raise
    except FieldLogError as why:
        raise Unreachable(*why.args) from why
