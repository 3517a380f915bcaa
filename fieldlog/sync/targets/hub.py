"""A hub as a `Target`: a laptop of the same researcher, over https or WebTransport.

A file above 1 MiB goes in a PATCH that tells its length and sha256: of what was cut the hub keeps what it has, and
it is gone on with there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Answer, Http
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.strict_json import read_json
from fieldlog.sync.layout import HEAD
from fieldlog.sync.offered import is_folder
from fieldlog.sync.target import Item, NotThere, TargetRefused, Unreachable
from fieldlog.sync.targets.asking import Asking, LoginRefused, Sleep, from_position, length_of, refusal

WHOLE_BYTES = 1 << 20
"""What is longer is gone on with after a cut."""

TRIES = 3
MOST_SAID = 64 << 20

UNPAIRED = sentence("{host} does not know this device any more. Pair it again: a new code is shown there.")
NO_HUB = sentence("{host} answers, and is no hub of FieldLog.")
Meeting = Mapping[str, Any]
"""What a hub says of itself: `hashes` of its next certificates, its `addresses`, and more."""

Told = Callable[[Meeting, str], Awaitable[None]]
"""Is given what a hub says, and the address at which it was met."""


class NotPaired(LoginRefused):
    """The hub does not take this device's key: it was revoked, or is another hub's."""


class HubTarget:
    """See `Target`. The hub is looked for at each of `urls` (`https://host:port`) in turn. `told` gets what it
    says of itself whenever its heads are listed. `name` is what a person calls it."""

    def __init__(
        self, http: Http, urls: Sequence[str], name: str, *, told: Told | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._urls, self._told = list(urls), told
        self._asking = Asking(http, name, sleep=sleep, refusal=self._refusal)
        self._begun = set[str]()

    async def list(self, folder: str) -> list[Item]:
        """See `Target.list`: one request."""
        if not is_folder(folder):
            return []
        async with self._answer("GET", f"/files?{urlencode({'under': folder})}") as got:
            said = await self._read(got)
        if _FILES(said.get("files")) is not None:
            raise self._no_hub()
        if folder == HEAD:
            begun = said.get("begun", [])
            self._begun |= {one for one in begun if type(one) is str} if isinstance(begun, list) else set()
            if isinstance(meeting := said.get("meeting"), dict) and self._told is not None:
                await self._told(meeting, self._urls[0])
        found = [Item(name=one["name"], bytes=one["bytes"], mark=one["mark"]) for one in said["files"]]
        return sorted(found, key=lambda item: item.name)

    async def size(self, name: str) -> int | None:
        """See `Target.size`."""
        async with self._answer("HEAD", _at(name), also={404}) as got:
            return length_of(self._asking.host, got) if got.status != 404 else None

    async def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        """See `Target.read`."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        async with self._answer("GET", _at(name), headers, also={404, 416}) as got:
            if got.status == 404:
                raise NotThere(Sentence("{name} is not there.", name=name))
            if got.status == 416:
                return
            async with aclosing(from_position(self._asking.host, got, start)) as pieces:
                async for piece in pieces:
                    yield piece

    async def put(self, name: str, data: bytes) -> None:
        """See `Target.put`."""
        if len(data) > WHOLE_BYTES:
            await self._put_on(name, data)
            return
        async with self._answer("PUT", _at(name), _OCTETS, data):
            return

    async def remove(self, name: str) -> None:
        """See `Target.remove`."""
        async with self._answer("DELETE", _at(name), also={404}):
            return

    async def close(self) -> None:
        await self._asking.http.close()

    async def _put_on(self, name: str, data: bytes) -> None:
        """From where the hub has it. Only what was begun before is asked for, so that a file is one request."""
        told = {**_OCTETS, "Upload-Length": str(len(data)), "Upload-Sha256": sha256(data).hexdigest()}
        at = await self._begun_at(name, told) if name in self._begun else 0
        self._begun.add(name)
        for _ in range(TRIES):
            headers = {**told, "Upload-Offset": str(at)}
            async with self._answer("PATCH", _at(name), headers, data[at:], also={409, 422}) as got:
                if got.status == 201:
                    self._begun.discard(name)
                    return
                at = _offset(got, len(data))
        said = sentence("{host} did not keep {name} whole. It is sent again later.")
        raise Unreachable(Sentence(said, host=self._asking.host, name=name))

    async def _begun_at(self, name: str, told: Mapping[str, str]) -> int:
        headers = {**told, "Upload-Offset": "0"}
        async with self._answer("PATCH", _at(name), headers, b"", also={409, 422}) as got:
            return _offset(got, int(told["Upload-Length"]))

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None, *,
        also: Container[int] = (),
    ) -> AsyncIterator[Answer]:  # fmt: skip
        """Of the address that answers first; then it is the only one that is asked."""
        for n, url in enumerate(list(self._urls), 1):
            answered = False
            try:
                async with self._asking.answer(method, f"{url}{path}", headers, body, also=also) as got:
                    answered, self._urls = True, [url]
                    yield got
                    return
            except Unreachable:
                if answered or n == len(self._urls):
                    raise

    async def _read(self, got: Answer) -> Mapping[str, Any]:
        said = bytearray()
        async for piece in got.pieces:
            said += piece
            if len(said) > MOST_SAID:
                raise self._no_hub()
        try:
            value = read_json(bytes(said))
        except ValueError as why:
            raise self._no_hub() from why
        return value if isinstance(value, dict) else {}

    async def _refusal(self, got: Answer) -> FieldLogError:
        if got.status == 401:
            return NotPaired(Sentence(UNPAIRED, host=self._asking.host))
        return refusal(self._asking.host, got)

    def _no_hub(self) -> TargetRefused:
        return TargetRefused(Sentence(NO_HUB, host=self._asking.host))


_OCTETS = {"Content-Type": "application/octet-stream"}
_FILES = gate.listed(gate.complete(name=gate.text, bytes=gate.amount, mark=gate.text))


def _at(name: str) -> str:
    return f"/files/{quote(name)}"


def _offset(got: Answer, length: int) -> int:
    """Where the hub wants to go on; from the beginning where it doesn't say."""
    said = got.headers.get("upload-offset", "")
    return int(said) if re.fullmatch(r"[0-9]{1,15}", said) and int(said) <= length else 0
