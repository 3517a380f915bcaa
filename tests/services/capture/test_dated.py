"""Photos and recordings come in at their own time, and say nothing about the clock of this device."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fieldlog.model.entry import Entry
from fieldlog.model.imported import created
from fieldlog.model.moment import Moment, parse
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.open_text.writing import Writing
from fieldlog.services.imports.imports import import_csv, import_folder
from fieldlog.services.machine.machine import Machine
from fieldlog.services.pocket.last_state import last
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.made import photo, saved

CASES = Path(__file__).parents[2] / "media" / "cases"
PLAIN = saved(Image.new("RGB", (40, 30)), "JPEG")
STUDY = "01950000-0000-7000-8000-000000000001"
ON_DISK = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
TODAY = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
Row = tuple[str, str, str]


@dataclass
class ShanghaiClock(FakeClock):
    wall: datetime = TODAY

    def __call__(self) -> Moment:
        return replace(super().__call__(), zone="Asia/Shanghai")


@pytest.fixture
def clock() -> FakeClock:
    return ShanghaiClock()


@pytest.fixture
def machine(clock: FakeClock) -> Machine:
    return machine_of(clock)


@pytest.fixture
async def work(machine: Machine) -> AsyncIterator[Workspace]:
    opened = await open_study(machine, STUDY, write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


def laid(folder: Path, name: str, data: bytes, on_disk: float = ON_DISK) -> Path:
    """A file in a folder, with a date on the disk that would be wrong."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (on_disk, on_disk))
    return path


def entry_of(work: Workspace, name: str) -> dict[str, Any]:
    (file,) = [doc["id"] for doc in work.store.state.docs("attachments") if doc["name"] == name]
    (entry,) = [doc for doc in work.store.state.entries() if file in doc["attachments"]]
    return entry


RIGHT: dict[str, Row] = {
    "IMG_0001.HEIC": ("2025-03-16T16:05:12+08:00", "exact", "exif"),
    "b22_xmp.jpg": ("2025-03-16T16:05:12+09:00", "exact", "xmp"),
    "a14_only_datetime.jpg": ("2025-03-16T16:05:12+08:00", "about", "edited"),
    "a08_dto_with_zone.jpg": ("2025-03-16T16:05:12+01:00", "exact", "exif"),
    "a09_iso_Z.jpg": ("2025-03-16T16:05:12+00:00", "exact", "exif"),
    "a04_off_h.jpg": ("2025-03-16T16:05:12+09:00", "exact", "exif"),
    "a05_off_hh.jpg": ("2025-03-16T16:05:12+09:00", "exact", "exif"),
    "a06_off_Z.jpg": ("2025-03-16T16:05:12+00:00", "exact", "exif"),
    "a15_only_offsettime_mod.jpg": ("2025-03-16T16:05:12+02:00", "exact", "exif"),
    "a10_24h.jpg": ("2025-03-16T00:08:19+08:00", "about", "exif"),
    "w03_bext.wav": ("2025-03-16T16:05:12+08:00", "exact", "sound"),
    "m01.m4a": ("2025-03-16T16:05:12+08:00", "exact", "sound"),
    "w20_adpcm.wav": ("2026-01-01T00:00:00+00:00", "about", "file"),
    "PXL_20250316_080512123.jpg": ("2025-03-16T16:05:12.123+08:00", "exact", "name"),
    "mmexport1742112312000.jpg": ("2025-03-16T16:05:12+08:00", "about", "name"),
    "微信图片_20250316160512.jpg": ("2025-03-16T16:05:12+08:00", "about", "name"),
    "photo 2025-03-16 at 16.05.12.jpg": ("2025-03-16T16:05:12+08:00", "exact", "name"),
    "IMG-20250316-WA0001.jpg": ("2025-03-16T06:00:00+08:00", "day", "name"),
    "IMG_0002.jpg": ("2026-01-01T00:00:00+00:00", "about", "file"),
}


async def test_a_folder_from_every_phone_on_set_comes_in_at_the_times_its_files_tell(
    work: Workspace, tmp_path: Path
) -> None:
    for n, name in enumerate(RIGHT):
        known = CASES / name
        laid(tmp_path / "card", name, known.read_bytes() if known.exists() else PLAIN + bytes(n))
    done = await import_folder(work, tmp_path / "card")
    assert {verdict for verdict, _ in done.verdicts.values()} == {"ok"}
    for name, (at, precision, source) in RIGHT.items():
        doc = entry_of(work, name)
        assert (doc["occurred_at"], doc["precision"], doc["occurred"]["source"]) == (at, precision, source), name
        assert work.store.state.date(doc["id"]) == ("2025-03-15" if "24h" in name else at[:10]), name
    files = {doc["name"]: doc for doc in work.store.state.docs("attachments")}
    assert files["b22_xmp.jpg"]["captured_at"] == "2025-03-16T16:05:12+09:00"
    assert files["b22_xmp.jpg"]["captured_source"] == "xmp"
    assert round(files["w20_adpcm.wav"]["duration"], 2) == 2.03
    assert files["m01.m4a"]["duration"] == 2.0
    assert sum((await import_folder(work, tmp_path / "card")).new.values()) == 0


