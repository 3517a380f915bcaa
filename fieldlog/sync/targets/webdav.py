"""A folder of a WebDAV server as a `Target`: Nextcloud, a university's, Nutstore, a box at home.

Segments and originals are put straight under their names. Those carry length or hash, so a part that a cut leaves
is taken for nothing and put again: two requests a file, one that sends it and one that asks its size. What is made
anew under its old name (heads, the sentinel, lists of parts) is put under a passing name first and moved over.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

from fieldlog.model.ports import Http
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.target import Item, NotThere, TargetRefused, Unreachable
from fieldlog.sync.targets.asking import (
    Asking,
    Sleep,
    from_position,
    length_of,
    no_web_page,
)
from fieldlog.sync.targets.safe_xml import BadXml, read_xml

ASKED = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/>'
    b"<getetag/><getlastmodified/></prop></propfind>"
)
DAV = "{DAV:}"
DEEPEST = 4
"""Folders in folders; the exchange has fewer, and a server could make them up for ever."""

GONE = {404, 409, 410}
"""409 is what some say where the folder is not there either."""

FRESH = timedelta(seconds=2)
NOT_MOVED = {400, 403, 404, 405, 409, 412, 501, 502}
"""A server behind another often takes the address it is to move to for a stranger's."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a listing says of a file or folder. `bytes` is None where it doesn't say; `mark` as in `Item`."""

    name: str
    is_folder: bool
    bytes: int | None
    mark: str


class WebDav:
    """See `Target`. `url` is the folder, percent-encoded, without a login; it is made where it is not there."""

    def __init__(self, http: Http, url: str, *, sleep: Sleep = asyncio.sleep) -> None:
        self._url = url.rstrip("/")
        self._asking = Asking(http, urlsplit(url).netloc, sleep=sleep)
        self._shelves, self._looked, self._making = set[str](), set[str](), asyncio.Lock()

    async def list(self, folder: str) -> list[Item]:
        """See `Target.list`: one request a folder."""
        found, waiting = list[Item](), [folder]
        while waiting:
            for one in await self._seen(waiting.pop()):
                if one.is_folder:
                    waiting += [one.name] if one.name.count("/") < DEEPEST else []
                elif (length := one.bytes if one.bytes is not None else await self._length(one.name)) is not None:
                    found.append(Item(name=one.name, bytes=length, mark=one.mark))
        return sorted(found, key=lambda item: item.name)

    async def size(self, name: str) -> int | None:
        """See `Target.size`."""
        for one in await self._propfind(name, depth=0):
            if one.is_folder:
                return None
            return one.bytes if one.bytes is not None else await self._length(name)
        return None

    async def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        """See `Target.read`."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        async with self._asking.answer("GET", self._at(name), headers, also=GONE | {416}) as got:
            if got.status in GONE:
                raise NotThere(Sentence("{name} is not there.", name=name))
            if got.status == 416:
                return
            no_web_page(self._asking.host, got)
            async with aclosing(from_position(self._asking.host, got, start)) as pieces:
                async for piece in pieces:
                    yield piece

    async def put(self, name: str, data: bytes) -> None:
        """See `Target.put`."""
        async with self._making:  # two at once trip some servers up, and then each waits
            await self._shelf(_above(name))
        if _tells_a_part(name):
            await self._send(name, data)
        else:
            await self._send_over(name, data)
        kept = await self.size(name)
        if kept != len(data):
            said = sentence("{host} kept {kept} of {bytes} bytes. It is sent again later.")
            raise Unreachable(Sentence(said, host=self._asking.host, kept=kept or 0, bytes=len(data)))

    async def remove(self, name: str) -> None:
        """See `Target.remove`."""
        async with self._asking.answer("DELETE", self._at(name), also=GONE):
            return

    async def close(self) -> None:
        await self._asking.http.close()

    async def _send(self, name: str, data: bytes) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        async with self._asking.answer("PUT", self._at(name), headers, data, also=GONE) as got:
            if got.status < 300:
                return
        self._shelves.clear()
        self._looked.clear()
        said = sentence("{host} takes no file in this folder: it is gone.")
        raise Unreachable(Sentence(said, host=self._asking.host))

    async def _send_over(self, name: str, data: bytes) -> None:
        """By way of a passing name, so that whoever reads has the old one or the new."""
        folder, _, base = name.rpartition("/")
        passing = f"{folder}/.{base}.{secrets.token_hex(4)}".lstrip("/")
        await self._send(passing, data)
        headers = {"Destination": self._at(name), "Overwrite": "T"}
        async with self._asking.answer("MOVE", self._at(passing), headers, also=NOT_MOVED) as got:
            moved = got.status < 300
        if not moved:
            await self.remove(passing)
            await self._send(name, data)

    async def _shelf(self, folder: str) -> None:
        """Let a folder be there, and those above it. What a look at the one above shows is not made."""
        above = _above(folder)
        if folder not in self._shelves and above not in self._looked:
            await self._seen(above)
        if folder in self._shelves:
            return
        if folder:
            await self._shelf(above)
        async with self._asking.answer("MKCOL", f"{self._at(folder)}/", also={405, 409}) as got:
            if got.status == 409:
                said = sentence(
                    "{host} has no such folder as the one above {url}. Make it there, or look at the address."
                )
                raise TargetRefused(Sentence(said, host=self._asking.host, url=unquote(self._url)))
        self._shelves.add(folder)

    async def _seen(self, folder: str) -> tuple[Seen, ...]:
        """What lies right in a folder; nothing where there is none. Names with a leading dot are passing ones."""
        self._looked.add(folder)
        found = [one for one in await self._propfind(folder, depth=1) if one.name != folder]
        self._shelves.update(one.name for one in found if one.is_folder)
        return tuple(one for one in found if not one.name.rpartition("/")[2].startswith("."))

    async def _propfind(self, name: str, *, depth: int) -> tuple[Seen, ...]:
        """What the server says of a file or folder, and at depth 1 of what is in it. () where it is not there."""
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        url = f"{self._at(name)}/" if depth else self._at(name)
        async with self._asking.answer("PROPFIND", url, headers, ASKED, also={*GONE, 405, 501}) as got:
            if got.status in GONE:
                return ()
            if got.status != 207:
                said = sentence("There is no WebDAV folder at {url}. Is the address right?")
                raise TargetRefused(Sentence(said, url=unquote(self._url)))
            now = got.headers.get("date", "")
            try:
                tree = await read_xml(got.pieces)
            except BadXml as why:
                said = sentence("{host} answers with a list that can’t be read.")
                raise Unreachable(Sentence(said, host=self._asking.host)) from why
        own = _path(self._at(name))
        seen = tuple(_responses(tree, own, name, now))
        if not seen:
            said = sentence("{host} lists another folder than the one that was asked for.")
            raise TargetRefused(Sentence(said, host=self._asking.host))
        if depth:
            self._shelves.add(name)
        return seen

    async def _length(self, name: str) -> int | None:
        """Bytes of a file, of a server that lists none."""
        async with self._asking.answer("HEAD", self._at(name), also=GONE) as got:
            if got.status in GONE:
                return None
            no_web_page(self._asking.host, got)
            return length_of(self._asking.host, got)

    def _at(self, name: str) -> str:
        return f"{self._url}/{quote(name)}" if name else self._url


