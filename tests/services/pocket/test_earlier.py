"""Two FieldLogs on one host name, and what lies under names that do not say whose it is: all in reach."""

from __future__ import annotations

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotFound
from fieldlog.services.machine.machine import addressed
from fieldlog.services.pocket.earlier import Roots
from tests.fakes.phone import Below

STUDY = "studies/01950000-0000-7000-8000-000000000001/journals/w/000001.jsonl"


def roots(disk: MemoryDisk, path: str = "/one/") -> Roots:
    """What the app at a path sees of the storage of its host name."""
    own = f"fieldlog{path.replace('/', '~')}"
    return Roots(
        own=Below(disk, own), earlier=Below(disk, "fieldlog"), page=Below(disk, "fieldlog-quick"),
        shared=Below(disk, "fieldlog-share"), path=path,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "fieldlog~"), ("/a/b/", "fieldlog~a~b~"), ("/~ann/x:y/", "fieldlog~%7Eann~x%3Ay~"), ("", "fieldlog~")],
)
def test_a_name_in_the_storage_carries_the_path(path: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDLOG_PLACE", path)
    assert addressed("fieldlog") == name


async def test_where_nothing_was_left_the_apps_own_store_is_opened_and_nothing_is_written() -> None:
    disk = MemoryDisk()
    assert await roots(disk).opens() == "own"
    assert await roots(disk).beside("own") is None
    assert not disk._medium.files


@pytest.mark.parametrize(
    "left", [f"fieldlog/{STUDY}", "fieldlog-quick/inbox.log", "fieldlog-quick/x.pcm", "fieldlog-share/1/meta.json"]
)
async def test_whatever_an_earlier_version_left_is_asked_about_until_somebody_says_whose_it_is(left: str) -> None:
    disk = MemoryDisk()
    await disk.replace(left, b"words")
    for _ in range(2):
        assert await roots(disk).opens() == "ask"
    assert set(disk._medium.files) == {left}


async def test_it_belongs_to_the_first_that_takes_it_and_stays_where_it_is() -> None:
    disk = MemoryDisk()
    await disk.replace(f"fieldlog/{STUDY}", b"words")
    one, two = roots(disk), roots(disk, "/two/")
    await one.choose(take=True)
    assert (await one.opens(), await two.opens()) == ("earlier", "own")
    assert (await one.beside("earlier"), await two.beside("own")) == (None, None)
    with pytest.raises(NotFound):
        await two.choose(take=True)
    assert await disk.read(f"fieldlog/{STUDY}") == b"words"
    assert not any(path.startswith("fieldlog~two~") for path in disk._medium.files)


async def test_who_begins_apart_can_go_to_it_later_and_back() -> None:
    disk = MemoryDisk()
    await disk.replace(f"fieldlog/{STUDY}", b"words")
    one = roots(disk)
    await one.choose(take=False)
    assert (await one.opens(), await one.beside("own")) == ("own", "earlier")
    await disk.replace(f"fieldlog~one~/{STUDY}", b"begun here")
    assert (await one.opens(), await one.beside("own")) == ("own", "earlier")
    await one.choose(take=True)
    assert (await one.opens(), await one.beside("earlier")) == ("earlier", "own")
    assert await roots(disk, "/two/").opens() == "own"
    await one.choose(take=False)
    assert (await one.opens(), await one.beside("own")) == ("own", "earlier")
    assert await roots(disk, "/two/").opens() == "ask"
    assert await disk.read(f"fieldlog/{STUDY}") == b"words"


async def test_who_begun_under_its_own_name_before_is_not_asked_and_finds_the_other_beside() -> None:
    disk = MemoryDisk()
    await disk.replace(f"fieldlog/{STUDY}", b"words")
    await disk.replace(f"fieldlog~one~/{STUDY}", b"begun here")
    assert (await roots(disk).opens(), await roots(disk).beside("own")) == ("own", "earlier")
