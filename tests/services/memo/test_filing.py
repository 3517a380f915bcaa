"""Voice memos: filed once, whatever kills the app."""

from __future__ import annotations

import random
import struct
from pathlib import Path

from fieldlog.media.derived import read_derived
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.capture.capture import Capture
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import laptop
from fieldlog.services.memo import filing
from fieldlog.services.rows import days
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace

RATE = 8000
STUDY = "01950000-0000-7000-8000-000000000001"


def sound(seconds: float) -> bytes:
    return b"".join(struct.pack("<h", n % 20000) for n in range(int(seconds * RATE)))


async def opened(data: Path) -> Workspace:
    work = await open_study(laptop(data), STUDY, write=True)
    await Capture(work).begin()
    return work


async def test_a_memo_is_an_entry_with_its_segments_in_order(tmp_path: Path) -> None:
    work = await opened(tmp_path)
    capture = Capture(work)
    session = (await Sessions(work, capture).start("Night shoot", kind="shoot")).made
    recording = await filing.begin(work, capture, rate=RATE, segment_frames=RATE)
    for chunk in range(25):
        recording.push(sound(0.1))
        if chunk % 5 == 0:
            await recording.step()
    filed = await filing.stop(work, recording)
    assert filed
    assert (round(filed.seconds, 3), filed.clean) == (2.5, True)
    doc = work.store.state.get(filed.entry.id)
    assert doc is not None
    assert (doc["kind"], doc["session"]) == ("voice", session.id)
    parts = [work.store.state.get(one) or {} for one in doc["attachments"]]
    assert sum(part["frames"] for part in parts) == int(2.5 * RATE)
    assert len(await read_derived(work.vault, parts[0]["sha256"], "peaks.bin")) == 10
    assert await verify_store(work) == []
    assert await work.store.disk.list(filing.FOLDER) == []
    (row,) = [row for row in days.days(work.store) if row["entries"]]
    assert row["voices"] == 1
    await work.close()


async def test_a_memo_that_was_never_stopped_is_filed_under_its_session_at_the_next_start(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    for turn in range(5):
        data = tmp_path / str(turn)
        work = await opened(data)
        capture = Capture(work)
        session = (await Sessions(work, capture).start("Interview", kind="interview")).made
        recording = await filing.begin(work, capture, rate=RATE, segment_frames=RATE * 2)
        chunks = dice.randrange(12, 60)
        for _ in range(chunks):
            recording.push(sound(0.1))
            await recording.step()
        await work.close()  # the recorder is never told
        again = await opened(data)
        (filed,) = await filing.adopt_orphans(again)
        assert not filed.clean
        assert chunks / 10 - 1 <= filed.seconds <= chunks / 10 + 0.001
        doc = again.store.state.get(filed.entry.id)
        assert doc is not None
        assert doc["session"] == session.id
        assert await filing.adopt_orphans(again) == []
        assert await verify_store(again) == []
        await again.close()