def _tells_a_part(name: str) -> bool:
    """Whether the name tells what a cut left of a file from the whole: a segment, an original, a part of one."""
    return name.startswith(("log/", "media/")) and not name.endswith(".parts")


def _above(folder: str) -> str:
    return folder.rpartition("/")[0]


def _path(url: str) -> str:
    """The path of an address, decoded, without slashes at its end: servers write it in many ways."""
    return normalize("NFC", unquote(urlsplit(url).path)).rstrip("/")


def _responses(tree: Element, own: str, name: str, now: str) -> Iterator[Seen]:
    """The file or folder that lies at the path `own` and is called `name`, and what is right in it, as the server
    says it `now`, a date."""
    for response in tree.iter(f"{DAV}response"):
        path = _path(response.findtext(f"{DAV}href") or "")
        base = path.removeprefix(f"{own}/") if path != own else ""
        said = {
            prop.tag: prop
            for stat in response.iter(f"{DAV}propstat")
            if " 200" in stat.findtext(f"{DAV}status", " 200")
            for prop in stat.iterfind(f"{DAV}prop/*")
        }
        if not said or (base and (base == path or "/" in base)):
            continue
        kind, length = said.get(f"{DAV}resourcetype"), _text(said.get(f"{DAV}getcontentlength"))
        yield Seen(
            name="/".join(filter(None, (name, base))),
            is_folder=kind is not None and kind.find(f"{DAV}collection") is not None,
            bytes=int(length) if length.isascii() and length.isdecimal() else None,
            mark=_text(said.get(f"{DAV}getetag")) or _dated(_text(said.get(f"{DAV}getlastmodified")), now),
        )


def _dated(modified: str, now: str) -> str:
    """A mark made of a date. Dates tell seconds, so a file that has just changed may do so again under the same:
    then its mark is like no other, and it counts as changed the next time."""
    try:
        fresh = parsedate_to_datetime(now) - parsedate_to_datetime(modified) < FRESH
    except (ValueError, TypeError):
        return modified
    return f"{modified} {secrets.token_hex(4)}" if fresh else modified


def _text(prop: Element | None) -> str:
    return (prop.text or "").strip() if prop is not None else ""
