"""The built site is what its list says, and a browser has all of it after the first visit."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.e2e.pocket_app import pocket

READY = "navigator.serviceWorker.ready.then(() => true)"
KEPT = """async () => {
  const found = {};
  for (const name of (await caches.keys()).filter((one) => one.startsWith("fieldlog-files"))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const bytes = await (await cache.match(request)).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const hash = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
      found[request.url.slice(document.baseURI.length)] = hash;
    }
  }
  delete found["?whole"];
  return found;
}"""


def test_the_list_names_every_file_with_its_hash(pocket_site: Path) -> None:
    listed = json.loads((pocket_site / "files.json").read_text(encoding="utf-8"))["files"]
    there = {path.relative_to(pocket_site).as_posix() for path in pocket_site.rglob("*") if path.is_file()}
    assert set(listed) == there - {"files.json", "flutter_service_worker.js"}
    for name, one in listed.items():
        data = (pocket_site / name).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


async def test_after_the_first_visit_all_of_it_is_kept(pocket_site: Path, tmp_path: Path) -> None:
    listed = json.loads((pocket_site / "files.json").read_text(encoding="utf-8"))["files"]
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        page = (await phone.open(up=None)).page
        assert await page.evaluate(READY)
        kept = await page.evaluate(KEPT)
        assert kept == {name: one["sha256"] for name, one in listed.items()}
        phone.close_site()
        answer = await page.goto(phone.site.address, wait_until="commit")
        assert answer
        assert (answer.status, answer.from_service_worker) == (200, True)
