"""Folders and single files come in: what is there is taken, what a system keeps for itself is not."""

from __future__ import annotations

import json
from pathlib import Path

from fieldlog.services.imports.imports import import_file, import_folder, import_month, month_in
from fieldlog.services.imports.in_a_folder import is_medium
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.journal import chunks
from tests.fakes.clock import FakeClock, machine_of
from tests.month.scaled import BASE

WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80>\0\0\0}\0\0\x02\0\x10\0data\0\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


async def test_a_name_as_long_as_a_disk_can_hold_is_taken_and_what_comes_after_it(
    work: Workspace, tmp_path: Path
) -> None:
    long = tmp_path / ("夜" * 83 + ".jpg")
    long.write_bytes(JPEG)
    (tmp_path / "魔.txt").write_text("after it", encoding="utf-8")
    done = await import_folder(work, tmp_path)
    assert (done.new["entry"], done.problems) == (2, [])
    assert long.name in done.verdicts


async def test_what_a_system_keeps_in_a_folder_is_passed_over_and_counted(work: Workspace, tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "._IMG_1.jpg", "__MACOSX/IMG_1.jpg", "desktop.ini"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(JPEG + name.encode())
    (tmp_path / "IMG_1.jpg").write_bytes(JPEG)
    done = await import_folder(work, tmp_path)
    assert (done.new["entry"], done.passed_over, list(done.verdicts)) == (1, 5, ["IMG_1.jpg"])


async def test_a_sidecar_that_cannot_be_read_holds_no_file_up(work: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    (tmp_path / "a.jpg.json").write_text("{", encoding="utf-8")
    (tmp_path / "b.jpg").write_bytes(JPEG + b"b")
    (tmp_path / "b.jpg.json").write_text("[]", encoding="utf-8")
    done = await import_folder(work, tmp_path)
    assert done.new["entry"] == 2
    assert "a.jpg.json cannot be read as JSON" in done.problems[0]


async def test_a_file_that_cannot_be_read_is_named_and_the_next_is_taken(work: Workspace, tmp_path: Path) -> None:
    # Nobody can read what lies at address 0, root neither.
    (tmp_path / "a.jpg").symlink_to("/proc/self/mem")
    (tmp_path / "b.jpg").write_bytes(JPEG + b"b")
    done = await import_folder(work, tmp_path)
    assert (done.new["entry"], "a.jpg cannot be read" in done.problems[0]) == (1, True)


async def test_one_photo_or_recording_is_taken_as_from_a_folder(work: Workspace, tmp_path: Path) -> None:
    photo = tmp_path / "IMG_20250316_160512.jpg"
    photo.write_bytes(JPEG)
    (entry,) = [doc for _ in [await import_file(work, photo)] for doc in work.store.state.entries()]
    assert (entry["kind"], entry["occurred_at"][:19]) == ("photo", "2025-03-16T16:05:12")
    again = await import_folder(work, tmp_path)
    assert (again.new.total(), again.same) == (0, 1)


def test_a_medium_is_known_by_what_it_holds(tmp_path: Path) -> None:
    for name, data, medium in (
        ("memo.m4a", b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42\x00\x00\x00\x08free", True),
        ("a.jpg", JPEG, True), ("a.wav", WAV, True), ("call sheet.pdf", b"%PDF-1.4\n", True),
        ("notes.csv", b"BM,text,at\n", False), ("notes.CSV", "文字".encode("gbk"), False),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        assert is_medium(tmp_path / name) == medium, name


def test_a_folder_with_a_month_file_is_that_month(tmp_path: Path) -> None:
    assert month_in(BASE.parent) is None or month_in(BASE.parent) == BASE
    (tmp_path / "Month.JSON").write_text(json.dumps({}), encoding="utf-8")
    assert month_in(tmp_path) == tmp_path / "Month.JSON"
    assert month_in(tmp_path / "Month.JSON") is None


async def test_a_private_note_of_a_month_lies_in_the_lane_that_never_leaves() -> None:
    machine = machine_of(FakeClock())
    done = await import_month(machine, sample_month())
    work = await open_study(machine, done.study, write=True)
    private = {doc["text"] for doc in work.store.state.entries() if doc["note_type"] == "PN"}
    own = work.store.own_writers
    team, mine = [
        b"".join([piece async for piece in chunks(work.store.disk, own[lane])]).decode()
        for lane in ("team", "mine")
    ]
    assert private
    for text in private:
        said = json.dumps(text, ensure_ascii=False)
        assert (said in team, said in mine) == (False, True)
    await work.close()
