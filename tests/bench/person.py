"""A person who types all the while, as the app keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fieldlog.model.errors import FieldLogError
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.writing import Keeping, Writing
from fieldlog.services.study.workspace import Workspace

KEY_SECONDS = 0.08
TEXT = "They move the lamp once more. 她把手机扣在桌上。 "


@dataclass
class Typed:
    """How many keys and notes there were so far."""

    keys: int = 0
    notes: int = 0


@asynccontextmanager
async def typing(work: Workspace) -> AsyncIterator[Typed]:
    """Somebody types while the block lasts, and sends each text. What is refused is raised."""
    capture = Capture(work)
    writing = await Writing.open(work, capture)
    keeping = Keeping(tell=lambda: None, refused=_raises, settled=lambda: None, do=_none_is_left)
    keeping.sit(writing, capture)
    typed = Typed()

    async def types() -> None:
        while True:
            for end in range(1, len(TEXT) + 1):
                keeping.typed(TEXT[:end], Chips())
                typed.keys += 1
                await asyncio.sleep(KEY_SECONDS)
            await keeping.send()
            typed.notes += 1

    person = asyncio.ensure_future(types())
    try:
        yield typed
    finally:
        person.cancel()
        await asyncio.gather(person, return_exceptions=True)
        keeping.rest()
        await keeping.send()
    assert person.cancelled(), person.exception()


def _raises(refusal: FieldLogError) -> None:
    raise refusal


def _none_is_left(closing: Coroutine[Any, Any, Any]) -> None:
    closing.close()
    raise AssertionError("nobody rests for two minutes")
