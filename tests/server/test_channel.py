"""What is answered where there is no server: the bytes of a path, at most a mebibyte at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.server.channel import MOST_BYTES, Answers
from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.serving import Serving
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.made import photo, riff, tone

LONG = riff(tone(MOST_BYTES + 1000))
STUDY = "01950000-0000-7000-8000-000000000001"


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A study on a disk whose open files are exclusive, as in a browser."""
    disks: dict[str, MemoryDisk] = {}

    def disk_at(folder: str) -> MemoryDisk:
        return disks.setdefault(folder, MemoryDisk())

    opened = await open_study(replace(laptop(tmp_path), disk_at=disk_at), STUDY, write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


async def test_a_long_recording_comes_in_pieces_and_each_says_what_it_is(work: Workspace) -> None:
    entry, _ = await Capture(work).file(Bytes(name="a.wav", data=LONG))
    assert entry is not None
    answers, heard = Answers(Serving(lambda: work)), b""
    while len(heard) < len(LONG):
        found = await answers.to(f"sound/{entry.id}", len(heard))
        assert (found.status, found.mime, found.size) == (206, "audio/wav", len(LONG))
        assert (found.start, found.end) == (len(heard), len(heard) + len(found.body))
        assert 0 < len(found.body) <= MOST_BYTES
        heard += found.body
    assert heard == LONG


async def test_a_stretch_is_the_bytes_that_were_asked_for_and_no_more(work: Workspace) -> None:
    data = photo()
    _, taken = await Capture(work).file(Bytes(name="a.jpg", data=data))
    assert taken.kept is not None
    answers, path = Answers(Serving(lambda: work)), f"file/{taken.kept.sha256}"
    whole = await answers.to(path)
    assert (whole.status, whole.body, whole.original, whole.name) == (200, data, True, "a.jpg")
    part = await answers.to(path, 10, 20)
    assert (part.status, part.body, part.start, part.end, part.size) == (206, data[10:20], 10, 20, len(data))
    assert (await answers.to(path, 10, 10**9)).body == data[10:]
    assert (await answers.to(path, 20, 10)).body == b""
    behind = await answers.to(path, len(data))
    assert (behind.status, behind.size) == (416, len(data))


async def test_all_who_ask_at_once_are_answered_and_nothing_stays_open(work: Workspace) -> None:
    capture, data = Capture(work), photo(size=(800, 600))
    _, taken = await capture.file(Bytes(name="a.jpg", data=data), derive=False)
    entry, _ = await capture.file(Bytes(name="b.wav", data=LONG))
    assert taken.kept is not None and entry is not None
    answers = Answers(Serving(lambda: work))
    paths = [f"{kind}/{taken.kept.sha256}" for kind in ("thumb", "preview", "file")] + [f"sound/{entry.id}"]
    found = await asyncio.gather(*(answers.to(path) for path in paths * 5), work.vault.verify(taken.kept.sha256))
    assert found.pop() is None
    assert {one.status for one in found} == {200, 206}  # type: ignore[union-attr]
    for stored in await work.vault.all():
        (await work.vault.disk.open(stored.path)).close()
    assert answers._turns == {}


async def test_what_may_not_be_had_is_refused_in_a_sentence(work: Workspace) -> None:
    answers = Answers(Serving(lambda: work))
    for path in ("thumb/" + "0" * 64, "sound/nothing", "journal/own", "file/../../device.json", ""):
        found = await answers.to(path)
        assert (found.status, found.mime) == (404, "text/plain; charset=utf-8")
        assert len(found.body) > 10


async def test_who_holds_a_file_for_long_is_not_waited_for_without_end(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, taken = await Capture(work).file(Bytes(name="a.jpg", data=photo()))
    assert taken.kept is not None
    monkeypatch.setattr("fieldlog.media.vault.TURN_SECONDS", 0)
    held = await work.vault.open(taken.kept.sha256)
    assert (await Answers(Serving(lambda: work)).to(f"file/{taken.kept.sha256}")).status == 503
    held.close()


async def test_where_something_breaks_the_next_ask_is_answered(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, taken = await Capture(work).file(Bytes(name="a.jpg", data=photo()))
    assert taken.kept is not None
    answers, path = Answers(Serving(lambda: work)), f"thumb/{taken.kept.sha256}"

    async def breaks(_: str) -> bytes:
        raise RuntimeError("worn out")

    with monkeypatch.context() as broken:
        broken.setattr(work.vault.disk, "read", breaks)
        assert (await answers.to(path)).status == 500
    assert (await answers.to(path)).status == 200
