"""Our journal and fold on the phone's disk: appended in a browser, reloaded, folded as on the laptop."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.store import journal as journals
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import pyodide_page
from tests.fakes.store_desk import OWN, opened

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)

NOTES = 300
OPEN = """
import json
from fieldlog.disk.opfs import OpfsDisk
from fieldlog.store import journal as journals
from tests.fakes.store_desk import OWN, PROJECT, note, opened
disk = OpfsDisk("study")
"""
WRITE = f"""{OPEN}
store = await opened(disk)
for n in range({NOTES}):
    store.commit("mine" if n % 10 == 0 else "team", [[note(n * 7)]])
    await store.settle()
store.commit("team", [[note(1, "the last before the reload 最后一条")]])
len(list(store.state.entries()))
"""
READ = f"""{OPEN}
store = await opened(disk, own=None)
raws = {{writer: [line.raw.decode() for line in (await journals.read(disk, writer, PROJECT)).lines]
        for writer in OWN.values()}}
json.dumps({{"faults": [fault.sentence for fault in store.faults + await store.verify()],
             "tables": store.state.tables, "found": list(store.search.find(["最后"])), "raws": raws}})
"""


async def test_notes_in_the_browser_survive_a_reload_and_fold_as_on_the_laptop(tmp_path: Path) -> None:
    here = Path(__file__).parent.parent
    desk = {
        f"tests/fakes/{name}": (here / "fakes" / name).read_bytes() for name in ("__init__.py", "store_desk.py")
    }
    async with pyodide_page(tmp_path / "profile", files=desk) as page:
        assert await page.run(WRITE) == NOTES + 1
        await page.reload()
        read = json.loads(await page.run(READ))
    assert read["faults"] == []
    assert len(read["found"]) == 1
    laptop = await opened(MemoryDisk(), own={"team": "e" * 16, "mine": "f" * 16})
    for writer, raws in read["raws"].items():
        await laptop.merge(writer, [raw.encode() for raw in raws])
    assert sum(len(raws) for raws in read["raws"].values()) == NOTES + 1
    assert read["raws"].keys() == set(OWN.values())
    assert read["tables"] == laptop.state.tables
    assert await laptop.verify() == []
    assert (await journals.read(laptop.disk, OWN["team"], laptop.project)).faults == []


SECRET = "车上说的那些别用了"
ERASE = f"""{OPEN}
import asyncio
from fieldlog.model.op import Op
from tests.fakes.store_desk import entry_id
store = await opened(disk)
for n in range(60):
    store.commit("team", [[note(n * 7, "{SECRET}" if n == 20 else "")]])
await store.settle(idle=True)
gone = entry_id(140)
store.commit("team", [[Op(u="erase", t="f", r="entry", e=gone, k="erase", v={{"day_choice": "2025-03-03"}})]])
erasing = asyncio.ensure_future(store.erase_bodies({{gone}}, by="erase", at=""))
n = 60
while not erasing.done():
    await asyncio.sleep(0)
    await store.at_rest()
    store.commit("team", [[note(n * 7)]])
    n += 1
await erasing
await store.settle(idle=True)
len(list(store.state.entries()))
"""
LEFT = f"""{OPEN}
async def everything(folder=""):
    found = []
    for entry in await disk.list(folder):
        path = "/".join(filter(None, (folder, entry.name)))
        found += await everything(path) if entry.is_dir else [await disk.read(path)]
    return found
store = await opened(disk, own=None)
json.dumps({{"faults": [fault.sentence for fault in store.faults + await store.verify()],
             "entries": len(list(store.state.entries())),
             "left": sum("{SECRET}".encode() in data for data in await everything())}})
"""


async def test_what_is_erased_in_the_browser_is_in_none_of_its_files_and_what_is_saved_meanwhile_stays(
    tmp_path: Path,
) -> None:
    here = Path(__file__).parent.parent
    desk = {
        f"tests/fakes/{name}": (here / "fakes" / name).read_bytes() for name in ("__init__.py", "store_desk.py")
    }
    async with pyodide_page(tmp_path / "profile", files=desk) as page:
        entries = await page.run(ERASE)
        assert entries >= 60
        await page.reload()
        assert json.loads(await page.run(LEFT)) == {"faults": [], "entries": entries, "left": 0}
