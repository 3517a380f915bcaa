"""The disk of the phone, in a real browser: the same contract as on the laptop, and what only a browser does."""

from __future__ import annotations

import asyncio
import os

import pytest

from tests.disk.contract import CONTRACT, STRICT
from tests.e2e.pyodide_page import browser_path, pyodide_page

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
DISK = """
from fieldlog.disk.opfs import OpfsDisk
from fieldlog.model.errors import DiskFull, StoreBusy
disk = OpfsDisk("store")
"""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What each clause said, in three kinds of browser; "" where it held."""

    async def run_all() -> dict[str, dict[str, str]]:
        said = {}
        async with pyodide_page(tmp_path_factory.mktemp("contract") / "profile") as page:
            said["moves"] = await page.run("where = 'moves'" + WHOLE_CONTRACT)
            await page.run(WITH_A_MOVE_THAT_REFUSES)
            said["refuses"] = await page.run("where = 'refuses'" + WHOLE_CONTRACT)
            await page.run(WITHOUT_MOVE)
            said["copies"] = await page.run("where = 'copies'" + WHOLE_CONTRACT)
        return said

    return asyncio.run(run_all())


@pytest.mark.parametrize("browser", ["moves", "refuses", "copies"])
@pytest.mark.parametrize("clause", CLAUSES)
def test_in_a_browser(clause: str, browser: str, faults: dict[str, dict[str, str]]) -> None:
    assert not faults[browser][clause], faults[browser][clause]