async def test_a_photo_of_a_day_alone_stays_on_that_day_whatever_is_planned_later(
    work: Workspace, tmp_path: Path
) -> None:
    laid(tmp_path / "card", "IMG-20250316-WA0001.jpg", PLAIN)
    await import_folder(work, tmp_path / "card")
    doc = entry_of(work, "IMG-20250316-WA0001.jpg")
    assert doc["day_choice"] == "2025-03-16"
    (file,) = work.store.state.docs("attachments")
    assert "captured_at" not in file


async def test_of_a_damaged_photo_the_name_is_believed_and_its_head_kept_with_it(
    work: Workspace, tmp_path: Path
) -> None:
    cut = photo(exif={0x9003: "2025:03:16 16:05:12"})[:-900]
    laid(tmp_path / "card", "IMG_20250317_100000.jpg", cut)
    laid(tmp_path / "card", "IMG_0001.jpg", cut[:-1])
    await import_folder(work, tmp_path / "card")
    assert entry_of(work, "IMG_20250317_100000.jpg")["occurred_at"] == "2025-03-17T10:00:00+08:00"
    assert entry_of(work, "IMG_0001.jpg")["occurred_at"] == "2026-01-01T00:00:00+00:00"
    files = {doc["name"]: doc for doc in work.store.state.docs("attachments")}
    assert files["IMG_0001.jpg"]["captured_at"] == "2025-03-16T16:05:12+08:00"


async def test_a_date_on_the_disk_that_no_calendar_has_gives_way_to_the_day_of_the_import(
    work: Workspace, tmp_path: Path
) -> None:
    path = laid(tmp_path / "card", "IMG_0001.jpg", PLAIN, datetime(2300, 1, 1, tzinfo=UTC).timestamp())
    if path.stat().st_mtime < datetime(2299, 1, 1, tzinfo=UTC).timestamp():
        pytest.skip("this disk holds no such date")
    await import_folder(work, tmp_path / "card")
    assert parse(entry_of(work, "IMG_0001.jpg")["occurred_at"]) == TODAY


# -- the clock


async def import_photo(work: Workspace, folder: Path) -> None:
    """A photo of a time to come by its name, its head, and its date on the disk."""
    data = photo(exif={0x9003: "2052:03:16 16:05:12"})
    laid(folder / "card", "IMG_20520316_160512.jpg", data, datetime(2052, 3, 16, tzinfo=UTC).timestamp())
    await import_folder(work, folder / "card")
    assert entry_of(work, "IMG_20520316_160512.jpg")["occurred_at"].startswith("2052")


async def import_rows(work: Workspace, folder: Path) -> None:
    path = laid(folder, "notes.csv", b"at,text\n2052-03-16T10:00,the sequel is announced\n")
    await import_csv(work, path)


async def import_peer(work: Workspace, _: Path) -> None:
    """What another device wrote, whose clock is a year ahead."""
    at = "2027-11-29T04:00:00+00:00"
    theirs = Entry(
        id="01950000-0000-7000-8000-00000000000b", occurred_at=at, created_at=at, text="from the other phone",
        device="their phone", created={"mono_ms": 5, "boot": "boot"},
    )  # fmt: skip
    await work.save([created(theirs, int(parse(at).timestamp() * 1000))])


@pytest.mark.parametrize("comes", [import_photo, import_rows, import_peer])
async def test_what_came_in_from_elsewhere_never_moves_the_next_note(
    work: Workspace, machine: Machine, clock: FakeClock, tmp_path: Path, comes: Any
) -> None:
    await comes(work, tmp_path)
    writing = await Writing.open(work)
    capture = Capture(work)
    assert last(work, capture, writing)["newest"] is None
    entry = await capture.note("lunch on the roof")
    assert (entry.when, entry.suspect, entry.precision) == (TODAY, False, "exact")
    assert work.store.state.date(entry.id) == "2026-11-29"
    assert last(work, capture, writing)["newest"] == int(TODAY.timestamp() * 1000)
    await work.close()
    clock.advance(minutes=30)
    clock.boot, clock.mono = "after a restart", timedelta(seconds=20)
    again = await open_study(machine, STUDY, write=True)
    entry = await Capture(again).note("after the restart")
    assert (entry.when, entry.suspect) == (TODAY + timedelta(minutes=30), False)
    await again.close()


async def test_a_clock_that_fell_back_is_still_seen_by_the_last_note_written_here(
    work: Workspace, machine: Machine, clock: FakeClock, tmp_path: Path
) -> None:
    for comes in (import_photo, import_rows, import_peer):
        await comes(work, tmp_path)
    await Capture(work).note("before the battery ran out")
    await work.close()
    clock.wall, clock.boot, clock.mono = datetime(2000, 1, 1, tzinfo=UTC), "another", timedelta(seconds=20)
    again = await open_study(machine, STUDY, write=True)
    entry = await Capture(again).note("after it")
    assert (entry.when, entry.suspect) == (TODAY + timedelta(milliseconds=1), True)
    assert entry.occurred["wall"].startswith("2000-01-01")
    await again.close()
