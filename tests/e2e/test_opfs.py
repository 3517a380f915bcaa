"""The disk of the phone, in a real browser: the same contract as on the laptop, and what only a browser does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Error as BrowserError

from fieldlog.disk.paths import TEMP_SUFFIX
from tests.disk.contract import CONTRACT, STRICT
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, PythonFailed, pyodide_page

Told = Callable[[Callable[[PyodidePage], Coroutine[None, None, None]]], None]
CLAUSES = [clause.__name__ for clause in CONTRACT + STRICT]

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)

WHOLE_CONTRACT = """
import traceback
from fieldlog.disk.opfs import OpfsDisk
from tests.disk.contract import CONTRACT, STRICT

async def fault(number, clause):
    try:
        await clause(OpfsDisk(f"{where}/{number}"))
    except BaseException:
        return traceback.format_exc()
    return ""

{clause.__name__: await fault(number, clause) for number, clause in enumerate(CONTRACT + STRICT)}
"""
WITHOUT_MOVE = """
import js
js.eval("delete FileSystemFileHandle.prototype.move")
"""
WITH_A_MOVE_THAT_REFUSES = """
import js
js.eval('''FileSystemFileHandle.prototype.move = async () => {
    throw new DOMException("The target is there already.", "InvalidModificationError")
}; null''')
"""
WITH_A_MOVE_THAT_NEVER_ENDS = """
import js
js.eval('''FileSystemFileHandle.prototype.move = () => {
    postMessage({ said: "moving" });
    return new Promise(() => {});
}; null''')
"""
WITH_CALLS_COUNTED = """
import js
js.eval('''self.calls = [];
for (const [kind, name] of [
    [FileSystemSyncAccessHandle, "write"], [FileSystemSyncAccessHandle, "flush"], [FileSystemFileHandle, "move"],
]) {
    const real = kind.prototype[name];
    kind.prototype[name] = function (...values) { calls.push(name); return real.apply(this, values); };
}; null''')
"""
WITH_SHORT_WRITES = """
js.eval('''self.write = FileSystemSyncAccessHandle.prototype.write;
FileSystemSyncAccessHandle.prototype.write = function (bytes, where) {
    return write.call(this, bytes.subarray(0, 7), where);
}; null''')
"""
WITH_A_WRITE_THAT_FAILS_HALF_WAY = """
js.eval('''self.whole = FileSystemSyncAccessHandle.prototype.write;
FileSystemSyncAccessHandle.prototype.write = function (bytes, where) {
    if (--self.left) return whole.call(this, bytes, where);
    whole.call(this, bytes.subarray(0, bytes.length / 2), where);
    throw new DOMException("There is no room.", "QuotaExceededError");
}; null''')
"""
WITH_A_FLUSH_THAT_FAILS = """
import js
js.eval('''self.working = FileSystemSyncAccessHandle.prototype.flush;
FileSystemSyncAccessHandle.prototype.flush = () => { throw new DOMException("worn out", "InvalidStateError") };
null''')
"""
WITH_A_WRITE_THAT_STOPS_HALF_WAY = """
from fieldlog.disk import opfs_redo
whole = opfs_redo._overwrite

