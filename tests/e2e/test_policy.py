"""The phone speaks to the targets in use and to nobody else: the page, its workers, and Python's worker."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Worker

from fieldlog.server.hub.certificates import made
from fieldlog.server.hub.webtransport import offer
from tests.e2e.kept_browser import browser_path
from tests.e2e.pocket_app import Phone, pocket
from tests.server.hub.apps import Kept
from tests.sync.hostile import answer, hostile

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
ASK = "url => fetch(url).then(() => 'passed', () => 'refused')"
MEET = """([url, hash]) => {
  const value = Uint8Array.from(atob(hash.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  try {
    const way = new WebTransport(url, { serverCertificateHashes: [{ algorithm: "sha-256", value }] });
    way.closed.catch(() => {});
    return way.ready.then(() => { way.close(); return "passed"; }, () => "refused");
  } catch (why) {
    return "refused";
  }
}"""
IN_BLOB = f"""url => new Promise((resolve) => {{
  const script = `({ASK})(${{JSON.stringify(url)}}).then((said) => postMessage(said))`;
  const worker = new Worker(URL.createObjectURL(new Blob([script])));
  worker.onmessage = ({{ data }}) => {{ worker.terminate(); resolve(data); }};
}})"""
LIST = """async (targets) => {
  const scope = new URL("./", location.href.split("#")[0]).href;
  const kept = await caches.open(`fieldlog-targets ${scope}`);
  await kept.put(`${scope}?targets`, new Response(JSON.stringify(targets)));
}"""
LISTED = """async () => {
  const scope = new URL("./", location.href.split("#")[0]).href;
  const kept = await caches.match(`${scope}?targets`, { cacheName: `fieldlog-targets ${scope}` });
  return kept ? kept.json() : [];
}"""


def pythons(page: Page) -> Worker:
    """The worker in which Python runs; before the service worker is at work it has no address of its own."""
    found = [one for one in page.workers if "python_worker" in one.url or one.url.startswith("blob:")]
    return found[0]


async def reached(page: Page, url: str) -> dict[str, Any]:
    """Who gets through to an address by fetch."""
    workers = {
        one.url.rpartition("/")[2]: await one.evaluate(ASK, url) for one in page.workers if "blob:" not in one.url
    }
    return {"page": await page.evaluate(ASK, url), "blob": await page.evaluate(IN_BLOB, url), **workers}


@asynccontextmanager
async def two_servers() -> AsyncIterator[tuple[str, str]]:
    """One that is listed and one that is not; both would let the page in."""

    def open_to_all(_: Any) -> bytes:
        return answer(200, b"here", {"Access-Control-Allow-Origin": "*"})

    async with hostile(open_to_all) as one, hostile(open_to_all) as another:
        yield f"http://{one.host}", f"http://{another.host}"


async def opened_anew(phone: Phone) -> Page:
    page = await phone.page()
    await page.reload(wait_until="commit")
    await phone.window.up()
    return page


async def test_only_pythons_worker_reaches_a_target_and_only_a_listed_one(
    pocket_site: Path, tmp_path: Path
) -> None:
    async with two_servers() as (listed, other), pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        first = pythons(win.page)
        assert first.url.startswith("blob:")
        assert {await first.evaluate(ASK, url) for url in (listed, other)} == {"refused"}

        await win.page.evaluate(LIST, [listed])
        page = await opened_anew(phone)
        nobody = {
            "page": "refused",
            "blob": "refused",
            "quick_worker.js": "refused",
            "python_worker.js": "refused",
        }
        assert await reached(page, listed) == {**nobody, "python_worker.js": "passed"}
        assert await reached(page, other) == nobody
        own = dict.fromkeys(nobody, "passed")
        assert await reached(page, f"{phone.site.address}manifest.json") == own

        # No study knows it: from the next start on it is a stranger again.
        async with asyncio.timeout(20):
            while await page.evaluate(LISTED):  # noqa: ASYNC110 (another process writes it)
                await asyncio.sleep(0.05)
        page = await opened_anew(phone)
        assert await reached(page, listed) == nobody


async def test_a_hub_that_is_listed_is_reached_and_no_other(pocket_site: Path, tmp_path: Path) -> None:
    certificate = made(datetime.now(UTC))
    one, other = [await offer(Kept(tmp_path).app, certificate, host="127.0.0.1") for _ in range(2)]
    try:
        async with pocket(pocket_site, tmp_path / "profile", local=[one.port, other.port]) as phone:
            phone.granted.append("local-network-access")
            win = await phone.begin_a_study()
            await win.page.evaluate(LIST, [f"https://127.0.0.1:{one.port}"])
            page = await opened_anew(phone)
            for port, said in ((one.port, "passed"), (other.port, "refused")):
                way = [f"https://127.0.0.1:{port}/fieldlog", certificate.hash]
                assert await pythons(page).evaluate(MEET, way) == said
                assert await page.evaluate(MEET, way) == "refused"
    finally:
        await one.close()
        await other.close()


async def test_the_hub_of_a_code_is_let_through_by_opening_its_link(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        code = f"p1.192.168.1.9:47315,[2001:db8::9]:47315.{'f' * 43}~{'h' * 43}.{'t' * 22}"
        await win.page.goto("about:blank")
        await win.page.goto(f"{phone.site.address}#{code}", wait_until="commit")
        async with asyncio.timeout(20):
            while not (kept := await win.page.evaluate(LISTED)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert kept == ["https://192.168.1.9:47315"]
