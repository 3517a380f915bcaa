"""The laptop’s hub is killed while a phone sends its photos: what is on both is equal in the end, lies in the
archive by production day, and is found again by another certificate and at another address."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

from fieldlog.model.moment import iso, parse
from fieldlog.server.hub.certificates import TURN, made
from fieldlog.server.hub.for_browsers import KEPT_AS, Shown
from fieldlog.services.archive.verify import verify_archive
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.hub.hub import FOLDER, hub_of
from fieldlog.services.hub.record import private_path
from fieldlog.services.hub.shelf import PARTS
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, pyodide_page
from tests.e2e.test_phone_and_hub import DEVICE, ON_THE_PHONE, on_the_phone
from tests.fakes.clock import FakeClock
from tests.fakes.exchange import STUDY, Device
from tests.fakes.hubs import Served, hub_open
from tests.fakes.ports import free_port, port_of

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
PACKAGES = ("tinydb", "tzdata", "charset_normalizer", "openpyxl")
MEETS_SECONDS, AFTER_SECONDS, ROUNDS = 90.0, 3.0, 20
BEYOND = 1.4
"""Of what a photo has: moments beyond 1 are after its last byte, when it is named, taken in and archived."""

WORKS = f"""
{ON_THE_PHONE}
import hashlib
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.sync.hubs.known import known_hub
from fieldlog.store import journal as journals

async def shot(n):
    head, rest = photo[:2], photo[2:]
    said = b"\\xff\\xfe\\x00\\x06" + n.to_bytes(4, "big")  # a comment, so that each is another photo
    await Capture(work).note(f"on the phone {{n}}")
    await Capture(work).file(Bytes(name=f"photo-{{n}}.jpg", data=head + said + rest))

async def met():
    async with reached(machine, hub.address, secrets) as target:
        done = await exchange(work, target, hub.address)
        return [done.lines_in + done.lines_out, done.media_in + done.media_out, done.problems]

async def held():
    lines, originals = {{}}, {{}}
    for writer in await journals.writers(work.store.disk):
        if data := b"".join([one async for one in journals.chunks(work.store.disk, writer)]):
            lines[writer] = hashlib.sha256(data).hexdigest()
    for stored in await work.vault.all():
        originals[stored.sha256] = hashlib.sha256(await work.store.disk.read(stored.path)).hexdigest()
    tables = json.dumps(work.store.state.tables, sort_keys=True)
    return {{"tables": hashlib.sha256(tables.encode()).hexdigest(), "lines": lines, "originals": originals}}
"""


def a_photo(dice: Random) -> bytes:
    """Some megabytes of a JPEG with nothing to be seen."""
    size = 2400, 2000
    noise, file = Image.frombytes("RGB", size, dice.randbytes(3 * size[0] * size[1])), BytesIO()
    noise.save(file, "JPEG", quality=90)
    return file.getvalue()


async def begun(data: Path, archive: Path) -> None:
    """A study of a laptop with a note and an archive, and a hub whose next certificate has its turn in an hour."""
    async with hub_open(data) as served:
        await Capture(served.work).note("on the laptop")
        await write_archive(served.work, archive)
    work = await open_study(laptop(data), STUDY, write=True)
    shown = Shown(await hub_of(work))
    shown.certificates = [made(datetime.now(UTC) - TURN + timedelta(hours=1))]
    assert not await shown.look()
    await work.close()


def an_hour_later(data: Path) -> None:
    """The turns of all certificates come before those of the clock."""
    file = data / "studies" / STUDY / private_path(KEPT_AS)
    kept = json.loads(file.read_text())
    for one in kept:
        one["turn"] = iso(parse(one["turn"]) - timedelta(hours=2))
    file.write_text(json.dumps(kept))


@asynccontextmanager
async def alone(data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The hub as a process of its own, and the code that it shows; it is killed with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.hub_alone", str(data), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def size_of(folder: Path) -> int:
    found = 0
    for one in folder.rglob("*"):
        try:
            found += one.stat().st_size if one.is_file() else 0
        except FileNotFoundError:  # it was named meanwhile
            continue
    return found


async def killed_at(share: float, photo: int, data: Path, page: PyodidePage) -> bool:
    """A meeting whose hub is killed when that share of a photo has come. Whether a photo was cut by it."""
    folder = data / "studies" / STUDY / FOLDER
    async with alone(data) as (process, _):
        before = size_of(folder)
        meeting = asyncio.ensure_future(on_the_phone(page, "await told(met())"))
        while not meeting.done() and size_of(folder) - before < min(share, 1) * photo:  # noqa: ASYNC110 (it writes files)
            await asyncio.sleep(0.005)
        if share > 1:
            await asyncio.sleep((share - 1) / (BEYOND - 1) * AFTER_SECONDS)
        process.kill()
        await process.wait()
    async with asyncio.timeout(MEETS_SECONDS):
        await meeting
    return any(0 < one.stat().st_size < photo for one in (folder / PARTS).iterdir())


async def at_rest(page: PyodidePage, served: Served) -> dict[str, Any]:
    """Exchange until nothing is new for either and both hold the same: that."""
    there: Any = None
    for _ in range(ROUNDS):
        said = await on_the_phone(page, "await told(met())")
        there, here = await on_the_phone(page, "await held()"), await held(served)
        if said == [0, 0, []] and there == here:
            return here
        await asyncio.sleep(1)
    raise AssertionError(f"they never rest: {said}\nphone: {there}\nlaptop: {here}")


async def held(served: Served) -> dict[str, Any]:
    """As `held` on the phone: hashes of the records, of each journal and of each original."""
    device, tables = Device(1, served.work, FakeClock()), served.work.store.state.tables
    vault = {one.sha256: await served.work.store.disk.read(one.path) for one in await served.work.vault.all()}
    return {
        "tables": hashed(json.dumps(tables, sort_keys=True).encode()),
        "lines": {writer: hashed(lines) for writer, lines in (await device.journals()).items()},
        "originals": {name: hashed(data) for name, data in vault.items()},
    }


def hashed(data: bytes) -> str:
    return sha256(data).hexdigest()


def watched(served: Served) -> list[str]:
    """The names of what is read of the hub from now on."""
    read, names = served.hub.shelf.read, list[str]()

    def reading(name: str, first: int, count: int) -> AsyncIterator[bytes]:
        names.append(name)
        return read(name, first, count)

    served.hub.shelf.read = reading  # type: ignore[method-assign]
    return names


def in_the_archive(archive: Path, photos: set[str], notes: int) -> None:
    """The phone's notes and photos lie with the day they were made on."""
    [day] = (archive / "days").iterdir()
    text = "\n".join(file.read_text("utf-8") for file in day.rglob("*.md"))
    assert all(f"on the phone {n}" in text for n in range(notes))
    assert "on the laptop, later" in text
    assert photos <= {hashed(file.read_bytes()) for file in day.rglob("*") if file.is_file()}


