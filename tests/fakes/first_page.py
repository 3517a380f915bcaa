"""The page as quick.js and quick_worker.js are, as far as files go: what it writes, and what it goes on from."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fieldlog.model.errors import MissingFile
from fieldlog.model.ids import uuid7
from fieldlog.model.line import compact
from fieldlog.model.moment import parse, unix_ms
from fieldlog.model.ports import Disk
from tests.fakes.clock import FakeClock

GOES_ON = timedelta(minutes=2)


def line(draft: dict[str, Any]) -> bytes:
    """A line of inbox.log, as quick_worker.js writes it."""
    body = compact(draft)[:-1]
    return body + b',"crc":"%08x"}\n' % zlib.crc32(body)


@dataclass
class Page:
    """One page after the other on a phone; `load` is a new one. `disk` has its folder as root."""

    clock: FakeClock
    disk: Disk
    drafted: int = 1 << 50
    draft: dict[str, Any] | None = None
    loads: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    async def load(self) -> None:
        """What a page does first: it goes on in what was written in the last two minutes, and closes the rest."""
        self.draft, self.loads = None, self.loads + 1
        self.last = await self._last()
        found = await self._kept()
        here = [one for one in found if one["open"] and one["text"].strip()]
        lately = [one for one in here if self._is_late(one["until"])]
        theirs = self.last.get("open")
        if lately:
            self.draft = lately[-1]
        elif theirs and all(one["id"] != theirs["id"] for one in found) and self._is_late(theirs["kept"]):
            told = {"page": self._name, "open": True, "from": theirs["text"]}
            self.draft = {**self._moment(), **theirs, **told}
        for one in here:
            if self.draft is None or one["id"] != self.draft["id"]:
                await self._keep({**one, "open": False})

    @property
    def text(self) -> str:
        return self.draft["text"] if self.draft else ""

    async def type(self, text: str, *, back: float = 0) -> str:
        """The whole text as it now stands in the field; the id of its draft."""
        if self.draft is None:
            session = self.last.get("session") or {}
            told = {"session": session.get("id"), "page": self._name, "open": True}
            self.draft = {"id": self.new_id(), **self._moment(), **told}
        self.draft = {**self.draft, "text": text, "back": back, "until": self._iso()}
        await self._keep(self.draft)
        return str(self.draft["id"])

    async def send(self) -> None:
        if self.draft is not None:
            await self._keep({**self.draft, "open": False, "until": self._iso()})
            self.draft = None

    async def record(self, frames: bytes, *, rate: int = 8000, stopped: bool = True, **told: Any) -> str:
        """Sound that was heard, and whether the microphone was stopped before the page was gone."""
        sound = self.new_id()
        about = {"id": sound, "rate": rate, **self._moment(), **told}
        await self.disk.replace(f"{sound}.json", json.dumps(about).encode())
        handle = await self.disk.open(f"{sound}.pcm", create=True)
        handle.append(frames)
        handle.flush()
        handle.close()
        if stopped:
            end = {"frames": len(frames) // 2, "until": self._iso(), "gaps": []}
            await self.disk.replace(f"{sound}.end", json.dumps(end).encode())
        return sound

    def new_id(self) -> str:
        self.drafted += 1
        return uuid7(unix_ms(self.clock.wall), self.drafted.to_bytes(10, "big"))

    @property
    def _name(self) -> str:
        return f"page {self.loads}"

    def _moment(self) -> dict[str, Any]:
        mono = self.clock.mono // timedelta(milliseconds=1)
        return {"at": self._iso(), "zone": "UTC", "mono": mono, "boot": "page", "newest": self.last.get("newest")}

    def _iso(self) -> str:
        return self.clock.wall.isoformat(timespec="milliseconds")

    def _is_late(self, at: str) -> bool:
        return self.clock.wall - parse(at) < GOES_ON

    async def _keep(self, draft: dict[str, Any]) -> None:
        handle = await self.disk.open("inbox.log", create=True)
        handle.append(line(draft))
        handle.flush()
        handle.close()

    async def _kept(self) -> list[dict[str, Any]]:
        try:
            data = await self.disk.read("inbox.log")
        except MissingFile:
            return []
        found = {(told := json.loads(one))["id"]: told for one in data.splitlines()}
        return [{name: value for name, value in one.items() if name != "crc"} for one in found.values()]

    async def _last(self) -> dict[str, Any]:
        try:
            told: dict[str, Any] = json.loads(await self.disk.read("last.json"))
        except MissingFile:
            return {}
        return told
