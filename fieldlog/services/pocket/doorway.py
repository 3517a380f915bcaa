"""The page in front of this Python: only there can a tap open a share sheet, a download or a file chooser.

What is asked goes over the BroadcastChannel "fieldlog-handover" of this app; assets/pocket/handover.js answers:

    {id, path, name, mime, words}    {id, heard} at once, then {id, done: "shared" | "saved" | "dismissed"}
    {id, pick, words}                {id, heard} at once, then {id, file} or {id, done: "dismissed"}

`path` is that of a file in the browser's own file system, from its root. A file that comes in stays where it is:
what is read of it is read when it is wanted.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, cast

from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.ports import Handle
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.machine.machine import addressed
from fieldlog.services.machine.sources import CHUNK, Readable, as_file
from fieldlog.services.study.workspace import Workspace

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, create_proxy, to_js

CHANNEL = "fieldlog-handover"
HEARD_SECONDS = 3.0
Words = Mapping[str, str]
"""What the page puts on its bar: said share save pick later."""


class NobodyThere(FieldLogError):
    """The page does not answer."""

    def __init__(self) -> None:
        super().__init__(
            sentence("This page can't hand files over. Load it again, then try once more; nothing was lost.")
        )


class Doorway(Protocol):
    """Where files leave and come in."""

    async def hand_over(self, path: str, name: str, mime: str, words: Words) -> str:
        """Offer a file of the browser's file system. `shared`, `saved` or `dismissed`. Raises `NobodyThere`."""
        ...

    async def pick(self, accept: str, words: Words) -> Readable | None:
        """Have a person pick a file, None where none is. Raises `NobodyThere`."""
        ...


def find_doorway() -> Doorway | None:
    """That of the browser this runs in; None on a laptop, which has folders."""
    return Page() if sys.platform == "emscripten" else None


def path_from_root(work: Workspace, path: str) -> str:
    """Where the page finds a file of a study's disk."""
    return f"{work.machine.root}/studies/{work.store.project}/{path}"


class Page:
    """The page in front of this Python. One thing is asked at a time: a new one puts the one before off."""

    def __init__(self) -> None:
        self._channel: Any = None
        self._asked = 0
        self._id = ""
        self._heard: asyncio.Future[None] | None = None
        self._answer: asyncio.Future[Any] | None = None

    async def hand_over(self, path: str, name: str, mime: str, words: Words) -> str:
        answer = await self._ask({"path": path, "name": name, "mime": mime, "words": dict(words)})
        return str(answer.done)

    async def pick(self, accept: str, words: Words) -> Readable | None:
        answer = await self._ask({"pick": accept, "words": dict(words)})
        file = getattr(answer, "file", None)
        return PickedFile(file=file) if file is not None else None

    async def _ask(self, what: Mapping[str, object]) -> Any:
        if self._channel is None:
            self._channel = js.BroadcastChannel.new(addressed(CHANNEL))
            self._channel.onmessage = create_proxy(self._told)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(_PutOff())
        self._asked += 1
        self._id = f"{self._asked}-{js.crypto.randomUUID()}"
        loop = asyncio.get_running_loop()
        self._heard, self._answer = heard, answer = loop.create_future(), loop.create_future()
        self._channel.postMessage(to_js({"id": self._id, **what}, dict_converter=js.Object.fromEntries))
        await asyncio.wait([heard, answer], timeout=HEARD_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not heard.done() and not answer.done():
            raise NobodyThere
        return await answer

    def _told(self, event: Any) -> None:
        said = event.data
        if getattr(said, "id", "") != self._id:
            return
        if hasattr(said, "heard") and self._heard and not self._heard.done():
            self._heard.set_result(None)
        elif not hasattr(said, "heard") and self._answer and not self._answer.done():
            self._answer.set_result(said)


@dataclass(frozen=True)
class _PutOff:
    done: str = "dismissed"


@dataclass(frozen=True, kw_only=True)
class PickedFile:
    """A file that a person picked, as the browser has it. Raises `NotUnderstood` where it is gone meanwhile."""

    file: Any

    @property
    def name(self) -> str:
        return str(self.file.name)

    @property
    def size(self) -> int:
        return int(self.file.size)

    async def chunks(self) -> AsyncIterator[bytes]:
        handle = _PickedHandle(self.file)
        for at in range(0, handle.size(), CHUNK):
            yield handle.read(at, CHUNK)

    async def opened(self) -> BinaryIO:
        return as_file(cast("Handle", _PickedHandle(self.file)))


class _PickedHandle:
    """A picked file as an open handle, for reading."""

    def __init__(self, file: Any) -> None:
        self._file, self._reader = file, js.FileReaderSync.new()

    def size(self) -> int:
        return int(self._file.size)

    def read(self, at: int, count: int) -> bytes:
        try:
            found: bytes = self._reader.readAsArrayBuffer(self._file.slice(at, at + count)).to_bytes()
        except JsException as why:
            raise NotUnderstood(
                Sentence("{name} can't be read any more; pick it again.", name=self._file.name)
            ) from why
        return found

    def close(self) -> None:
        """Nothing is held open."""
