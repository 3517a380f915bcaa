"""The exchanges of the open study: one at a time, asked for by a person or begun by themselves.

What begins by itself is met only where a folder is here that was met before, or a hub answers. It asks nothing,
waits while somebody writes or speaks, and what keeps it from going on is told where one looks for it and nowhere
else; that a hub does not answer is told nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fieldlog.model.errors import FieldLogError
from fieldlog.model.state import Change
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.places.outcome import Ended, Step
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.target import Unreachable

FIRST_SECONDS = 30.0
EVERY_SECONDS = 600.0
"""Between two looks at the folders: one that has nothing new costs a request."""

SETTLED_SECONDS = 10.0
"""So long nothing was saved before anything begins by itself."""

PATIENT_SECONDS = 5.0
SHOWN_A_SECOND = 4


@dataclass(kw_only=True)
class Going:
    """The meeting that goes on: with whom, bytes that are checked and how many there are to be, the seconds since
    the first of them, which step it is at, whether it was asked to stop. `address` is "" for none."""

    address: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0
    step: Step = "words"
    stopping: bool = False


@dataclass
class Meetings:
    """`going` is the meeting under way; `ended` how the last one with an address ended since the app is open: what
    was done, or why not; `count` how many have ended. Whoever is in `told` hears of every step. `busy` says that
    somebody writes or speaks."""

    machine: Machine
    busy: Callable[[], bool] = lambda: False
    going: Going = field(default_factory=Going)
    ended: dict[str, Ended] = field(default_factory=dict)
    count: int = 0
    told: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.secrets = Secrets(self.machine.offload, ring=self.machine.keyring)
        self._work: Workspace | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._changed = self._shown = self._began = 0.0

    def sit(self, work: Workspace) -> None:
        """A study is open."""
        self._work = work
        self.ended.clear()
        work.store.listeners.append(self._heard)
        self._look_in(FIRST_SECONDS)

    async def leave(self) -> None:
        """The study is closed: what goes on ends, and the next time it is gone on with."""
        self._work = None
        if self._timer:
            self._timer.cancel()
        self.stop()
        for task in (self._looking, self._task):
            if task is not None:
                await asyncio.wait([task], timeout=PATIENT_SECONDS)
                task.cancel()
                await asyncio.wait([task])

    def begin(
        self, address: str, *, refill: bool = False, reads_back: bool = False, may_be_away: bool = False
    ) -> bool:
        """Meet a place beside everything else, or read back what lies there. Of one that `may_be_away` it is not
        told that it does not answer. False where another meeting goes on."""
        if self._work is None or self.going.address:
            return False
        self.going = Going(address=address, step="reading" if reads_back else "words")
        meeting = self._read_back(self._work, address) if reads_back else self._met(self._work, address, refill)
        self._task = asyncio.ensure_future(self._do(address, meeting, may_be_away=may_be_away))
        self._tell()
        return True

    def stop(self) -> None:
        """What is done by then stays, and the next meeting goes on from there."""
        self.going.stopping = True
        self._tell()

    async def _do(self, address: str, meeting: Awaitable[Ended], *, may_be_away: bool) -> None:
        try:
            self.ended[address] = await meeting
        except Unreachable as why:
            if not may_be_away:
                self.ended[address] = why
        except (FieldLogError, OSError) as why:
            self.ended[address] = why
        finally:
            self.going = Going()
            self.count += 1
            self._tell()

    async def _met(self, work: Workspace, address: str, refill: bool) -> Ended:
        from fieldlog.services.sync.places.meeting import meet  # not before the first screen

        return await meet(
            work, address, self.secrets, tell=self._moved, cancelled=lambda: self.going.stopping,
            step=self._at, refill=refill,
        )  # fmt: skip

    async def _read_back(self, work: Workspace, address: str) -> Ended:
        from fieldlog.services.sync.places.meeting import read_place_back  # not before the first screen

        return await read_place_back(
            work, address, self.secrets, tell=self._moved, cancelled=lambda: self.going.stopping
        )

    # -- by itself

    def _look_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        settled = asyncio.get_running_loop().time() - self._changed >= SETTLED_SECONDS
        if self.busy() or not settled or self.going.address:
            self._look_in(SETTLED_SECONDS)
            return
        self._looking = asyncio.ensure_future(self._meet_all())
        self._look_in(EVERY_SECONDS)

    async def _meet_all(self) -> None:
        from fieldlog.services.sync.places.meeting import answers  # not before the first screen
        from fieldlog.services.sync.places.places import read_places

        if (work := self._work) is None:
            return
        for place in await read_places(work.store.disk):
            if place.met and await answers(work, place.address) and self._work is work:
                self.begin(place.address, may_be_away=place.kind == "hub")
                if self._task is not None:
                    await asyncio.wait([self._task])

    # -- how far it is

    def _heard(self, _: Change) -> None:
        self._changed = asyncio.get_running_loop().time()

    def _moved(self, done: int, total: int) -> None:
        now, going = asyncio.get_running_loop().time(), self.going
        self._began = self._began if going.total else now
        going.done, going.total, going.seconds = done, total, now - self._began
        if now - self._shown >= 1 / SHOWN_A_SECOND or done == total:
            self._shown = now
            self._tell()

    def _at(self, step: Step) -> None:
        self.going.step = step
        self._tell()

    def _tell(self) -> None:
        for tell in list(self.told):
            tell()
