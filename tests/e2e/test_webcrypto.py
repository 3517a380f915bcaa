"""What a phone's browser seals opens on a laptop, and what a laptop seals opens there."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.copies.sealed.unseal import import_sealed
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import pyodide_page

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
STUDY = "01950000-0000-7000-8000-000000000001"
PASSPHRASE = "four words nobody guesses 灯还没好"

IN_THE_BROWSER = """
import base64, json
from fieldlog.model.errors import FieldLogError
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.outbox import make_outgoing, prove_by_digits
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.copies.sealed.unseal import import_sealed
from fieldlog.services.machine.machine import browser
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.pocket.browser.webcrypto import find_cipher
from fieldlog.services.study.erase_promise import OUTBOX
from fieldlog.services.study.studies import open_study
machine = browser(cipher=find_cipher())

async def refused(data, passphrase):
    try:
        await import_sealed(machine, Bytes(name="b.sealed", data=data), passphrase)
    except FieldLogError as why:
        return str(why)
"""


async def test_both_forms_open_what_the_other_sealed(tmp_path: Path) -> None:
    async with pyodide_page(tmp_path / "profile") as page:
        await page.run(IN_THE_BROWSER)
        await page.run(f"""
work = await open_study(machine, "{STUDY}", write=True)
await Capture(work).begin(zone="UTC")
await Capture(work).note("灯还没好")
await Capture(work).file(Bytes(name="a.bin", data=bytes(range(256)) * 6000))
one = await make_outgoing(work, seal=seal_of(machine, {PASSPHRASE!r}))
data = await work.store.disk.read(OUTBOX + "/" + one.name)
""")
        told = json.loads(await page.run("json.dumps([one.digits, base64.b64encode(data).decode()])"))
        digits, data = told[0], base64.b64decode(told[1])
        assert len(data) > 1_500_000
        there = laptop(tmp_path / "there")
        done = await import_sealed(there, Bytes(name="b.sealed", data=data), PASSPHRASE)
        assert (done.problems, done.digits) == ([], digits)
        copy = await page.run(f"copy = await prove_by_digits(work, {done.digits!r})\ncopy.path")
        assert copy.endswith(".sealed")

        work = await open_study(there, STUDY, write=True)
        await Capture(work).begin()
        await Capture(work).note("from the laptop")
        await make_bundle(work, tmp_path / "back.sealed", seal=seal_of(there, PASSPHRASE))
        await work.close()
        back = base64.b64encode((tmp_path / "back.sealed").read_bytes()).decode()
        await page.run(f"await work.close()\nback = base64.b64decode({back!r})")
        assert "does not open" in await page.run("await refused(back, 'another passphrase')")
        assert "bytes; when it was made" in await page.run(f"await refused(back[:-1], {PASSPHRASE!r})")
        took = f"done = await import_sealed(machine, Bytes(name='b.sealed', data=back), {PASSPHRASE!r})\n"
        assert await page.run(f"{took}len(done.digits)") == 8
        found = await page.run(f"""
work = await open_study(machine, "{STUDY}", write=False)
json.dumps([doc.get("text") or "" for doc in work.store.state.entries()])
""")
        assert {"灯还没好", "from the laptop"} <= set(json.loads(found))
