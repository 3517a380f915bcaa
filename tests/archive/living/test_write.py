"""Writing the archive: what is touched, what is left alone, and that the bytes depend on the state only."""

from __future__ import annotations

import random
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fieldlog.archive.living import tree as archive_tree
from fieldlog.archive.living.verify import verify
from fieldlog.archive.living.write import write
from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.entry import Attachment
from fieldlog.model.errors import MissingFile
from fieldlog.model.ids import day_id
from fieldlog.model.ports import Disk
from fieldlog.model.state import State
from tests.fakes.failing import DyingDisk
from tests.fakes.months import HeldJournals, HeldMedia, here, wav
from tests.fakes.worlds import MORROW, NIGHT, STUDY, World, fresh, night, record, sample, tree

MEMO = f"days/{NIGHT}/audio/{NIGHT}_020000_memo-01.wav"
PHOTO = f"days/{NIGHT}/photos/{NIGHT}_020030_photo-01.jpg"


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


@pytest.mark.parametrize("seed", range(5))
async def test_the_order_of_folding_does_not_change_a_byte(seed: int, tmp_path: Path) -> None:
    world = sample(40) if seed == 0 else night()
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
    for path in (f"days/{NIGHT}/{NIGHT}_notes.md", PHOTO, "README.md", "data-list.csv", "log/w1.jsonl"):
        whole = await disk.read(path)
        for left in (b"", whole[:-1], whole[: whole.rfind(b"\n") + 1]):
            await disk.replace(path, left)
            await world.written(disk)
            assert await disk.read(path) == whole
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


@pytest.fixture(params=[4, 1 << 22], ids=["streamed", "from memory"])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How large a file may be to go through memory: the same must come of it either way."""
    monkeypatch.setattr(archive_tree, "AT_ONCE_BYTES", request.param)


@pytest.mark.usefixtures("at_once")
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


async def test_a_stop_is_obeyed_and_the_next_run_goes_on(disk: Disk) -> None:
    world, asked = night(), iter([False] * 9)
    stopped = await world.written(disk, cancelled=lambda: next(asked, True))
    assert not stopped.finished
    assert (await world.written(disk)).finished
    assert await tree(disk) == await tree(await fresh(world))


# -- large media, which do not go through memory


class Breaking(HeldMedia):
    """A vault that loses a file while it is being read."""

    async def chunks(self, pieces: tuple[Attachment, ...]) -> AsyncIterator[bytes]:
        async for data in super().chunks(pieces):
            yield data[: len(data) // 2]
            raise MissingFile(str(pieces[0].sha256))


@pytest.mark.usefixtures("at_once")
async def test_media_come_whole_or_not_at_all(disk: Disk) -> None:
    world = night()
    sha = next(sha for sha, data in world.files.items() if data.endswith(b"photo"))
    for media in (Breaking(world.files), HeldMedia({**world.files, sha: b"a rotten photo"})):
        written = await world.written(disk, media=media)
        assert PHOTO in {*written.missing, *written.damaged}
        assert not [path for path in await tree(disk) if path.startswith(PHOTO)]
        assert await verify(disk) == []
    await world.written(disk)
    assert await tree(disk) == await tree(await fresh(world))


async def test_a_photo_that_two_entries_name_is_one_file(disk: Disk) -> None:
    world = night()
    world.note("again", "2025-03-17T03:00:00+08:00", "The same.", attachments=[record("attachment", "photo")])
    await world.written(disk)
    photos = [path for path in await tree(disk) if "/photos/" in path]
    assert photos == [PHOTO]
    assert (await disk.read(f"days/{NIGHT}/{NIGHT}_notes.md")).count(b"- [photos/") == 2
