"""Pictures, recordings and originals in a browser without a server: asked and answered on a BroadcastChannel.

    asked     {id, path, start, end}                the bytes from `start` (null: 0) up to `end` (null: the last)
    answered  {id, status, mime, name, size, start, end, original, body}

`path` is one of `Serving`. `body` holds at most 1 MiB, the bytes from `start` up to `end` as answered; whoever
wants more asks on. `size` is that of the whole. `original` says that these are the bytes somebody brought in, to
be saved and never shown as a page. `status` is 200 where `body` is the whole, 206 for a part, 416 where `start`
lies behind the end, 404 for what may not be had, 503 where it is in use, 500 where something broke; a refusal has
its sentence as `body`. Where no study is open nothing is said: another tab may have it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fieldlog.model.errors import FieldLogError, StoreBusy
from fieldlog.services.machine.machine import addressed
from fieldlog.services.serving import Served, Serving

with suppress(ModuleNotFoundError):  # on a laptop this can be imported, and only `Answers` used
    import js
    from pyodide.ffi import create_proxy, to_js

NAME = "fieldlog-media"
MOST_BYTES = 1 << 20
_SENTENCE = "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """See above; `start` and `end` are those of `body`."""

    status: int
    mime: str
    body: bytes
    name: str = ""
    size: int = 0
    start: int = 0
    original: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.body)


class Answers:
    """Answers for a `Serving`. Those to the same path come one after another: a file may be open once only."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}

    async def to(self, path: str, start: int | None = None, end: int | None = None) -> Answer:
        """The answer to an ask. Raises nothing."""
        turn, waiting = self._turns.get(path, (asyncio.Lock(), 0))
        self._turns[path] = turn, waiting + 1
        try:
            async with turn:
                return await self._open(path, start, end)
        except StoreBusy as why:
            return Answer(status=503, mime=_SENTENCE, body=str(why).encode())
        except FieldLogError as why:
            return Answer(status=404, mime=_SENTENCE, body=str(why).encode())
        except Exception:
            logging.getLogger(__name__).exception("%s was not answered", path)
            return Answer(status=500, mime=_SENTENCE, body=b"This can't be shown now. It is kept as it is.")
        finally:
            _, waiting = self._turns[path]
            self._turns[path] = turn, waiting - 1
            if waiting == 1:
                del self._turns[path]

    async def _open(self, path: str, start: int | None, end: int | None) -> Answer:
        served = await self._serving.open(path)
        try:
            return _stretch(served, start or 0, end)
        finally:
            served.close()


def _stretch(served: Served, start: int, end: int | None) -> Answer:
    size = served.size
    if start < 0 or (start >= size and start > 0):
        return Answer(status=416, mime=_SENTENCE, body=b"", size=size)
    last = min(size if end is None else end, size, start + MOST_BYTES)
    body = served.read(start, max(0, last - start))
    return Answer(
        status=200 if len(body) == size else 206, mime=served.mime, name=served.name, size=size, start=start,
        original=served.original, body=body,
    )  # fmt: skip


def serve_media(serving: Serving) -> Callable[[], None]:
    """Answer in this worker until what is returned is called."""
    line = js.BroadcastChannel.new(addressed(NAME))
    answers, under_way = Answers(serving), set[asyncio.Task[None]]()

    async def answer(asked: Any, path: str) -> None:
        found = await answers.to(path, _number(asked, "start"), _number(asked, "end"))
        told = {
            "id": asked.id, "status": found.status, "mime": found.mime, "name": found.name, "size": found.size,
            "start": found.start, "end": found.end, "original": found.original, "body": found.body,
        }  # fmt: skip
        line.postMessage(to_js(told, dict_converter=js.Object.fromEntries))

    def hear(event: Any) -> None:
        path = getattr(event.data, "path", None)
        # What is said here without a path is the answer of another tab.
        if isinstance(path, str) and serving.ready:
            task = asyncio.ensure_future(answer(event.data, path))
            under_way.add(task)
            task.add_done_callback(under_way.discard)

    heard = create_proxy(hear)
    line.addEventListener("message", heard)

    def stop() -> None:
        line.close()
        heard.destroy()
        for task in under_way:
            task.cancel()

    return stop


def _number(asked: Any, name: str) -> int | None:
    """A number in a JavaScript object; None where there is none."""
    told = getattr(asked, name, None)
    return int(told) if isinstance(told, int | float) else None
