"""A folder that a person chose in a browser, as an archive's files go into it: whole, or as it was before.

It is one of the browser's own file system here; handles, streams and their refusals are real.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, pyodide_page

Told = Callable[[Callable[[PyodidePage], Coroutine[None, None, None]]], None]

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
SETUP = """
import hashlib
import js
from fieldlog.disk.opfs_handle import options
from fieldlog.model.errors import FieldLogError, MissingFile
from fieldlog.services.pocket.picked import PickedFolder

async def chosen(name):
    top = await js.navigator.storage.getDirectory()
    return PickedFolder(await top.getDirectoryHandle(name, options(create=True)))

async def pieces(*given):
    for one in given:
        if isinstance(one, BaseException):
            raise one
        yield one

async def said(doing):
    try:
        return await doing
    except FieldLogError as why:
        return str(why)

async def brought(folder, path, *given, expected=None):
    return await said(folder.bring(path, pieces(*given), expected=expected, seen=lambda _: None))

async def there(folder, where=""):
    return [[one.name, one.is_dir, one.bytes] for one in await folder.list(where)]
"""
SHORT_WRITES = """
js.eval('''self.whole = FileSystemWritableFileStream.prototype.write;
FileSystemWritableFileStream.prototype.write = function (bytes) {
    return whole.call(this, bytes.subarray(0, bytes.length / 2));
}; null''')
"""
NO_LEAVE = """
js.eval('''self.create = FileSystemFileHandle.prototype.createWritable;
FileSystemFileHandle.prototype.createWritable = async () => {
    throw new DOMException("not any more", "NotAllowedError");
}; null''')
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Tells a story to one browser that all of this module shares; each story has a folder of its own."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        profile = tmp_path_factory.mktemp("browser") / "profile"
        page = runner.run(stack.enter_async_context(pyodide_page(profile, packages=())))
        runner.run(page.run(SETUP))
        yield lambda story: runner.run(story(page))
        runner.run(stack.aclose())


def test_what_is_brought_lies_there_whole_and_is_listed_read_moved_and_removed(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run("folder = await chosen('whole')\nbig = bytes(range(256)) * 5000")
        sha, size = await page.run("await brought(folder, 'days/pd1/a.bin', big[:700], big[700:])")
        assert size == 256 * 5000
        assert sha == await page.run("hashlib.sha256(big).hexdigest()")
        await page.run("await folder.replace('new', b'12345')")
        assert await page.run("await there(folder)") == [["days", True, 0], ["new", False, 5]]
        assert await page.run("await there(folder, 'days/pd1')") == [["a.bin", False, size]]
        assert await page.run("await there(folder, 'nowhere')") == []
        assert await page.run("(await folder.read('days/pd1/a.bin')) == big")
        assert await page.run("list((await folder.open_read('days/pd1/a.bin')).read(254, 4))") == [254, 255, 0, 1]
        await page.run("await folder.replace('old', b'old')\nawait folder.move('new', 'old')")
        assert await page.run("await there(folder)") == [["days", True, 0], ["old", False, 5]]
        await page.run("await folder.remove('days/pd1/a.bin')\nawait folder.remove('days/pd1')")
        await page.run("await folder.remove('gone')")
        assert await page.run("await there(folder, 'days')") == []
        assert "gone" in await page.run("await said(folder.read('gone'))")

    told(story)


def test_what_breaks_off_or_is_another_leaves_what_was_there(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run("folder = await chosen('broken')\nawait folder.replace('kept', b'before')")
        breaks = "await brought(folder, '{0}', b'half', MissingFile('a piece'))"
        for name in ("kept", "new"):
            assert "a piece" in await page.run(breaks.format(name))
            (sha, size) = await page.run(f"await brought(folder, '{name}', b'other', expected='0' * 64)")
            assert (len(sha), size) == (64, 5)
        assert await page.run("await there(folder)") == [["kept", False, 6]]
        assert await page.run("(await folder.read('kept')).decode()") == "before"

    told(story)


def test_bytes_that_did_not_arrive_and_leave_that_was_taken_back_are_said(told: Told) -> None:
    async def story(page: PyodidePage) -> None:
        await page.run("folder = await chosen('refused')" + SHORT_WRITES)
        short = await page.run("await brought(folder, 'a.bin', b'0123456789')")
        assert "a.bin arrived with 5 of 10 bytes." in short
        await page.run("js.eval('FileSystemWritableFileStream.prototype.write = whole; null')" + NO_LEAVE)
        refused = await page.run("await brought(folder, 'b.bin', b'0123456789')")
        assert "refused to write b.bin (NotAllowedError)" in refused
        await page.run("js.eval('FileSystemFileHandle.prototype.createWritable = create; null')")
        assert (await page.run("await brought(folder, 'b.bin', b'0123456789')"))[1] == 10

    told(story)
