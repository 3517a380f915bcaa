"""Passphrases that are stretched in no time, and a study with words that nobody is to read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.bundle_parts import Made
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.machine.sources import Bytes, DiskFile
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.made import riff, tone

STUDY = "01950000-0000-7000-8000-000000000001"
PASSPHRASE = "four words nobody guesses"
WORDS = ("The lamps are late 灯还没好", "Rain on the roof", "I was afraid")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """600,000 times take as long as a person waits; what is tried here is tried often."""
    monkeypatch.setattr(first_line, "ITERATIONS", 2)


@pytest.fixture
async def work() -> AsyncIterator[Workspace]:
    """Three notes, one of them personal, and a recording."""
    opened = await open_study(machine_of(FakeClock()), STUDY, write=True)
    capture = Capture(opened)
    await capture.begin(title="Vertical days", zone="Asia/Shanghai")
    for words in WORDS[:2]:
        await capture.note(words)
    await capture.note(WORDS[2], Chips(note_type="PN"))
    await capture.file(Bytes(name="memo.wav", data=riff(tone(40, 1))))
    await opened.store.settle(idle=True)
    yield opened
    await opened.close()


async def packed(work: Workspace, *, sealed: bool = True, since_last: bool = False) -> tuple[bytes, Made]:
    """A bundle of a study, and what was said of it when it was made."""
    disk = MemoryDisk()
    seal = seal_of(work.machine, PASSPHRASE) if sealed else None
    made = await pack(work, DiskFile(disk=disk, path="b"), seal=seal, since_last=since_last)
    return await disk.read("b"), made
