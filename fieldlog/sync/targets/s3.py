"""A bucket of an object store as a `Target`: AWS, Ceph, MinIO and others that speak S3.

A file is put in one request, whole or not at all. The answer's ETag is the MD5 of what was kept: where it is that
of what was sent, nothing more is asked; where a store has another kind of ETag, the size is.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Container
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import md5
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Answer, Http
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.target import Item, NotThere, TargetRefused, Unreachable
from fieldlog.sync.targets.asking import Asking, LoginRefused, Sleep, from_position, length_of, refusal
from fieldlog.sync.targets.safe_xml import BadXml, read_xml
from fieldlog.sync.targets.sigv4 import Key, in_query, signed_headers, signed_url

CLOCK_MAY_DIFFER = timedelta(minutes=5)
"""Stores take 15 minutes; who differs by less than this was refused for another reason."""

PAGE_FILES = 1000
"""As many as a store lists at once."""

ELSEWHERE = {"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IncorrectEndpoint"}
BAD_KEY = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"}


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Where a target lies: a bucket of a store at `endpoint` (`https://host[:port]`), below `prefix`, "" for none.

    With `by_path` the bucket is the first part of the path, else of the host name. With `in_query` signatures
    stand in addresses: what asks from a web page may not send headers of its own.
    """

    endpoint: str
    name: str
    prefix: str = ""
    key: Key = field(repr=False)
    by_path: bool = False
    in_query: bool = False

    @property
    def url(self) -> str:
        at = urlsplit(self.endpoint)
        if self.by_path:
            return f"{at.scheme}://{at.netloc}/{quote(self.name)}"
        return f"{at.scheme}://{self.name}.{at.netloc}"


