"""Writing the archive: what is touched, what is left alone, and that the bytes depend on the state only."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.archive import data_list
from fieldlog.archive.content import fingerprint, gather
from fieldlog.archive.data_list import words
from fieldlog.archive.media import media_files
from fieldlog.archive.names import day_folder
from fieldlog.archive.sheets import read_sheet
from fieldlog.archive.verify import verify
from fieldlog.archive.write import write
from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.errors import NotFound, WrongPlace
from fieldlog.model.ids import day_id
from fieldlog.model.ports import Disk
from fieldlog.model.state import State
from tests.archive.failing import DyingDisk
from tests.archive.months import HeldJournals, HeldMedia, here, wav
from tests.archive.worlds import MORROW, NIGHT, STUDY, World, night, record, sample, tree

MEMO = f"days/{NIGHT}/audio/{NIGHT}_020000_memo-01.wav"
NEXT = record("entry", "next")
PHOTO = f"days/{NIGHT}/photos/{NIGHT}_020030_photo-01.jpg"


@pytest.fixture(params=["memory", "posix"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return MemoryDisk() if request.param == "memory" else PosixDisk(tmp_path / "archive")


async def test_the_archive_is_laid_out_by_production_day(disk: Disk) -> None:
    written = await night().written(disk)
    assert written.days_written == (NIGHT, MORROW)
    assert written.finished
    assert not (written.foreign or written.missing or written.damaged)
    files = {path for path, data in (await tree(disk)).items() if data is not None}
    days = {path for path in files if path.startswith(f"days/{MORROW}/")}
    assert days == {
        f"days/{MORROW}/{name}"
        for name in (
            f"{MORROW}_notes.md", f"{MORROW}_notes.txt", f"{MORROW}_observations.csv", f"{MORROW}.json",
            "manifest-sha256.txt",
        )
    }  # fmt: skip
    top = {path for path in files if "/" not in path}
    assert top == {"README.md", "data-list.csv", "manifest-sha256.txt"}
    assert {path for path in files if path.startswith("log/")} == {"log/w1.jsonl", "log/w2.jsonl"}


async def test_sha256sum_agrees_with_every_manifest(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    await sample(50).written(PosixDisk(tmp_path))
    folders = [tmp_path, *sorted((tmp_path / "days").iterdir())]
    assert len(folders) > 25
    for folder in folders:
        assert sums_fit(tool("sha256sum"), folder)
    (folders[3] / f"{folders[3].name}_notes.txt").write_bytes(b"other words\n")
    for folder in (tmp_path, folders[3]):
        assert not sums_fit(tool("sha256sum"), folder)


def sums_fit(sha256sum: Path, folder: Path) -> bool:
    check = [str(sha256sum), "--check", "--strict", "--quiet", "manifest-sha256.txt"]
    return subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0


async def test_the_log_is_the_journal_unchanged(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    assert await disk.read("log/w1.jsonl") == world.journals().lines["w1"]


async def test_segments_of_a_memo_are_one_file_and_a_single_file_is_as_it_was(disk: Disk) -> None:
    await night().written(disk)
    parts = b"".join(bytes([n, 0]) * 1600 for n in (1, 2, 3))
    assert await disk.read(MEMO) == wav(parts)
    assert await disk.read(PHOTO) == b"\xff\xd8 a photo"


async def test_nothing_changed_nothing_is_touched_and_no_day_is_read() -> None:
    world, inner = night(), MemoryDisk()
    await world.written(inner)
    disk, media = DyingDisk(inner), world.media()
    written = await world.written(disk, media=media)
    assert (written.days_written, written.kept_days) == ((), (NIGHT, MORROW))
    assert (disk.changed, written.files_written, media.asked) == ([], 0, [])
    read = {path for path in disk.was_read if path.startswith("days/")}
    assert read == {
        f"days/{day}/{name}" for day in (NIGHT, MORROW) for name in (f"{day}.json", "manifest-sha256.txt")
    }
    assert disk.bytes_read <= 3 * 2048 + (1 << 20)


async def test_one_changed_note_touches_one_folder() -> None:
    world, inner = night(), MemoryDisk()
    await world.written(inner)
    world.reworded("dusk", "Lamps on, then off.")
    disk, media = DyingDisk(inner), world.media()
    written = await world.written(disk, media=media)
    assert (written.days_written, written.kept_days) == ((NIGHT,), (MORROW,))
    assert media.asked == []
    start = f"days/{NIGHT}/"
    assert {path for path in disk.changed if path.startswith("days/")} == {
        f"{start}manifest-sha256.txt.new", f"{start}manifest-sha256.txt", f"{start}{NIGHT}.json",
        f"{start}{NIGHT}_notes.md", f"{start}{NIGHT}_notes.txt", f"{start}{NIGHT}_observations.csv",
    }  # fmt: skip
    assert "README.md" not in disk.changed
    assert await tree(inner) == await tree(await fresh(world))


async def fresh(world: World) -> Disk:
    disk = MemoryDisk()
    await world.written(disk)
    return disk


@pytest.mark.parametrize("seed", range(5))
async def test_the_order_of_folding_does_not_change_a_byte(seed: int, tmp_path: Path) -> None:
    world = night()
    shuffled = world.then()
    random.Random(seed).shuffle(shuffled.ops)
    parts, disk = State(), PosixDisk(tmp_path)
    for at in range(0, len(shuffled.ops), 7):
        parts.apply(shuffled.ops[at : at + 7])
    await write(disk, parts, world.journals(), world.media(), offload=here)
    assert await tree(disk) == await tree(await fresh(world))


async def test_a_step_by_step_archive_is_the_one_written_at_once(disk: Disk) -> None:
    whole = night()
    for cut in range(8, len(whole.ops), 5):
        part = World(whole.ops[:cut], whole.files)
        await part.written(disk)
        assert await verify(disk) == []
    await whole.written(disk)
    assert await tree(disk) == await tree(await fresh(whole))


async def test_a_day_with_another_number_moves_and_nothing_of_the_old_stays(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    made = next(op.u for op in world.ops if op.e == day_id(STUDY, "2025-03-16"))
    world.do("set", "day", day_id(STUDY, "2025-03-16"), {"code": "PD13 B"}, {"code": [made]})
    written = await world.written(disk)
    assert written.removed_days == (NIGHT,)
    assert written.days_written == ("2025-03-16_pd13-b",)
    assert await tree(disk) == await tree(await fresh(world))


async def test_a_gone_days_media_are_taken_over_where_the_vault_has_lost_them(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    whole = world.then()
    world.files.clear()
    made = next(op.u for op in world.ops if op.e == day_id(STUDY, "2025-03-16"))
    for one in (world, whole):
        one.do("set", "day", day_id(STUDY, "2025-03-16"), {"code": "PD13"}, {"code": [made]})
    assert (await world.written(disk)).missing == ()
    assert await tree(disk) == await tree(await fresh(whole))


async def test_a_removed_photo_leaves_no_file_and_no_folder(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    made = next(op.u for op in world.ops if op.e == record("entry", "pictures"))
    world.do("del", "entry", record("entry", "pictures"), {}, {"*": [made]})
    await world.written(disk)
    assert not [path for path in await tree(disk) if "photo" in path]
    assert await tree(disk) == await tree(await fresh(world))


async def test_foreign_files_are_named_and_never_touched(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    strange = {
        "mine.txt": b"x", f"days/{NIGHT}/my own.docx": b"y", f"days/{NIGHT}/audio/cut.wav": b"z",
        "days/notes.md": b"w", "days/2025-03-16_pd14-old/copy.md": b"v", "log/other.txt": b"u",
    }  # fmt: skip
    for path, data in strange.items():
        await disk.replace(path, data)
    copy = await disk.read(f"days/{NIGHT}/manifest-sha256.txt")
    await disk.replace("days/2025-03-16_pd14-old/manifest-sha256.txt", copy)
    made = next(op.u for op in world.ops if op.e == day_id(STUDY, "2025-03-16"))
    world.do("set", "day", day_id(STUDY, "2025-03-16"), {"code": "PD99"}, {"code": [made]})
    written = await world.written(disk)
    assert set(written.foreign) == {*strange, "days/2025-03-16_pd14-old/manifest-sha256.txt"}
    for path, data in strange.items():
        assert await disk.read(path) == data
    assert {fault.path for fault in await verify(disk)} == set(written.foreign)


async def test_missing_media_are_named_and_come_with_a_later_run(disk: Disk) -> None:
    world = night()
    held = dict(world.files)
    world.files.clear()
    written = await world.written(disk)
    assert MEMO in written.missing
    assert PHOTO in written.missing
    assert await verify(disk) == []
    again = await world.written(disk)
    assert (again.days_written, again.files_written) == ((), 0)
    assert again.missing == written.missing
    world.files = held
    assert (await world.written(disk)).days_written == (NIGHT,)
    assert await tree(disk) == await tree(await fresh(world))


async def test_bytes_that_are_not_the_recorded_ones_are_a_fault_and_no_crash(disk: Disk) -> None:
    world = night()
    sha = next(sha for sha, data in world.files.items() if data.endswith(b"photo"))
    media = HeldMedia({**world.files, sha: b"rotten"})
    written = await world.written(disk, media=media)
    assert (written.damaged, written.missing) == ((PHOTO,), ())
    assert await disk.size(PHOTO) is None
    assert await verify(disk) == []
    await world.written(disk)
    assert await tree(disk) == await tree(await fresh(world))


async def test_a_file_cut_short_is_noticed_and_written_again(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    for path in (f"days/{NIGHT}/{NIGHT}_notes.md", PHOTO, "README.md", "data-list.csv"):
        await disk.replace(path, b"")
        await world.written(disk)
        assert await verify(disk) == []


async def test_a_day_asked_for_again_is_mended_wherever_it_was_changed(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    for path in (f"days/{NIGHT}/{NIGHT}.json", PHOTO, MEMO, "log/w1.jsonl"):
        data = await disk.read(path)
        await disk.replace(path, data[:-1] + bytes([data[-1] ^ 1]))
    assert len(await verify(disk)) == 4
    await world.written(disk, again=["2025-03-16"])
    assert await verify(disk) == []
    assert await tree(disk) == await tree(await fresh(world))


async def test_a_damaged_manifest_has_its_day_written_again(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    path = f"days/{NIGHT}/manifest-sha256.txt"
    await disk.replace(path, (await disk.read(path))[:100])
    assert (await world.written(disk)).days_written == (NIGHT,)
    assert await tree(disk) == await tree(await fresh(world))


async def test_a_writers_journal_that_may_not_be_here_goes(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    only = HeldJournals({"w1": world.journals().lines["w1"]})
    await write(disk, world.state(), only, world.media(), offload=here)
    assert await disk.size("log/w2.jsonl") is None
    assert await verify(disk) == []


# -- where an archive may be written


async def test_another_studys_archive_is_refused(disk: Disk) -> None:
    await night().written(disk)
    before = await tree(disk)
    with pytest.raises(WrongPlace, match="another study"):
        await sample().written(disk)
    assert await tree(disk) == before
    await disk.remove("README.md")
    with pytest.raises(WrongPlace, match="another study"):
        await sample().written(disk)
    await night().written(disk)
    assert await tree(disk) == before


async def test_a_folder_with_other_things_is_refused_and_an_empty_one_taken(disk: Disk) -> None:
    await disk.replace(".DS_Store", b"")
    await night().written(disk)
    other = MemoryDisk()
    await other.replace("thesis.docx", b"...")
    with pytest.raises(WrongPlace, match="not empty"):
        await night().written(other)
    assert list(await tree(other)) == ["thesis.docx"]
    await other.replace("README.md", b"# Someone else's\n")
    with pytest.raises(WrongPlace, match="not empty"):
        await night().written(other)


async def test_a_store_without_a_study_has_no_archive() -> None:
    with pytest.raises(NotFound):
        await World().written(MemoryDisk())


async def test_a_stop_is_obeyed_and_the_next_run_goes_on(disk: Disk) -> None:
    world, asked = night(), iter([False] * 9)
    stopped = await world.written(disk, cancelled=lambda: next(asked, True))
    assert not stopped.finished
    assert (await world.written(disk)).finished
    assert await tree(disk) == await tree(await fresh(world))


# -- the data list and names


async def test_the_data_list_has_a_row_for_every_file_of_the_days(disk: Disk) -> None:
    world = sample(60)
    await world.written(disk)
    rows = {
        row[0]: dict(zip(data_list.HEAD, row, strict=True)) for row in read_sheet(await disk.read("data-list.csv"))
    }
    files = await tree(disk)
    assert set(rows) == {path for path, data in files.items() if path.startswith("days/") and data is not None}
    assert {row["kind"] for row in rows.values()} == {"notes", "audio", "photo", "document"}
    listed = dict(
        line.split("  ")[::-1] for line in (await disk.read("manifest-sha256.txt")).decode().splitlines()
    )
    assert {path: row["sha256"] for path, row in rows.items()} == {path: listed[path] for path in rows}


async def test_rows_kept_from_before_are_the_rows_written_anew(disk: Disk) -> None:
    world = night()
    await world.written(disk)
    kept = await disk.read("data-list.csv")
    await disk.remove("data-list.csv")
    await world.written(disk)
    assert await disk.read("data-list.csv") == kept


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("Lamps on.", 2), ("再来一条，过。", 7), ("第3条 OK", 4), ("  \n ", 0)]
)
def test_words_are_counted_in_both_scripts(text: str, count: int) -> None:
    assert words(text) == count


@given(st.text(), st.text(max_size=20))
def test_names_stay_plain_whatever_the_call_sheet_and_the_phone_called_them(code: str, extension: str) -> None:
    world = World()
    world.new("study", "", title="x", default_tz="Asia/Shanghai")
    world.new("day", "", date="2025-03-16", code=code, starts="2025-03-16T08:00:00+08:00")
    photo = world.file("p", b"p", kind="photo", extension=extension)
    world.note("n", "2025-03-16T09:00:00+08:00", attachments=[photo])
    content = gather(world.state(), "2025-03-16")
    name = media_files(content)[0].path.split("/")[1]
    for part in (name, day_folder("2025-03-16", {"code": code})):
        assert len(part) <= 64
        assert set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")


def test_the_fingerprint_changes_with_whatever_the_day_shows() -> None:
    world = night()
    prints = {fingerprint(gather(world.state(), "2025-03-16"))}
    at = {"occurred_at": "2025-03-16T22:05:00+08:00"}
    changes: list[Callable[[], object]] = [
        lambda: world.reworded("dusk", "Other."),
        lambda: world.do("set", "person", record("person", "P02"), {"pseudonym": "Lin"}),
        lambda: world.do("set", "session", record("session", "park"), {"title": "Lot"}),
        lambda: world.do(
            "erase", "entry", record("entry", "abroad"), {"occurred_at": "2025-03-16T18:15:00+01:00"}
        ),
        lambda: world.do("erase", "entry", record("entry", "asked"), at),
        lambda: world.do("set", "attachment", record("attachment", "photo"), {"caption": "Lamp"}),
        lambda: world.do("set", "study", STUDY, {"default_tz": "Asia/Tokyo"}),
        lambda: world.new(
            "link", "b", source=record("entry", "next"), target=record("entry", "dusk"), rel="about"
        ),
    ]
    for change in changes:
        change()
        now = fingerprint(gather(world.state(), "2025-03-16"))
        assert now not in prints
        prints.add(now)
    world.do("set", "person", record("person", "P14"), {"pseudonym": "Nobody there"})
    assert fingerprint(gather(world.state(), "2025-03-16")) in prints
