"""Where an archive may be written, and where not."""

from __future__ import annotations

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotFound, WrongPlace
from fieldlog.model.ports import Disk
from tests.fakes.worlds import World, night, sample, tree


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
