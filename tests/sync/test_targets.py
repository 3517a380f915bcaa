"""What the exchange relies on, of every target that is there: the same tests for all."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from fieldlog.model.ports import Login
from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.target import NotThere, Target, Unreachable
from fieldlog.sync.targets import s3
from fieldlog.sync.targets.s3 import S3, Bucket
from fieldlog.sync.targets.sigv4 import Key
from fieldlog.sync.targets.webdav import WebDav
from tests.conftest import wanting
from tests.fakes.hubs import bare_hub, way_to
from tests.sync.servers import (
    BUCKET,
    KEY_ID,
    PASSWORD,
    SECRET,
    USER,
    Servers,
    Watched,
    clock_of,
    nginx_is_there,
)

pytestmark = pytest.mark.xdist_group("servers")

WEBDAV = ("wsgidav", "wsgidav-digest", "rclone-webdav", "nginx")
S3S = ("rclone-s3", "rclone-s3, signed in the address")
HUB = "hub"
OTHER_DEVICE = "0195cccc-0000-7000-8000-00000000000c"
PART_BYTES = 8 * 2**20
SEGMENT = "log/0195aaaa/1-2-9-0123456789abcdef.jsonl"
PHOTO = f"media/ab/ab{'c' * 62}.jpg"
HEAD = "head/0195aaaa.json"


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A target whose folder is empty, and what was asked of its server."""

    kind: str
    target: Target
    asked: Counter[str]
    beside: Callable[[], Target]
    """Another device's way to the same place."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    running = Servers(tmp_path_factory.mktemp("servers"))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(params=[*WEBDAV, *S3S, HUB])
async def reached(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> AsyncIterator[Reached]:
    kind: str = request.param
    if kind == HUB:
        async with bare_hub(tmp_path / "data") as hub:
            (here, asked), (there, _) = await way_to(hub), await way_to(hub, OTHER_DEVICE)
            yield Reached(kind=kind, target=here, asked=asked.asked, beside=lambda: there)
            await here.close()
            await there.close()
        return
    server = kind.partition(",")[0]
    if server == "nginx" and not nginx_is_there():
        wanting("nginx with dav-ext is missing; build/test.py installs it")
    address = servers.address(server)
    root, opened = uuid4().hex, list[Target]()
    theirs = timedelta() if kind in WEBDAV else await clock_of(address)

    def reach() -> tuple[Target, Watched]:
        login = Login(user=USER, secret=PASSWORD) if server in ("wsgidav-digest", "rclone-webdav") else None
        http = Watched(LaptopHttp(login))
        target: Target
        if kind in WEBDAV:
            target = WebDav(http, f"{address}/{root}")
        else:
            bucket = Bucket(
                endpoint=address,
                name=BUCKET,
                prefix=root,
                key=Key(id=KEY_ID, secret=SECRET, region="us-east-1"),
                by_path=True,
                in_query="address" in kind,
            )
            target = S3(http, bucket, now=lambda: datetime.now(UTC) + theirs)
        opened.append(target)
        return target, http

    target, http = reach()
    yield Reached(kind=kind, target=target, asked=http.asked, beside=lambda: reach()[0])
    for one in opened:
        await one.close()


@pytest.fixture
def target(reached: Reached) -> Target:
    return reached.target


async def content(target: Target, name: str, start: int = 0) -> bytes:
    return b"".join([piece async for piece in target.read(name, start)])


async def test_where_nothing_is_nothing_is_found(target: Target) -> None:
    assert await target.list("log") == []
    assert await target.size(PHOTO) is None
    assert await target.size("format.json") is None
    with pytest.raises(NotThere):
        await content(target, SEGMENT)
    await target.remove(SEGMENT)


@pytest.mark.parametrize("name", [SEGMENT, PHOTO, HEAD, "format.json", f"{PHOTO}.parts"])
async def test_what_is_put_is_listed_sized_and_read(target: Target, name: str) -> None:
    await target.put(name, b"what is kept\n")
    assert await target.size(name) == 13
    assert await content(target, name) == b"what is kept\n"
    assert [(one.name, one.bytes) for one in await target.list(name.partition("/")[0])] == (
        [(name, 13)] if "/" in name else []
    )
    assert [one.name for one in await target.list("")] == [name]


async def test_a_folder_is_listed_however_deep_and_by_name(reached: Reached, target: Target) -> None:
    names = ["log/b/1-1-1-aaaaaaaaaaaaaaaa.jsonl", "log/a/1-1-1-aaaaaaaaaaaaaaaa.jsonl"]
    names += ["log/a/2-2-1-aaaaaaaaaaaaaaaa.jsonl", PHOTO]
    names += ["logs/other.json"] if reached.kind != HUB else []  # which keeps nothing that has no name of ours
    for name in names:
        await target.put(name, b"x")
    assert [one.name for one in await target.list("log")] == sorted(names[:3])
    assert [one.name for one in await target.list("log/a")] == sorted(names[1:3])


async def test_what_is_put_again_takes_the_place_of_what_was_there(target: Target) -> None:
    for data in (b"a long one at first", b"short", b"and another, longer than all before"):
        for name in (HEAD, SEGMENT):
            await target.put(name, data)
            assert await content(target, name) == data
    assert [one.name for one in await target.list("head")] == [HEAD]


async def test_a_listing_tells_that_a_file_was_put_anew(target: Target) -> None:
    await target.put(HEAD, b'{"n":17}')
    before = await target.list("head")
    await target.put(HEAD, b'{"n":18}')
    after = await target.list("head")
    assert [one.name for one in before] == [one.name for one in after]
    assert before[0].mark
    assert before != after


async def test_a_file_is_read_on_from_any_byte(target: Target) -> None:
    data = bytes(range(256)) * 1200
    await target.put(PHOTO, data)
    for start in (0, 1, 255, 200_000, len(data) - 1, len(data)):
        assert await content(target, PHOTO, start) == data[start:]


async def test_the_largest_part_goes_and_comes_back_in_small_pieces(target: Target) -> None:
    data = os.urandom(PART_BYTES)
    await target.put(f"{PHOTO}.0", data)
    assert await target.size(f"{PHOTO}.0") == PART_BYTES
    pieces = [piece async for piece in target.read(f"{PHOTO}.0")]
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= 2**20


async def test_who_stops_reading_goes_on_with_other_things(target: Target) -> None:
    await target.put(PHOTO, os.urandom(2**20))
    reading = target.read(PHOTO)
    await anext(aiter(reading))
    await reading.aclose()  # type: ignore[attr-defined]
    assert await target.size(PHOTO) == 2**20


async def test_what_is_removed_is_gone_and_nothing_else(target: Target) -> None:
    for name in (SEGMENT, HEAD):
        await target.put(name, b"x")
    await target.remove(SEGMENT)
    assert await target.size(SEGMENT) is None
    assert await target.list("log") == []
    assert [one.name for one in await target.list("head")] == [HEAD]


async def test_two_devices_fill_the_same_new_shelves_at_once(reached: Reached) -> None:
    here, there = reached.target, reached.beside()
    names = [f"media/ab/ab{n:062x}.jpg" for n in range(6)]
    await asyncio.gather(*((here, there)[n % 2].put(name, name.encode()) for n, name in enumerate(names)))
    assert [one.name for one in await here.list("media")] == names
    assert [await content(there, name) for name in names] == [name.encode() for name in names]


async def test_two_devices_put_the_same_file_at_once(reached: Reached) -> None:
    """Where one is told that it didn't work, it works the next time."""
    data = os.urandom(300_000)
    both = [reached.target.put(SEGMENT, data), reached.beside().put(SEGMENT, data)]
    for why in await asyncio.gather(*both, return_exceptions=True):
        assert why is None or isinstance(why, Unreachable)
    await reached.target.put(SEGMENT, data)
    assert await content(reached.target, SEGMENT) == data


