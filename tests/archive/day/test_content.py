"""The data list, the names of files, and what makes a day be written anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldlog.archive.day import data_list
from fieldlog.archive.day.content import fingerprint, gather
from fieldlog.archive.day.csv_sheets import read_sheet
from fieldlog.archive.day.data_list import words
from fieldlog.archive.day.media_files import media_files
from fieldlog.archive.names import day_folder
from fieldlog.model.op import Op, stamp
from fieldlog.model.ports import Disk
from tests.fakes.worlds import STUDY, World, night, record, sample, tree

NEXT = record("entry", "next")


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


@given(st.text(), st.text())
@example("Unit B, day 14 of the long night block", "tar.gz.backup.old.x" * 9)
@example("拍摄日", "")
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
        lambda: world.ops.append(
            Op(
                u="elsewhere",
                t=stamp(1741000000000, 0, "w2"),
                r="entry",
                e=record("entry", "asked"),
                k="erase",
                v=at,
            )
        ),
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
