"""How long the event loop keeps others waiting while something is under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

NAP_SECONDS = 0.001


async def longest_stall(work: Awaitable[T]) -> tuple[T, float]:
    """What the work gives, and the longest in seconds that a callback due meanwhile had to wait."""
    longest = 0.0

    async def nap() -> None:
        nonlocal longest
        before = time.perf_counter()
        while True:
            await asyncio.sleep(NAP_SECONDS)
            now = time.perf_counter()
            longest = max(longest, now - before - NAP_SECONDS)
            before = now

    napping = asyncio.ensure_future(nap())
    await asyncio.sleep(0)
    try:
        result = await work
        await asyncio.sleep(NAP_SECONDS)
    finally:
        napping.cancel()
    return result, longest
