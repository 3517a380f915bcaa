"""A run of an exchange: what its parts share, and what it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from fieldlog.model.errors import Cancelled
from fieldlog.services.machine.long_work import STOPPED, Asked, Tell
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.remembered import Remembered
from fieldlog.sync.layout import Segment
from fieldlog.sync.target import Item, Target

KEPT_EVERY_BYTES = 256 << 20


@dataclass(kw_only=True)
class Exchanged:
    """What a run did. Lines are counted by their numbers, originals one by one, `bytes` both ways.

    `idle` says that nothing was new on either side. `problems` are sentences. `waiting` counts originals that are
    still on their way to the target, `set_aside` names files there that are none of ours and were left alone.
    `forked` are the writers of which a branch came that was not known here, `told` sentences that are no fault.
    """

    idle: bool = False
    lines_in: int = 0
    lines_out: int = 0
    media_in: int = 0
    media_out: int = 0
    removed: int = 0
    bytes: int = 0
    problems: list[str] = field(default_factory=list)
    waiting: int = 0
    set_aside: tuple[str, ...] = ()
    forked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Run:
    """`segments` are those on the target as far as is known, by name, `cut` those of another length than their
    names say, `heads` what was listed at the beginning.

    `fresh` are names of segments that were taken in, `loose` of those that follow nothing here, `gone` of those
    that can't be merged and speak of what was erased, `claims` of files that a device says are damaged there,
    `spoilt` of those that were found so now; `unread` the writers of which something could not be read, `wrote`
    the heads that were written. `unsure` says that what of ours is there is not remembered. `total` are bytes to
    be moved, `unkept` those of originals that came or went since that was last written down. `hashed` are the
    originals, with their bytes, that were read from this device's disk and found right.
    """

    work: Workspace
    target: Target
    memory: Remembered
    tell: Tell
    cancelled: Asked
    done: Exchanged = field(default_factory=Exchanged)
    heads: list[Item] = field(default_factory=list)
    segments: dict[str, Segment] = field(default_factory=dict)
    cut: dict[str, Segment] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)
    unsure: bool = False
    total: int = 0
    unkept: int = 0
    hashed: dict[str, int] = field(default_factory=dict)

    @property
    def own(self) -> str:
        """This device's writer, under whose head it says what it has to say."""
        return self.work.device.writers[self.work.store.project]["team"]

    def moved(self, count: int) -> None:
        """So many bytes more came or went."""
        self.done.bytes += count
        self.tell(self.done.bytes, max(self.total, self.done.bytes))

    async def came_or_went(self, count: int) -> None:
        """An original of so many bytes is there now. After many it is written down; else it is asked for again."""
        self.unkept += count
        if self.unkept >= KEPT_EVERY_BYTES:
            self.unkept = 0
            await self.memory.keep()

    async def writing(self, verb: Callable[[Asked], Awaitable[None]]) -> None:
        """Do what sends or fetches: where something is erased meanwhile it stops, and begins anew without it."""

        async def begun(asked: Asked) -> bool:
            await verb(asked)
            return True

        async def stays(_: bool | None) -> None:
            """What went out by then is taken back when it begins anew."""

        await self.work.under_way.write(begun, cancelled=self.cancelled, undo=stays, done=stays)

    def names_of(self, writer: str) -> Collection[str]:
        return [name for name, one in self.segments.items() if one.writer == writer]


def go_on(asked: Asked) -> None:
    """Raises `Cancelled` where a stop is asked for."""
    if asked():
        raise Cancelled(STOPPED)
