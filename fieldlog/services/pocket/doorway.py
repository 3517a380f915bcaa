"""The page in front of this Python: only there can a tap open a share sheet, a download, a file or folder chooser.

What is asked goes over the BroadcastChannel "fieldlog-handover" of this app; assets/pocket/handover.js answers:

    {id, path, name, mime, words}    {id, heard} at once, then {id, done: "shared" | "saved" | "dismissed"}
    {id, pick, words}                {id, heard} at once, then {id, file} or {id, done: "dismissed"}
    {id, into, words}                {id, heard} at once, then {id, folder} or {id, done: "dismissed"}

`path` is that of a file in the browser's own file system, from its root. A file that comes in stays where it is:
what is read of it is read when it is wanted. `into` is by what name the page keeps a folder for the next time.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from fieldlog.archive.living.outlet import Bring, Outlet
from fieldlog.model.errors import FieldLogError
from fieldlog.model.sentence import sentence
from fieldlog.services.machine.machine import addressed
from fieldlog.services.machine.sources import Readable
from fieldlog.services.pocket.picked import PickedFile, PickedFolder
from fieldlog.services.study.workspace import Workspace

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import create_proxy, to_js

CHANNEL = "fieldlog-handover"
FOLDERS = "FIELDLOG_FOLDERS"
"""Where python_worker.js says "1" once the page has told it that it can choose folders."""

HEARD_SECONDS = 3.0
Words = Mapping[str, str]
"""What the page puts on its bar: said share save pick choose again later. In `again` stands {folder} for the name
of the folder that was chosen before."""


class NobodyThere(FieldLogError):
    """The page does not answer."""

    def __init__(self) -> None:
        super().__init__(
            sentence("This page can't hand files over. Load it again, then try once more; nothing was lost.")
        )


class Folder(Outlet, Protocol):
    """A folder that a person chose for an archive. `name` is all that is told of where it lies; `bring` is that of
    `write`."""

    @property
    def name(self) -> str: ...

    @property
    def bring(self) -> Bring: ...


class Doorway(Protocol):
    """Where files leave and come in. `folders` says that this browser lets a person choose one to write into."""

    @property
    def folders(self) -> bool: ...

    async def hand_over(self, path: str, name: str, mime: str, words: Words) -> str:
        """Offer a file of the browser's file system. `shared`, `saved` or `dismissed`. Raises `NobodyThere`."""
        ...

    async def pick(self, accept: str, words: Words) -> Readable | None:
        """Have a person pick a file, None where none is. Raises `NobodyThere`."""
        ...

    async def choose_folder(self, key: str, words: Words) -> Folder | None:
        """Have a person choose a folder to write into, None where they don't. What was chosen for this `key`
        before is offered again. Raises `NobodyThere`."""
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
        self.folders = os.environ.get(FOLDERS) == "1"
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

    async def choose_folder(self, key: str, words: Words) -> Folder | None:
        answer = await self._ask({"into": key, "words": dict(words)})
        folder = getattr(answer, "folder", None)
        return PickedFolder(folder) if folder is not None else None

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
