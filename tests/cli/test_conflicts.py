"""What was changed on two devices at once, in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from tests.cli.terminal import fieldlog, rows


async def reworded(data: Path, entry: str, text: str) -> None:
    work = await open_study(laptop(data), write=True)
    await Editing(work).reword(entry, text)
    await work.close()


@pytest.fixture
async def apart(data: Path, tmp_path: Path) -> str:
    """A note that was changed in two stores, which have met since; its id."""
    other, stick = tmp_path / "other", str(tmp_path / "stick")
    note = fieldlog(data, "log", "Wen waits in the van.").stdout.strip()
    for store in (data, other):
        assert fieldlog(store, "sync", stick).returncode == 0
    await reworded(data, note, "Wen waits in the fog.")
    await reworded(other, note, "温在雨里等。\nAlone.")
    for store in (data, other, data):
        assert fieldlog(store, "sync", stick).returncode == 0
    return note


async def test_each_is_listed_with_what_every_device_said(data: Path, apart: str) -> None:
    ran = fieldlog(data, "conflicts")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0].endswith(" · Words")
    assert lines[1].startswith("  another device, ")
    assert lines[2:4] == ["温在雨里等。", "Alone."]
    assert lines[4].startswith("  this device · ")
    assert lines[5:] == ["Wen waits in the fog.", "1 to settle"]


async def test_for_another_program_it_is_an_object_a_line(data: Path, apart: str) -> None:
    (row,) = rows(fieldlog(data, "conflicts", "--json"))
    versions = row.pop("versions")
    assert isinstance(versions, list)
    assert [(one["value"], one["here"]) for one in versions] == [
        ("温在雨里等。\nAlone.", False), ("Wen waits in the fog.", True),
    ]  # fmt: skip
    assert all(len(one["device"]) == 16 and one["at"] for one in versions)
    assert (row["record"], row["kind"], row["field"]) == (apart, "entry", "text")
    assert row["date"]


def test_where_nothing_is_to_settle_that_is_said(data: Path) -> None:
    fieldlog(data, "log", "one")
    assert fieldlog(data, "conflicts").stdout == "0 to settle\n"
    assert fieldlog(data, "conflicts", "--json").stdout == ""
