"""A server that says whatever a test wants, byte by byte; and a small WebDAV server to be odd in one thing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: the path with its query as it came, headers by lower-case names."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Says = Callable[[Asked], bytes]


class Hostile:
    """Where it listens, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.asked = list[Asked]()

    @property
    def url(self) -> str:
        return f"http://{self.host}/dav"

    @property
    def methods(self) -> list[str]:
        return [one.method for one in self.asked]


@asynccontextmanager
async def hostile(says: Says) -> AsyncIterator[Hostile]:
    """It sends what `says` gives for a request, as it is, and hangs up."""

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _heard(reader)
            server.asked.append(asked)
            writer.write(says(asked))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(hear, "127.0.0.1", 0)
    server = Hostile(listening.sockets[0].getsockname()[1])
    async with listening:
        yield server


async def _heard(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method=method, path=path, headers=headers, body=body)


def said(status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> bytes:
    """An answer; `length` is what it claims to be long, `_` in the name of a header stands for `-`."""
    return answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()}, length=length)


def answer(status: int, body: bytes, headers: Mapping[str, str], *, length: int | None = None) -> bytes:
    given = {"Content-Length": str(len(body) if length is None else length), "Connection": "close", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode() + body


def listing(*responses: str) -> bytes:
    body = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{"".join(responses)}</D:multistatus>'
    return said(207, body.encode(), Content_Type="application/xml")


def response(path: str, length: int | None) -> str:
    """Of a file; of a folder where the path ends with a slash."""
    kind = "<D:collection/>" if path.endswith("/") else ""
    size = "" if length is None else f"<D:getcontentlength>{length}</D:getcontentlength>"
    props = f"<D:resourcetype>{kind}</D:resourcetype>{size}"
    stat = f"<D:propstat><D:prop>{props}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
    return f"<D:response><D:href>{quote(path)}</D:href>{stat}</D:response>"


class Dav:
    """Files and folders below `/dav`. What `odd` has for a method is said instead, unless that is None."""

    def __init__(self, **odd: Callable[[Asked], bytes | None]) -> None:
        self.odd = odd
        self.files, self.folders = dict[str, bytes](), {"/dav"}

    def __call__(self, asked: Asked) -> bytes:
        instead = self.odd[asked.method](asked) if asked.method in self.odd else None
        if instead is not None:
            return instead
        usual: Callable[[str, Asked], bytes] = getattr(self, asked.method.lower())
        return usual(unquote(asked.path).rstrip("/"), asked)

    def options(self, path: str, asked: Asked) -> bytes:
        return said(405)

    def propfind(self, path: str, asked: Asked) -> bytes:
        if path in self.files:
            return listing(response(path, len(self.files[path])))
        if path not in self.folders:
            return said(404)
        inside = [one for one in [*self.folders, *self.files] if one.rpartition("/")[0] == path]
        return listing(
            response(f"{path}/", None),
            *(
                response(*((one, len(self.files[one])) if one in self.files else (f"{one}/", None)))
                for one in inside
                if asked.headers["depth"] == "1"
            ),
        )

    def put(self, path: str, asked: Asked) -> bytes:
        if path.rpartition("/")[0] not in self.folders:
            return said(409)
        self.files[path] = asked.body
        return said(201)

    def mkcol(self, path: str, _: Asked) -> bytes:
        if path in self.folders:
            return said(405)
        if path.rpartition("/")[0] not in self.folders:
            return said(409)
        self.folders.add(path)
        return said(201)

    def move(self, path: str, asked: Asked) -> bytes:
        self.files[unquote(urlsplit(asked.headers["destination"]).path)] = self.files.pop(path)
        return said(204)

    def delete(self, path: str, _: Asked) -> bytes:
        return said(204 if self.files.pop(path, None) is not None else 404)

    def get(self, path: str, _: Asked) -> bytes:
        return said(200, self.files[path]) if path in self.files else said(404)

    def head(self, path: str, _: Asked) -> bytes:
        return said(200, length=len(self.files[path])) if path in self.files else said(404)
