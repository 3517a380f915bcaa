"""Work beside the event loop, on a laptop: what takes long does not keep the screens waiting."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from fieldlog.model.ports import Offload

T = TypeVar("T")

HANDS_OVER_SECONDS = 0.0005
"""How long a thread computes on while another waits. At Python's own 5 ms a thread that writes files waits that
long at every call, and what it could do meanwhile is not done."""


async def in_thread(work: Callable[..., T], /, *frozen: object) -> T:
    """An `Offload` that works in a thread. What the function raises is raised.

    Cancelled, it still waits for the function to end: what that works on may be closed right after.
    """
    running = asyncio.get_running_loop().run_in_executor(None, partial(work, *frozen))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


@contextmanager
def beginning_at_once() -> Iterator[Offload]:
    """An `Offload` for a thread without an event loop: what it is called for is under way before it is awaited."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(HANDS_OVER_SECONDS)
    pool = ThreadPoolExecutor(1)

    def offload(work: Callable[..., T], /, *frozen: object) -> Coroutine[Any, Any, T]:
        begun = pool.submit(work, *frozen)

        async def ended() -> T:
            return begun.result()

        return ended()

    try:
        yield offload
    finally:
        pool.shutdown(cancel_futures=True)
        sys.setswitchinterval(before)
