"""Long work beside the event loop: what the two tell each other, and how it is stopped.

The work leaves word of how far it is, and looks whether it is to stop; the event loop looks in a few times a
second. So nothing of the screens is touched by another thread. In a browser there is none: there the work gives
the screens a turn at every `breath`.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from fieldlog.model.errors import Cancelled
from fieldlog.model.ports import Offload
from fieldlog.model.sentence import sentence

T = TypeVar("T")
A = TypeVar("A")

LOOKS_EVERY_SECONDS = 0.05
STOPPED = sentence("This was stopped before its end. What was there before is as it was.")

Tell = Callable[[int, int], None]
"""Told how many bytes are done and how many there are."""

Asked = Callable[[], bool]
"""Whether a person asked for a stop."""


def tell_nobody(done: int, total: int) -> None:
    """Tells nobody."""


def never() -> bool:
    """Nobody asks for a stop."""
    return False


@dataclass
class Word:
    """How far the work is, in bytes, and whether it is to stop."""

    done: int = 0
    total: int = 0
    stop: bool = False

    def moved(self, count: int) -> None:
        """So many bytes more. Raises `Cancelled` where a stop was asked for."""
        self.done += count
        if self.stop:
            raise Cancelled(STOPPED)


TURN_SECONDS = 0.02
REST_SECONDS = 0.005
"""Less, and a browser takes it for none: our own turns then come one after another, and what its file system has
to say waits for their end, a note being saved with it."""

_turn_began = 0.0


async def breath() -> None:
    """Let the screens have their turn, where the work is done in turns with them."""
    global _turn_began  # noqa: PLW0603 - there is one thread, and it has one turn
    if sys.platform != "emscripten":
        await asyncio.sleep(0)
    elif time.perf_counter() - _turn_began > TURN_SECONDS:
        await asyncio.sleep(REST_SECONDS)
        _turn_began = time.perf_counter()


def in_turns(work: Callable[[Word], Coroutine[Any, Any, T]]) -> Callable[[Word], T]:
    """Work that waits for nothing but its turn and the disk, as `beside` does it: from its beginning to its end
    where it is in a thread of its own, in turns with everything else where it stands in the event loop's."""

    def begun(word: Word) -> T:
        coroutine = work(word)
        return cast("T", coroutine) if _is_loops_own_thread() else driven(coroutine)

    return begun


async def beside(offload: Offload, work: Callable[[Word], T], tell: Tell, cancelled: Asked) -> T:
    """Do `work`, telling how far it is and passing on the wish to stop. It is given nothing that may change.

    Cancelled itself, it asks the work to stop and waits for that.
    """
    word = Word(stop=cancelled())
    # What is here already is not looked through for garbage meanwhile: that would stop every thread for long.
    gc.freeze()
    running = asyncio.ensure_future(_ended(offload, work, word))
    try:
        while not running.done():
            await asyncio.wait([running], timeout=LOOKS_EVERY_SECONDS)
            word.stop = word.stop or cancelled()
            if word.total:
                tell(word.done, word.total)
        return await running
    finally:
        word.stop = True
        if not running.done():
            await asyncio.wait([running])
        gc.unfreeze()


async def apart(offload: Offload, verb: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do what waits for nothing but its turn and the disk off the event loop, as `beside` does."""
    return await _ended(offload, in_turns(lambda _: verb()), Word())


async def several(todo: Iterable[A], verb: Callable[[A], Awaitable[None]], most: int = 4) -> None:
    """Do a verb with each, in order, `most` at a time. What one raises ends all."""
    rest = iter(todo)

    async def work() -> None:
        for one in rest:
            await verb(one)

    tasks = [asyncio.ensure_future(work()) for _ in range(most)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ended(offload: Offload, work: Callable[[Word], T], word: Word) -> T:
    result: Any = await offload(work, word)
    return cast("T", await cast("Awaitable[T]", result) if inspect.isawaitable(result) else result)


def _is_loops_own_thread() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def driven(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that waits for nothing but its turn, as all work on a laptop's disk does."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    finally:
        coroutine.close()