async def test_killed_while_photos_go_up_both_end_with_the_same_and_it_is_in_the_archive(
    tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    data, archive, dice = tmp_path / "laptop", tmp_path / "archive", Random(seed)
    kills, photo, ports = count(3, 50), a_photo(dice), [port_of(data), free_port()]
    await begun(data, archive)
    files = {"photo.jpg": photo}
    async with pyodide_page(tmp_path / "profile", local=ports, packages=PACKAGES, files=files) as page:
        await page.grant("local-network-access")
        await page.run(f"{WORKS}\nDEVICE = {DEVICE!r}\nphoto = open('/app/photo.jpg', 'rb').read()")
        async with alone(data) as (_, code):
            paired = f"hub = await pair(machine, {code!r}, secrets, device=DEVICE, name='phone')"
            await page.run(f"{paired}\nawait joined()\nwork = await open_study(machine, write=True)\nNone")
        moments = [(n + dice.random()) * BEYOND / kills for n in range(kills)]
        cut = 0
        for n, share in enumerate(dice.sample(moments, kills)):
            await page.run(f"await shot({n})")
            cut += await killed_at(share, len(photo), data, page)
        print(f"killed {kills} times, {cut} photos of {len(photo)} bytes were cut")
        assert cut

        async with hub_open(data) as served:
            await Capture(served.work).note("on the laptop, later")
            both = await at_rest(page, served)
            assert await served.work.store.verify() == []
        assert len(both["originals"]) == kills
        assert both["originals"] == {name: name for name in both["originals"]}
        in_the_archive(archive, set(both["originals"]), kills)
        assert await verify_archive(archive) == []
        await nothing_is_read_again(page, data)
        await found_at_another_address(page, data, ports[1])


async def nothing_is_read_again(page: PyodidePage, data: Path) -> None:
    """The next certificate has its turn."""
    an_hour_later(data)
    async with hub_open(data) as served:
        names = watched(served)
        assert served.hub.hashes()[0] == await on_the_phone(
            page, "(await known_hub(machine, hub.address)).hashes[1]"
        )
        assert await on_the_phone(page, "await told(met())") == [0, 0, []]
        assert [name for name in names if name.startswith(("log/", "media/"))] == []


async def found_at_another_address(page: PyodidePage, data: Path, port: int) -> None:
    """A code that says no more than where the hub is by now."""
    async with hub_open(data, port=port) as served:
        names = watched(served)
        kind, _ = await on_the_phone(page, "await told(met())")
        assert kind in ("NoWay", "Unreachable")
        code = served.hub.code()
        await page.run(f"await pair(machine, {code!r}, secrets, device=DEVICE, name='phone')\nNone")
        assert await on_the_phone(page, "await told(met())") == [0, 0, []]
        assert [one.name for one in served.hub.record.paired] == ["phone"]
        assert [name for name in names if name.startswith(("log/", "media/"))] == []
