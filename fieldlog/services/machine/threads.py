"""Work beside the event loop, on a laptop: what takes long does not keep the screens waiting."""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

from fieldlog.model.ports import Offload

T = TypeVar("T")

FEW = 2
"""So many pieces of work are done before another Python would be there."""

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


class Apprentice:
    """Another Python on this machine that does pure functions for us, so that two cores compute at once.

    Functions, what they are given and what they give back go over its pipes, pickled.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-c", f"from {__name__} import serve_as_apprentice as go; go()"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        pipe = subprocess.PIPE
        # What it would complain of is done again by whoever waits, and said there.
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
        )

    def do(self, work: Callable[..., T], *frozen: object) -> T:
        """What the function gives back. Raises `OSError` or `EOFError` where the apprentice is gone."""
        assert self._process.stdin
        assert self._process.stdout
        pickle.dump((work, frozen), self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()
        result: T = pickle.load(self._process.stdout)
        return result

    def dismiss(self) -> None:
        """Let it end, whatever it is at."""
        self._process.kill()
        self._process.communicate()


def serve_as_apprentice() -> None:
    """Do what comes in on standard input until that ends; the life of an `Apprentice`.

    What a function raises ends it; whoever waits does the work again, and meets the same there.
    """
    gc.disable()  # it lives for seconds
    coming, going = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            work, frozen = pickle.load(coming)
        except EOFError:
            return
        pickle.dump(work(*frozen), going, pickle.HIGHEST_PROTOCOL)
        going.flush()


class Workshop:
    """Does one piece of work after another beside the caller: the first few in a thread, the rest by an
    apprentice, who takes a while to arrive and is not sent for where there is little to do. What is waited
    for and not begun yet the caller does."""

    def __init__(self) -> None:
        self._bench = ThreadPoolExecutor(1)
        self._apprentice: Apprentice | None = None
        self._begun = 0

    def offload(self, work: Callable[..., T], /, *frozen: object) -> Coroutine[Any, Any, T]:
        """An `Offload` whose work is under way before it is awaited."""
        self._begun += 1
        if self._begun == FEW and _is_python(sys.executable):
            with suppress(OSError):
                self._apprentice = Apprentice()
        begun = self._bench.submit(self._do, self._begun > FEW, work, *frozen)

        async def ended() -> T:
            return work(*frozen) if begun.cancel() else begun.result()

        return ended()

    def _do(self, by_apprentice: bool, work: Callable[..., T], *frozen: object) -> T:
        if by_apprentice and self._apprentice is not None:
            try:
                return self._apprentice.do(work, *frozen)
            except (OSError, EOFError, pickle.PickleError):
                # Gone, or never arrived: it is done here.
                self._apprentice.dismiss()
                self._apprentice = None
        return work(*frozen)

    def close(self) -> None:
        if self._apprentice is not None:
            self._apprentice.dismiss()
            self._apprentice = None
        self._bench.shutdown(cancel_futures=True)


def _is_python(executable: str) -> bool:
    """Whether this program is a Python, and not an app that has one inside."""
    return PurePath(executable).stem.lower().startswith("python")


@contextmanager
def beginning_at_once() -> Iterator[Offload]:
    """An `Offload` for a thread without an event loop: what it is called for is under way before it is awaited."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(HANDS_OVER_SECONDS)
    workshop = Workshop()
    try:
        yield workshop.offload
    finally:
        workshop.close()
        sys.setswitchinterval(before)
