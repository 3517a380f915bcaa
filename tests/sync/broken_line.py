"""A line to a server that breaks where a test wants it, and knows what was sent over it again."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

PIECE_BYTES = 1 << 16
How = Literal["before", "within", "after"]
"""Before a request goes on, half-way through its body, or when it was answered and nobody has heard of it."""


@dataclass
class Cut:
    """The request at which the line breaks, from 1, and what happens then."""

    at: int
    how: How
    does: Callable[[], object]


@dataclass
class Line:
    """`asked` are the requests that were answered, and with which status. `puts` counts those that sent an
    original, by its path; `again` are such that the server had said before to have. `cuts` counts how often the
    line broke."""

    address: str
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    puts: Counter[str] = field(default_factory=Counter)
    again: list[str] = field(default_factory=list)
    cuts: int = 0
    _kept: set[str] = field(default_factory=set)
    _cut: Cut | None = None
    _seen: int = 0

    def break_at(self, at: int, how: How, does: Callable[[], object]) -> None:
        """Break at the request of that number from now on."""
        self._seen, self._cut = 0, Cut(at, how, does)

    def mend(self) -> None:
        self._cut = None

    def due(self) -> Cut | None:
        """The cut that this request meets."""
        self._seen += 1
        cut = self._cut
        if cut is None or self._seen != cut.at:
            return None
        self.cuts += 1
        return cut

    def asks(self, method: str, path: str) -> None:
        if method == "PUT" and "/media/" in path and not path.rpartition("/")[2].startswith("."):
            self.puts[path] += 1
            self.again += [path] if path in self._kept else []

    def answers(self, method: str, path: str, status: int) -> None:
        self.asked.append((method, path, status))
        if method == "PUT" and 200 <= status < 300:
            self._kept.add(path)
        elif method == "DELETE":
            self._kept.discard(path)


@contextmanager
def broken_line(to: str) -> Iterator[Line]:
    """A line to the server at an address, for as long as the block lasts. It lives in a thread of its own."""
    loop, ready, line = asyncio.new_event_loop(), threading.Event(), Line("")
    ended = asyncio.Event()

    async def serve() -> None:
        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _Connection(line, reader, writer).live(to)

        async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
            line.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield line
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


class _Connection:
    """One request after the other; `now` is the one that is under way."""

    def __init__(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._line, self._reader, self._writer = line, reader, writer
        self._now: tuple[str, str] | None = None
        self._answered, self._mute = asyncio.Event(), False

    async def live(self, to: str) -> None:
        parts = urlsplit(to)
        there, out = await asyncio.open_connection(parts.hostname, parts.port)
        back = asyncio.ensure_future(self._back(there))
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._one(out):
                    pass
        finally:
            back.cancel()
            for writer in (out, self._writer):
                writer.close()

    async def _one(self, out: asyncio.StreamWriter) -> bool:
        """Let a request through; whether the line still stands."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        length = next((int(one[15:]) for one in lines if one.lower().startswith("content-length:")), 0)
        self._now, self._mute = (method, path), False
        self._answered.clear()
        self._line.asks(method, path)
        cut = self._line.due()
        if cut and cut.how == "before":
            cut.does()
            return False
        self._mute = cut is not None
        out.write(head)
        await self._pass(out, length // 2 if cut and cut.how == "within" else length)
        if cut is None:
            return True
        if cut.how == "after":
            await self._answered.wait()
        cut.does()
        return False

    async def _pass(self, out: asyncio.StreamWriter, count: int) -> None:
        while count:
            data = await self._reader.readexactly(min(count, PIECE_BYTES))
            count -= len(data)
            out.write(data)
            await out.drain()

    async def _back(self, there: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while data := await there.read(PIECE_BYTES):
                if self._now is not None:
                    self._line.answers(*self._now, int(data[9:12]))
                    self._now = None
                    self._answered.set()
                if not self._mute:
                    self._writer.write(data)
                    await self._writer.drain()
        self._answered.set()
        self._writer.close()
