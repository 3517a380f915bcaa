"""What an exchange asks of a server: counted, since over a slow line each costs as much as a small photo."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldlog.services.sync.exchange import exchange
from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.target import Target
from fieldlog.sync.targets.s3 import S3, Bucket
from fieldlog.sync.targets.sigv4 import Key
from fieldlog.sync.targets.webdav import WebDav
from tests.fakes.exchange import Device
from tests.sync.servers import BUCKET, KEY_ID, SECRET, Watched, clock_of, rclone

pytestmark = pytest.mark.xdist_group("servers")

PHOTOS = 8
FOLDERS = 6
"""The root, `head`, `log`, the writer's in it, `media`, `proof`: made once, as each shelf of `media` is."""
Reach = Callable[[Watched], Target]
Serving = Callable[[Path], AbstractAsyncContextManager[Reach]]


@asynccontextmanager
async def webdav(folder: Path) -> AsyncIterator[Reach]:
    with rclone("webdav", folder) as url:
        yield lambda http: WebDav(http, f"{url}/notes")


@asynccontextmanager
async def s3(folder: Path) -> AsyncIterator[Reach]:
    with rclone("s3", folder, "--auth-key", f"{KEY_ID},{SECRET}") as url:
        theirs = await clock_of(url)
        key = Key(id=KEY_ID, secret=SECRET, region="us-east-1")
        bucket = Bucket(endpoint=url, name=BUCKET, key=key, by_path=True)
        yield lambda http: S3(http, bucket, now=lambda: datetime.now(UTC) + theirs)


@asynccontextmanager
async def closing(target: Target) -> AsyncIterator[Target]:
    try:
        yield target
    finally:
        await target.close()


async def synced(device: Device, reach: Reach) -> Watched:
    """What a run asked."""
    http = Watched(LaptopHttp())
    device.clock.advance(minutes=1)
    async with closing(reach(http)) as target:
        done = await exchange(device.work, target, "webdav://here/notes")
    assert not done.problems
    return http


@pytest.mark.parametrize(
    ("serving", "up", "makes_folders"),
    [(webdav, {"PUT": PHOTOS, "PROPFIND": PHOTOS}, True), (s3, {"PUT": PHOTOS}, False)],
)
async def test_a_photo_asks_webdav_twice_and_s3_once_on_its_way_there_and_once_on_its_way_back(
    serving: Serving, up: dict[str, int], makes_folders: bool, tmp_path: Path
) -> None:
    phone, laptop = await Device.new(1), await Device.new(2)
    for n in range(PHOTOS):
        await phone.photo(b"a photo %d" % n)
    shelves = {one.sha256[:2] for one in await phone.work.vault.all()}
    async with serving(tmp_path) as reach:
        went = await synced(phone, reach)
        assert +went.of_originals == up
        assert went.asked["MKCOL"] == (len(shelves) + FOLDERS if makes_folders else 0)
        came = await synced(laptop, reach)
        assert +came.of_originals == {"GET": PHOTOS}
        assert await laptop.originals() == await phone.originals()


@pytest.mark.parametrize("serving", [webdav, s3])
async def test_where_nothing_is_new_one_request_says_so(serving: Serving, tmp_path: Path) -> None:
    phone, laptop = await Device.new(1), await Device.new(2)
    await phone.photo(b"a photo")
    async with serving(tmp_path) as reach:
        for device in (phone, laptop, phone, laptop):
            await synced(device, reach)
        for device in (phone, laptop):
            assert (await synced(device, reach)).asked.total() == 1