class S3:
    """See `Target`. `now` tells the time, aware: signatures hold for minutes only."""

    def __init__(
        self, http: Http, bucket: Bucket, *, now: Callable[[], datetime], sleep: Sleep = asyncio.sleep
    ) -> None:
        self._bucket, self._now = bucket, now
        self._prefix = f"{bucket.prefix.strip('/')}/".lstrip("/")
        self._asking = Asking(http, urlsplit(bucket.url).netloc, sleep=sleep, refusal=self._refusal)

    async def list(self, folder: str) -> list[Item]:
        """See `Target.list`: one request for each thousand files."""
        prefix = self._prefix + (f"{folder}/" if folder else "")
        asked = {"list-type": "2", "max-keys": str(PAGE_FILES), "prefix": prefix}
        found = list[Item]()
        while True:
            page = await self._page(asked)
            found += (item for one in page.iterfind("{*}Contents") if (item := self._item(one)))
            further = page.findtext("{*}NextContinuationToken") or ""
            if page.findtext("{*}IsTruncated") != "true":
                return sorted(found, key=lambda item: item.name)
            if further in ("", asked.get("continuation-token")):
                raise self._unreadable()
            asked["continuation-token"] = further

    async def size(self, name: str) -> int | None:
        """See `Target.size`."""
        async with self._ask("HEAD", name, also={404}) as got:
            return length_of(self._asking.host, got) if got.status != 404 else None

    async def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        """See `Target.read`."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        async with self._ask("GET", name, headers, also={404, 416}) as got:
            if got.status == 404:
                raise await self._missing(got, name)
            if got.status == 416:
                return
            async with aclosing(from_position(self._asking.host, got, start)) as pieces:
                async for piece in pieces:
                    yield piece

    async def put(self, name: str, data: bytes) -> None:
        """See `Target.put`."""
        digest = md5(data, usedforsecurity=False)
        headers = {"Content-Type": "application/octet-stream"}
        if not self._bucket.in_query:
            headers["Content-MD5"] = b64encode(digest.digest()).decode()
        async with self._ask("PUT", name, headers, data) as got:
            if got.headers.get("etag", "").strip('"').lower() == digest.hexdigest():
                return
        kept = await self.size(name)
        if kept != len(data):
            said = sentence("{host} kept {kept} of {bytes} bytes. It is sent again later.")
            raise Unreachable(Sentence(said, host=self._asking.host, kept=kept or 0, bytes=len(data)))

    async def remove(self, name: str) -> None:
        """See `Target.remove`."""
        async with self._ask("DELETE", name, also={404}):
            return

    async def close(self) -> None:
        await self._asking.http.close()

    def _ask(
        self,
        method: str,
        name: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        query: str = "",
        also: Container[int] = (),
    ) -> AbstractAsyncContextManager[Answer]:
        """A signed request about a file, or with a `query` about the bucket."""
        path = f"/{quote(self._prefix + name)}" if name else "/"
        url, key, given = self._bucket.url + path + (query and f"?{query}"), self._bucket.key, headers or {}
        if self._bucket.in_query:
            url = signed_url(method, url, key=key, at=self._now())
        else:
            given = signed_headers(method, url, given, body, key=key, at=self._now())
        return self._asking.answer(method, url, given, body if method == "PUT" else None, also=also)

    async def _page(self, asked: dict[str, str]) -> Element:
        async with self._ask("GET", "", query=in_query(asked)) as got:
            try:
                page = await read_xml(got.pieces)
            except BadXml as why:
                raise self._unreadable() from why
        if not page.tag.endswith("ListBucketResult"):
            raise self._unreadable()
        return page

    def _item(self, said: Element) -> Item | None:
        """A file of a listing; None for what stands for a folder, or says no size."""
        key, length = said.findtext("{*}Key") or "", said.findtext("{*}Size") or ""
        name = key.removeprefix(self._prefix)
        if not key.startswith(self._prefix) or not name or name.endswith("/") or not length.isdecimal():
            return None
        return Item(name=name, bytes=int(length), mark=(said.findtext("{*}ETag") or "").strip('"'))

    def _unreadable(self) -> Unreachable:
        return Unreachable(Sentence("{host} answers with a list that can’t be read.", host=self._asking.host))

    async def _missing(self, got: Answer, name: str) -> FieldLogError:
        """Why there is no such file: it, or all of the bucket."""
        code, _ = await _told(got)
        if code == "NoSuchBucket":
            return self._no_bucket()
        return NotThere(Sentence("{name} is not there.", name=name))

    def _no_bucket(self) -> TargetRefused:
        bucket = self._bucket.name
        return TargetRefused(Sentence("{host} has no bucket {bucket}.", host=self._asking.host, bucket=bucket))

    async def _refusal(self, got: Answer) -> FieldLogError:
        """What the store says against it, with what to do."""
        host = self._asking.host
        code, region = await _told(got)
        if got.status in (400, 403) and (minutes := self._clock_differs(got)):
            return TargetRefused(
                Sentence(
                    "This device’s clock differs from that of {host} by {minutes} minutes. Set it right first.",
                    host=host,
                    minutes=minutes,
                )
            )
        if code == "NoSuchBucket" or got.status == 404:
            return self._no_bucket()
        if code in ELSEWHERE or got.status in (301, 307):
            return TargetRefused(
                Sentence(
                    "The bucket {bucket} lies in another region ({region}). Put it in the address: ?region=…",
                    bucket=self._bucket.name,
                    region=region or got.headers.get("x-amz-bucket-region", "…"),
                )
            )
        if code in BAD_KEY:
            return LoginRefused(Sentence("{host} does not take the access key or its secret.", host=host))
        return refusal(host, got)

    def _clock_differs(self, got: Answer) -> int:
        """Minutes, 0 where it is not by much or the store does not say."""
        try:
            differs = abs(parsedate_to_datetime(got.headers.get("date", "")) - self._now())
        except (ValueError, TypeError):
            return 0
        return round(differs / timedelta(minutes=1)) if differs > CLOCK_MAY_DIFFER else 0


async def _told(got: Answer) -> tuple[str, str]:
    """What the store calls a fault, and the region it names; "" where it says nothing, as to a HEAD."""
    try:
        said = await read_xml(got.pieces)
    except BadXml:
        return "", ""
    return said.findtext("{*}Code") or "", said.findtext("{*}Region") or ""
