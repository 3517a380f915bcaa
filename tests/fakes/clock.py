"""A clock that goes when it is told to, and a machine that keeps everything in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ids import Ids
from fieldlog.model.moment import Moment
from fieldlog.services.machine.machine import Machine, in_place


@dataclass
class FakeClock:
    """A wall and a counter that go forward together until told otherwise."""

    wall: datetime = datetime(2025, 3, 16, 8, 0, tzinfo=UTC)
    mono: timedelta = timedelta(hours=1)
    boot: str = "boot"
    readings: int = field(default=0)

    def __call__(self) -> Moment:
        self.readings += 1
        return Moment(at=self.wall, zone="UTC", mono_ms=self.mono // timedelta(milliseconds=1), boot=self.boot)

    def advance(self, **by: float) -> None:
        self.wall += timedelta(**by)
        self.mono += timedelta(**by)


def machine_of(clock: FakeClock) -> Machine:
    disks: dict[str, MemoryDisk] = {}
    tick = iter(range(1, 10**6))
    return Machine(
        clock=clock, new_id=Ids(lambda: 1_742_000_000_000, lambda n: next(tick).to_bytes(n, "big")),
        new_salt=lambda: f"{next(tick):016x}" * 2, disk_at=lambda name: disks.setdefault(name, MemoryDisk()),
        offload=in_place,
    )  # fmt: skip
