"""What lies in the browser under the names of earlier versions, which did not say whose it was.

Names in the storage of a host carry the path of their app. Earlier ones did not: what lies under theirs belongs to
the first app that opens and is told so. It stays where it is, is gone on with there, and is never moved; what is
begun under the app's own name lies beside it, and one can always go from the one to the other.

    fieldlog/belongs.json         {"path"}     of the app to which it belongs
    fieldlog~path~/opens.json     {"earlier"}  whether this app opens that, or what was begun under its own name
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldlog.model import gate
from fieldlog.model.errors import NotFound
from fieldlog.model.ports import Disk
from fieldlog.services.study.kept import Form, read_kept, write_kept

BELONGS = Form(path="belongs.json", whole={"path": gate.text}, each={})
OPENS = Form(path="opens.json", whole={"earlier": gate.truth}, each={})
LOCK = "belongs.lock"
TEXTS = ("inbox.log", "after.log")
"""Where the first page keeps texts: from the moment the first is handed over, in the second (quick_worker.js)."""

Opens = Literal["own", "earlier", "ask"]


@dataclass(frozen=True, kw_only=True)
class Roots:
    """The stores of this app (`own`) and of earlier versions (`earlier`), and what the page of these kept: texts
    and sound before Python was up (`page`), what other apps shared (`shared`). `path` is this app's."""

    own: Disk
    earlier: Disk
    page: Disk
    shared: Disk
    path: str

    async def opens(self) -> Opens:
        """Which store is opened; `ask` where a person is to say whose the earlier one is. Nothing is written."""
        if not await self.is_left():
            return "own"
        owner = (await read_kept(self.earlier, BELONGS)).get("path")
        chosen = (await read_kept(self.own, OPENS)).get("earlier")
        if chosen is None and owner is None:
            return "own" if await self.own.list("studies") else "ask"
        return "own" if chosen is False else "earlier"

    async def beside(self, opened: Opens) -> Opens | None:
        """The store that is not opened, where there is something in it that this app may open."""
        if opened == "earlier":
            return "own" if await self.own.list("studies") else None
        return "earlier" if await self.is_left() else None

    async def is_left(self) -> bool:
        """Whether something lies under the names of earlier versions that belongs to no other app."""
        if (await read_kept(self.earlier, BELONGS)).get("path") not in (None, self.path):
            return False
        if await self.earlier.list("studies") or await self.shared.list(""):
            return True
        kept = await self.page.list("")
        return any(one.bytes and (one.name in TEXTS or one.name.endswith(".pcm")) for one in kept)

    async def choose(self, *, take: bool) -> None:
        """Open from now on what lies under the names of earlier versions (`take`: it belongs to this app then), or
        what is begun under its own: then another app may take that.

        Raises `NotFound` where another app has taken it meanwhile, `StoreBusy` where one is about to.
        """
        lock = await self.earlier.lock(LOCK)
        try:
            owner = (await read_kept(self.earlier, BELONGS)).get("path")
            if take and owner not in (None, self.path):
                raise NotFound("These notes belong to another FieldLog at this host name. Open them there.")
            if take:
                await write_kept(self.earlier, BELONGS, {"path": self.path})
            elif owner == self.path:
                await self.earlier.remove(BELONGS.path)
        finally:
            lock.release()
        await write_kept(self.own, OPENS, {"earlier": take})
