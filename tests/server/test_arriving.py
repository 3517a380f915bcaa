"""Files that are brought under the secret path: only with a ticket, once, as they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from fieldlog.model.ports import Source
from fieldlog.server.local import UnderSecret
from fieldlog.services.capture.uploads import Arrivals
from fieldlog.services.serving import Serving
from tests.server.test_local import PREFIX, small_app


@pytest.fixture
async def coming() -> Arrivals:
    return Arrivals(lambda: "a-ticket")


@pytest.fixture
async def browser(coming: Arrivals) -> AsyncIterator[httpx.AsyncClient]:
    app = UnderSecret(small_app(), Serving(lambda: None), PREFIX, coming)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
    async with client:
        yield client


async def test_what_is_brought_arrives_as_it_is(coming: Arrivals, browser: httpx.AsyncClient) -> None:
    async def take(source: Source) -> tuple[str, bytes]:
        return source.name, b"".join([chunk async for chunk in source.chunks()])

    expected = coming.expect("照片.jpg", take)
    assert (await browser.put(f"{PREFIX}/in/a-ticket", content=b"\xff\xd8" * 9)).status_code == 200
    assert await expected.done == ("照片.jpg", b"\xff\xd8" * 9)
    assert (await browser.put(f"{PREFIX}/in/a-ticket", content=b"again")).status_code == 404


async def test_without_ticket_secret_or_verb_nothing_comes_in(
    coming: Arrivals, browser: httpx.AsyncClient
) -> None:  # fmt: skip
    expected = coming.expect("a.jpg", lambda _: asyncio.sleep(0))
    evil = {"Origin": "http://evil.example"}
    for path, headers, status in (
        (f"{PREFIX}/in/guessed", {}, 404), ("/in/a-ticket", {}, 403), (f"{PREFIX}/in/a-ticket", evil, 403),
    ):  # fmt: skip
        assert (await browser.put(path, content=b"x", headers=headers)).status_code == status, path
    assert (await browser.post(f"{PREFIX}/in/a-ticket", content=b"x")).status_code == 405
    assert not expected.begun.is_set()


async def test_what_is_dropped_on_a_window_comes_under_its_name(
    coming: Arrivals, browser: httpx.AsyncClient
) -> None:  # fmt: skip
    came = list[tuple[str, bytes]]()

    async def take(source: Source) -> None:
        came.append((source.name, b"".join([chunk async for chunk in source.chunks()])))

    dropped = f"{PREFIX}/dropped/%E9%9B%A8.zip"
    assert (await browser.put(dropped, content=b"early")).status_code == 404
    coming.dropped = take
    assert (await browser.put(dropped, content=b"PK" * 9)).status_code == 200
    assert (await browser.put(f"{PREFIX}/dropped/..%2Fup.zip", content=b"x")).status_code == 200
    assert came == [("雨.zip", b"PK" * 9), ("up.zip", b"x")]


async def test_without_secret_or_verb_and_from_another_site_nothing_is_dropped(
    coming: Arrivals, browser: httpx.AsyncClient
) -> None:  # fmt: skip
    async def take(_: Source) -> None:
        raise AssertionError

    coming.dropped = take
    evil = {"Origin": "http://evil.example"}
    assert (await browser.put("/dropped/a.zip", content=b"x")).status_code == 403
    assert (await browser.put(f"{PREFIX}/dropped/a.zip", content=b"x", headers=evil)).status_code == 403
    assert (await browser.post(f"{PREFIX}/dropped/a.zip", content=b"x")).status_code == 405