async def test_a_photo_is_two_requests_up_and_one_down_and_an_idle_look_is_one(reached: Reached) -> None:
    target, asked = reached.target, reached.asked
    await target.put(HEAD, b"{}")
    await target.put(PHOTO, b"the first on its shelf")
    asked.clear()
    photo = PHOTO.replace("c.jpg", "d.jpg")
    await target.put(photo, b"x" * 1000)
    assert asked == ({"PUT": 1, "PROPFIND": 1} if reached.kind in WEBDAV else {"PUT": 1})
    asked.clear()
    assert len(await content(target, photo)) == 1000
    assert asked == {"GET": 1}
    asked.clear()
    assert len(await target.list("head")) == 1
    assert asked.total() == 1


@pytest.mark.parametrize("reached", WEBDAV, indirect=True)
async def test_shelves_that_are_there_are_seen_by_one_look(reached: Reached) -> None:
    names = [f"media/{n:02x}/{n:02x}{'0' * 62}.jpg" for n in range(8)]
    for name in names:
        await reached.target.put(name, b"x")
    another = reached.beside()
    for name in names:
        await another.put(name.replace("0.jpg", "1.jpg"), b"x")
    assert reached.asked["MKCOL"] == 1 + 1 + 8  # the root, media, and its shelves
    assert len(await another.list("media")) == 16


@pytest.mark.parametrize("reached", S3S, indirect=True)
async def test_a_listing_of_more_than_a_page_is_whole(reached: Reached, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"log/a/{n}-{n}-1-aaaaaaaaaaaaaaaa.jsonl" for n in range(8)]
    for name in names:
        await reached.target.put(name, b"x")
    monkeypatch.setattr(s3, "PAGE_FILES", 3)
    reached.asked.clear()
    assert [one.name for one in await reached.target.list("log")] == names
    assert reached.asked == {"GET": 3}
