"""A copy that lies in Downloads is offered once, and only where it is of this study."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle, told_of
from fieldlog.services.incoming import downloads
from fieldlog.services.incoming.downloads import CALLED_SO, arrived, leave
from fieldlog.services.machine.machine import in_place
from fieldlog.services.study.device import Device
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone

STUDY, OTHER = "01950000-0000-7000-8000-000000000001", "01950000-0000-7000-8000-000000000002"
NAME = "Rain-2025-03-16-2130.zip"


@pytest.fixture
def phone() -> Phone:
    return Phone(FakeClock())


@pytest.fixture
async def work(phone: Phone) -> AsyncIterator[Workspace]:
    opened = await open_study(phone.machine, STUDY, write=True)
    await Capture(opened).begin(title="Rain")
    yield opened
    await opened.close()


async def look(phone: Phone, folder: Path, study: str = STUDY) -> Path | None:
    """As at a start: what is remembered is read from the disk."""
    return await arrived(await Device.load(phone.machine), folder, study, in_place)


async def copied(work: Workspace, path: Path, at: int = 1_742_000_000) -> Path:
    await make_bundle(work, path)
    os.utime(path, (at, at))
    return path


async def test_a_copy_of_this_study_is_offered_until_it_is_left(
    phone: Phone, work: Workspace, tmp_path: Path
) -> None:
    assert await look(phone, tmp_path) is None
    path = await copied(work, tmp_path / NAME)
    assert await look(phone, tmp_path) == path
    assert await look(phone, tmp_path) == path
    assert await look(phone, tmp_path, OTHER) is None
    await leave(await Device.load(phone.machine), path)
    assert await look(phone, tmp_path) is None


async def test_it_is_opened_once_whatever_it_is(
    phone: Phone, work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = list[Path]()

    def counted(path: Path) -> Any:
        opened.append(path)
        return told_of(path)

    monkeypatch.setattr(downloads, "told_of", counted)
    path = await copied(work, tmp_path / NAME)
    for _ in range(3):
        await look(phone, tmp_path)
    assert opened == [path]
    foreign = tmp_path / "FieldLog-holiday.zip"
    foreign.write_bytes(b"no ZIP at all")
    for _ in range(3):
        assert await look(phone, tmp_path) is None, "only the newest is looked at"
    assert opened == [path, foreign]
    foreign.write_bytes(b"another one of that name")
    await look(phone, tmp_path)
    assert opened == [path, foreign, foreign]


async def test_of_two_the_newer_is_offered(phone: Phone, work: Workspace, tmp_path: Path) -> None:
    older = await copied(work, tmp_path / NAME)
    newer = await copied(work, tmp_path / "Rain-2025-03-17-2130.zip", at=1_743_000_000)
    assert await look(phone, tmp_path) == newer
    newer.unlink()
    assert await look(phone, tmp_path) == older


async def test_what_has_not_come_whole_yet_and_what_is_called_otherwise_is_not_looked_at(
    phone: Phone, work: Workspace, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(b"")
    (tmp_path / f"folder-{NAME}").mkdir()
    await copied(work, tmp_path / "photos.zip")
    assert await look(phone, tmp_path) is None
    assert await look(phone, tmp_path / "no folder") is None
    assert "downloads" not in (await Device.load(phone.machine)).preferences


@pytest.mark.parametrize(
    ("name", "is_called_so"),
    [
        (NAME, True),
        ("竖屏的日子-2025-03-16-2130.zip", True),
        ("Rain-2025-03-16-2130-2.zip", True),
        ("Rain-2025-03-16-2130 (1).ZIP", True),
        ("FieldLog-2025-03-16.zip", True),
        ("FieldLogs.zip", False),
        ("Rain-2025-03-16.zip", False),
        ("Rain-2025-03-16-2130.zip.crdownload", False),
    ],
)
def test_what_a_copy_is_called(name: str, is_called_so: bool) -> None:
    assert bool(CALLED_SO.fullmatch(name)) == is_called_so
