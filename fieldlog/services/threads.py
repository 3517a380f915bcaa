"""Work beside the event loop, on a laptop: what takes long does not keep the screens waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

T = TypeVar("T")


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
