"""What every target keeps. A test of a target takes it in and has a fixture `target`, an empty one:

class TestFolder(TargetContract):
    @pytest.fixture
    async def target(self) -> AsyncIterator[Target]:
        yield FolderTarget(MemoryDisk())
"""

from __future__ import annotations

from random import Random

import pytest

from fieldlog.sync.target import NotThere, Target

SEGMENT = "log/a1b2c3d4e5f60718/1-2-9-0123456789abcdef.jsonl"
BRANCH = "log/a1b2c3d4e5f60718~0123456789abcdef/1-2-9-0123456789abcdef.jsonl"
HEAD = "head/a1b2c3d4e5f60718.json"
PART_BYTES = 8 << 20


async def whole(target: Target, name: str, start: int = 0) -> bytes:
    pieces = [piece async for piece in target.read(name, start)]
    assert all(0 < len(piece) <= 1 << 20 for piece in pieces)
    return b"".join(pieces)


class TargetContract:
    async def test_nothing_is_there_at_first(self, target: Target) -> None:
        assert await target.list("log") == []
        assert await target.size(SEGMENT) is None
        with pytest.raises(NotThere):
            await whole(target, SEGMENT)
        await target.remove(SEGMENT)

    async def test_what_was_put_is_read_told_and_listed(self, target: Target) -> None:
        await target.put(SEGMENT, b"one\ntwo\n\0")
        assert await whole(target, SEGMENT) == b"one\ntwo\n\0"
        assert await whole(target, SEGMENT, 4) == b"two\n\0"
        assert await target.size(SEGMENT) == 9
        assert [(item.name, item.bytes) for item in await target.list("log")] == [(SEGMENT, 9)]
        assert await target.list("head") == []

    async def test_what_is_put_again_takes_the_place_of_what_was_there(self, target: Target) -> None:
        await target.put(HEAD, b"long before")
        await target.put(HEAD, b"now")
        assert await whole(target, HEAD) == b"now"
        assert await target.size(HEAD) == 3

    async def test_a_head_that_changed_is_told_by_its_item(self, target: Target) -> None:
        await target.put(HEAD, b'{"n":17}')
        before = await target.list("head")
        assert await target.list("head") == before
        await target.put(HEAD, b'{"n":18}')
        assert await target.list("head") != before

    async def test_everything_below_a_folder_is_listed_by_name(self, target: Target) -> None:
        names = [SEGMENT, BRANCH, HEAD, "media/3f/" + "3f" * 32 + ".jpg", "format.json"]
        for name in names:
            await target.put(name, name.encode())
        assert [item.name for item in await target.list("log")] == sorted([SEGMENT, BRANCH])
        assert [item.name for item in await target.list("media")] == ["media/3f/" + "3f" * 32 + ".jpg"]

    async def test_more_files_than_a_page_of_a_listing_holds(self, target: Target) -> None:
        names = [f"log/a1b2c3d4e5f60718/{n}-{n}-1-0123456789abcdef.jsonl" for n in range(1, 31)]
        for name in names:
            await target.put(name, b"x")
        assert [item.name for item in await target.list("log")] == sorted(names)

    async def test_what_was_removed_is_gone_and_the_rest_stays(self, target: Target) -> None:
        await target.put(SEGMENT, b"x")
        await target.put(BRANCH, b"y")
        await target.remove(SEGMENT)
        await target.remove(SEGMENT)
        assert await target.size(SEGMENT) is None
        assert [item.name for item in await target.list("log")] == [BRANCH]
        assert await whole(target, BRANCH) == b"y"

    async def test_a_part_of_8_mib_goes_there_and_back(self, target: Target) -> None:
        data = Random(5).randbytes(PART_BYTES)
        name = "media/3f/" + "3f" * 32 + ".wav.0"
        await target.put(name, data)
        assert await whole(target, name) == data
        assert await whole(target, name, PART_BYTES - 3) == data[-3:]
        assert await whole(target, name, PART_BYTES) == b""

    async def test_nothing_at_all_is_kept_as_nothing(self, target: Target) -> None:
        await target.put(HEAD, b"")
        assert await target.size(HEAD) == 0
        assert await whole(target, HEAD) == b""
