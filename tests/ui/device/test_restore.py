"""A study comes back from an archive's folder: typed, or found where FieldLog proposes to write it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fieldlog.services.archive.write import write_archive
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone, texts

DRAWN = 0.5


@pytest.fixture
async def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive where it is proposed to lie."""
    monkeypatch.setenv("HOME", str(tmp_path))
    theirs = await Phone(number=2).begun("Rain")
    assert theirs.work
    assert theirs.capture
    await theirs.capture.note("灯还没好")
    folder = tmp_path / "FieldLog" / "Rain" / "archive"
    folder.parent.mkdir(parents=True)
    await write_archive(theirs.work, folder)
    await theirs.close()
    return folder


@pytest.fixture
async def fresh() -> AsyncIterator[Desk]:
    opened = await Desk.open(Phone().machine)
    yield opened
    await opened.close()


def texts_here(desk: Desk) -> list[str]:
    """What the entries of the open study say; nothing where none is open."""
    return texts(desk) if desk.work else []


async def asked(seen: Seen, folder: str) -> None:
    await seen.go("/welcome/restore")
    await seen.type("restore-folder", folder)
    await seen.tap("restore-go")
    await seen.drawn(DRAWN)


async def test_a_folder_is_typed_and_the_newest_day_is_shown(archive: Path, fresh: Desk) -> None:
    async with a_window(fresh, width=1280, height=800) as seen:
        await seen.tap("welcome-restore")
        await asked(seen, str(archive))
        assert texts(fresh) == ["灯还没好"]
        assert seen.journeys.rows.landing._asked == "/days/PD01"
        await seen.go("/days/PD01")
        assert "Restored: " in seen.words()
        assert "灯还没好" in seen.words()
        assert not seen.crashed


async def test_one_that_lies_where_it_is_proposed_is_a_tap_away(archive: Path, fresh: Desk) -> None:
    async with a_window(fresh, width=1280, height=800) as seen:
        await seen.go("/welcome/restore")
        await seen.drawn(DRAWN)
        assert str(archive) in seen.words()
        await seen.tap("restore-near-0")
        await seen.drawn(DRAWN)
        assert texts(fresh) == ["灯还没好"]


async def test_what_is_no_archive_and_what_is_here_already_gets_a_sentence(archive: Path, fresh: Desk) -> None:
    async with a_window(fresh, width=1280, height=800) as seen:
        await asked(seen, str(archive / "nowhere"))
        assert "There is no folder" in seen.words()
        await asked(seen, str(archive.parent))
        assert "Restored" not in seen.words()
        assert seen.journeys.device.restoring.long.state.said
        assert texts_here(fresh) == []
        await asked(seen, str(archive))
        assert texts_here(fresh) == ["灯还没好"]
        await asked(seen, str(archive))
        assert "This study is in this store already." in seen.words()
        assert not seen.crashed


async def test_what_is_lost_is_named_before_the_study_is_opened(tmp_path: Path, fresh: Desk) -> None:
    theirs = await Phone(number=2).begun("Rain")
    assert theirs.work
    assert theirs.capture
    await theirs.capture.file(Bytes(name="sheet.csv", data=b"Scene,34-2\n"))
    await write_archive(theirs.work, tmp_path / "archive")
    await theirs.close()
    files = [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]
    (sheet,) = [path for path in files if path.read_bytes() == b"Scene,34-2\n"]
    sheet.write_bytes(b"another")
    async with a_window(fresh, width=1280, height=800) as seen:
        await asked(seen, str(tmp_path / "archive"))
        assert "Restored: " in seen.words()
        assert "archive-fault-0" in seen.tags()
        await seen.tap("restore-open")
        assert seen.journeys.rows.landing._asked == "/days"


async def test_in_a_browser_without_folders_it_is_not_offered_but_a_backup_is(fresh: Desk) -> None:
    async with a_window(fresh) as seen:
        assert "welcome-restore" in seen.tags()
        seen.journeys.archive.outbox.doorway = object()  # type: ignore[assignment]
        await seen.go("/device")
        await seen.go("/welcome")
        assert {"welcome-restore", "welcome-bring-in"} & seen.tags().keys() == {"welcome-bring-in"}
