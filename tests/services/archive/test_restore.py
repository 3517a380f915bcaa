"""A restore tells how far it is, can be stopped, and goes on; archives that lie near are found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fieldlog.model.errors import Cancelled
from fieldlog.services.archive.restore import archives_near, restore
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import LEAVES, begun, open_study, studies
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone, texts

STUDY = "01950000-0000-7000-8000-000000000001"


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Path]:
    """An archive of a study with two files, where FieldLog proposes to write it."""
    work = await open_study(Phone(FakeClock(), number=2).machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin(title="Rain")
    for n in range(2):
        await capture.file(Bytes(name=f"{n}.bin", data=bytes([n]) * 1000), text=f"file {n}")
    folder = tmp_path / "FieldLog" / "Rain" / "archive"
    folder.parent.mkdir(parents=True)
    await write_archive(work, folder)
    yield folder
    await work.close()


async def test_it_tells_bytes_and_of_which_study_it_is(archive: Path, phone: Phone) -> None:
    told = list[tuple[int, int]]()
    done = await restore(phone.machine, archive, tell=lambda *at: told.append(at))
    assert (done.study, done.files, done.problems) == (STUDY, 2, ())
    assert told == [(1000, 2000), (2000, 2000)]


async def test_stopped_it_is_no_study_yet_and_goes_on_from_the_same_folder(archive: Path, phone: Phone) -> None:
    desk = await Desk.open(phone.machine)
    with pytest.raises(Cancelled, match="not here yet"):
        await desk.restore(archive, cancelled=lambda: True)
    assert desk.work is None
    assert await begun(phone.machine) == []
    await desk.close()
    again = await Desk.open(phone.machine)
    assert again.work is None
    done = await again.restore(archive)
    assert (done.files, done.problems) == (1, ()), "one had come before the stop"
    assert texts(again) == ["file 0", "file 1"]
    await again.close()


async def test_what_is_left_of_a_removed_study_is_no_study_that_is_here(archive: Path, phone: Phone) -> None:
    await restore(phone.machine, archive)
    await phone.machine.disk_at(f"studies/{STUDY}").replace(LEAVES, b"{}\n")
    with pytest.raises(Cancelled):
        await restore(phone.machine, archive, cancelled=lambda: True)
    assert await begun(phone.machine) == [], "of what was removed nothing is left, and nothing has come yet"
    done = await restore(phone.machine, archive)
    assert (done.study, done.problems) == (STUDY, ())
    assert await studies(phone.machine) == [STUDY]


async def test_archives_that_lie_where_they_are_proposed_are_found(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "FieldLog" / "Other" / "copies").mkdir(parents=True)
    assert await archives_near(tmp_path / "FieldLog") == [archive]
    assert await archives_near(tmp_path / "nowhere") == []