def half(access, data):
    global left
    left -= 1
    if left:
        return whole(access, data)
    whole(access, data[: len(data) // 2])
    print("half")
    while True:
        pass

opfs_redo._overwrite = half
"""
IMPORTS = """
from fieldlog.disk.opfs import OpfsDisk
from fieldlog.model.errors import DiskFull, FieldLogError, StoreBusy

async def said(refusing):
    try:
        await refusing
    except FieldLogError as error:
        return type(error).__name__
    return "done"
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Tells a story to one browser that all of this module shares; each story has a folder of its own."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        profile = tmp_path_factory.mktemp("browser") / "profile"
        page = runner.run(stack.enter_async_context(pyodide_page(profile, packages=())))
        yield lambda story: runner.run(story(page))
        runner.run(stack.aclose())


@pytest.fixture(scope="module")
def faults(told: Told) -> dict[str, dict[str, str]]:
    """What each clause said, in three kinds of browser; "" where it held."""
    found: dict[str, dict[str, str]] = {}

    async def run_all(page: PyodidePage) -> None:
        found["moves"] = await page.run("where = 'moves'" + WHOLE_CONTRACT)
        await page.run(WITH_A_MOVE_THAT_REFUSES)
        found["refuses"] = await page.run("where = 'refuses'" + WHOLE_CONTRACT)
        await page.run(WITHOUT_MOVE)
        found["copies"] = await page.run("where = 'copies'" + WHOLE_CONTRACT)
        await page.reload()

    told(run_all)
    return found


@pytest.mark.parametrize("browser", ["moves", "refuses", "copies"])
@pytest.mark.parametrize("clause", CLAUSES)
def test_in_a_browser(clause: str, browser: str, faults: dict[str, dict[str, str]]) -> None:
    assert not faults[browser][clause], faults[browser][clause]


def test_the_browser_under_test_has_no_network(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        refused = """
import js
from pyodide.ffi import JsException
try:
    await js.fetch("https://example.org/")
    answer = "there is a network"
except JsException as error:
    answer = error.name
answer
"""
        assert await page.run(refused) == "TypeError"

    told(story)


def test_what_was_flushed_is_there_after_the_page_is_loaded_again(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run(
            IMPORTS
            + """
disk = OpfsDisk("reload")
handle = await disk.open("own/w.log", create=True)
handle.append(b"kept\\n")
handle.flush()
await disk.replace("view.json", b"{}")
lock = await disk.lock("lock")
"""
        )
        await page.reload()
        found = """
disk = OpfsDisk("reload")
lock = await disk.lock("lock")
[(await disk.read("own/w.log")).decode(), (await disk.read("view.json")).decode()]
"""
        assert await page.run(IMPORTS + found) == ["kept\n", "{}"]

    told(story)


def test_the_browser_is_asked_to_flush_before_anything_is_called_saved_or_gets_its_name(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run(IMPORTS + "disk = OpfsDisk('order')\nhandle = await disk.open('w.log', create=True)")
        await page.run(WITH_CALLS_COUNTED)
        assert await page.run("handle.append(b'line'); handle.flush(); js.calls.to_py()") == ["write", "flush"]
        await page.run("js.calls.length = 0")
        replaced = "await disk.replace('view.json', b'{}'); js.calls.to_py()"
        assert await page.run(replaced) == ["write", "flush", "move"]
        await page.run(WITHOUT_MOVE + "await disk.replace('view.json', b'once'); js.calls.length = 0")
        assert await page.run(replaced) == ["write", "flush", "write", "flush"]
        await page.reload()

    told(story)


def test_after_a_failed_flush_nothing_is_called_saved_until_the_file_is_opened_again(told: Told) -> None:
    fail = """
disk = OpfsDisk("worn")
handle = await disk.open("w.log", create=True)
handle.append(b"saved\\n")
handle.flush()
handle.append(b"in doubt\\n")
"""
    tries = """
answers = []
for attempt in (handle.flush, handle.flush, lambda: handle.append(b"more"), lambda: handle.write(b"x", 0)):
    try:
        answers.append(attempt())
    except FieldLogError as error:
        answers.append(type(error).__name__)
    js.FileSystemSyncAccessHandle.prototype.flush = js.working
handle.close()
handle = await disk.open("w.log")
handle.append(b"after\\n")
handle.flush()
handle.close()
[answers, (await disk.read("w.log")).decode()]
"""

    async def story(page: PyodidePage) -> None:
        await page.run(IMPORTS + fail)
        await page.run(WITH_A_FLUSH_THAT_FAILS)
        assert await page.run(tries) == [["NotSaved"] * 4, "saved\nafter\n"]

    told(story)


def test_a_browser_that_takes_a_write_in_pieces_or_half_of_it_leaves_no_half_line(told: Told) -> None:
    lines = """
disk = OpfsDisk("pieces")
handle = await disk.open("w.log", create=True)
handle.append(b"a line longer than seven bytes\\n")
js.FileSystemSyncAccessHandle.prototype.write = js.write
"""
    half = """
js.left = 1
try:
    handle.append(b"a line of which half is written\\n")
except DiskFull:
    handle.close()
(await disk.read("w.log")).decode()
"""
    replaced = """
js.left = 0
await disk.replace("view.json", b"old and quite long")
js.left = 2
refusals = [await said(disk.replace("view.json", b"new"))]
js.left = 2
refusals += [await said(disk.replace("another.json", b"new"))]
[*refusals, (await disk.read("view.json")).decode(), *[entry.name for entry in await disk.list("")]]
"""

    async def story(page: PyodidePage) -> None:
        await page.run(WITHOUT_MOVE + WITH_SHORT_WRITES)
        await page.run(IMPORTS + lines + WITH_A_WRITE_THAT_FAILS_HALF_WAY)
        assert await page.run(half) == "a line longer than seven bytes\n"
        found = await page.run(replaced)
        assert found == ["DiskFull", "DiskFull", "old and quite long", "view.json", "w.log"]
        await page.reload()

    told(story)


def test_a_browser_killed_while_it_writes_keeps_every_line_it_had_called_saved(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        endless = """
disk = OpfsDisk("kill")
handle = await disk.open("own/w.log", create=True)
number = 0
while True:
    handle.append(b"line %d\\n" % number)
    handle.flush()
    print("saved", number)
    number += 1
"""
        writing = asyncio.create_task(page.run(IMPORTS + endless))
        await page.heard("saved 200")
        await page.kill()
        with pytest.raises(BrowserError):
            await writing
        saved = sum(line.startswith("saved ") for line in page.said)
        found = await page.run(IMPORTS + "(await OpfsDisk('kill').read('own/w.log')).decode()")
        lines = found.splitlines()
        assert saved > 200
        assert lines == [f"line {number}" for number in range(len(lines))]
        assert len(lines) >= saved

    told(story)


def test_a_second_tab_is_told_that_the_store_is_open(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run(
            IMPORTS
            + """
disk = OpfsDisk("tabs")
lock = await disk.lock("lock")
handle = await disk.open("own/w.log", create=True)
"""
        )
        other = await page.beside()
        await other.run(IMPORTS + "disk = OpfsDisk('tabs')")
        for verb in ("lock('lock')", "open('own/w.log')", "replace('own/w.log', b'')", "remove('own/w.log')"):
            assert await other.run(f"await said(disk.{verb})") == "StoreBusy", verb
        with pytest.raises(PythonFailed, match="already open on this store \\(another tab"):
            await other.run("await disk.lock('lock')")
        await page.run("lock.release(); handle.close()")
        assert await other.run("await said(disk.lock('lock'))") == "done"
        assert await page.run("await said(disk.lock('lock'))") == "StoreBusy"
        await other.close()
        until_free = """
async with asyncio.timeout(10):
    while await said(disk.lock("lock")) != "done":
        await asyncio.sleep(0.01)
"""
        await page.run("import asyncio" + until_free)  # a browser takes a moment to end a closed tab's worker

    told(story)


def test_a_full_phone_keeps_every_line_it_took_and_the_file_it_could_not_replace(told: Told) -> None:
    fill = """
disk = OpfsDisk("full")
await disk.replace("view.json", b"old")
handle = await disk.open("own/w.log", create=True)
line = bytes(range(256)) * 256
taken = 0
try:
    while taken < 1000:
        handle.append(line)
        handle.flush()
        taken += 1
except DiskFull:
    pass
refusals = [await said(disk.replace("view.json", bytes(9_000_000)))]
js.eval("delete FileSystemFileHandle.prototype.move")
refusals += [await said(disk.replace("view.json", bytes(9_000_000)))]
refusals += [await said(disk.replace("new.json", bytes(9_000_000)))]
names = [entry.name for entry in await disk.list("")]
whole = await disk.read("own/w.log") == line * taken
[taken, whole, handle.size() == len(line) * taken, refusals, (await disk.read("view.json")).decode(), names]
"""

    async def story(page: PyodidePage) -> None:
        used = await page.run("import js; (await js.navigator.storage.estimate()).usage")
        await page.allow(used + 6_000_000)
        taken, whole, cut_back, refusals, view, names = await page.run(IMPORTS + fill)
        await page.allow(used + 600_000_000)
        again = "handle.append(line); handle.flush(); await disk.read('own/w.log') == line * (taken + 1)"
        assert await page.run(again)
        await page.reload()
        assert 20 < taken < 100
        assert whole
        assert cut_back
        assert refusals == ["DiskFull"] * 3
        assert view == "old"
        assert names == ["own", "view.json"]

    told(story)


def test_a_browser_killed_before_the_move_leaves_the_old_file_and_a_named_orphan(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run(IMPORTS + "disk = OpfsDisk('orphan'); await disk.replace('view.json', b'old')")
        await page.run(WITH_A_MOVE_THAT_NEVER_ENDS)
        replacing = asyncio.create_task(page.run("await disk.replace('view.json', b'new, and long')"))
        await page.heard("moving")
        await page.kill()
        with pytest.raises(BrowserError):
            await replacing
        look = "[(await disk.read('view.json')).decode(), *[entry.name for entry in await disk.list('')]]"
        found = await page.run(IMPORTS + "disk = OpfsDisk('orphan')\n" + look)
        assert found == ["old", "view.json", "view.json" + TEMP_SUFFIX]
        assert await page.run("await disk.replace('view.json', b'newer')\n" + look) == ["newer", "view.json"]

    told(story)


@pytest.mark.parametrize(("stopped_at", "found"), [(1, "old and quite long"), (2, "new")])
def test_where_nothing_can_be_moved_a_kill_half_way_leaves_the_old_file_or_the_new(
    stopped_at: int, found: str, told: Told
) -> None:
    async def story(page: PyodidePage) -> None:
        root = f"OpfsDisk('redo{stopped_at}')"
        await page.run(WITHOUT_MOVE)
        await page.run(IMPORTS + f"await {root}.replace('view.json', b'old and quite long')")
        await page.run(f"left = {stopped_at}" + WITH_A_WRITE_THAT_STOPS_HALF_WAY)
        page.said.clear()
        replacing = asyncio.create_task(page.run(f"await {root}.replace('view.json', b'new')"))
        await page.heard("half")
        await page.kill()
        with pytest.raises(BrowserError):
            await replacing
        assert await page.run(IMPORTS + f"(await {root}.read('view.json')).decode()") == found
        top = "import js; [name async for name, _ in (await js.navigator.storage.getDirectory()).entries()]"
        assert f"redo{stopped_at}.redo~" not in await page.run(top)

    told(story)
