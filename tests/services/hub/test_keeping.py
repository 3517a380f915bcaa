"""The hub's laptop and its folder: what is written here is there when a device looks, what was erased is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from fieldlog.model.errors import DiskFull
from fieldlog.services.capture.capture import Capture
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.hub import keeping as keeping_file
from fieldlog.services.hub.hub import Hub
from fieldlog.services.hub.keeping import Keeping, kept
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import LEAVES, finish_removing, open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.erased import everything
from tests.fakes.exchange import PLACE, STUDY, Device, are_equal
from tests.fakes.hubs import asking, hub_in_memory, hub_open, key_of


@pytest.fixture
async def both() -> AsyncIterator[tuple[Device, Hub]]:
    device, hub = await hub_in_memory()
    yield device, hub
    await device.work.close()


async def folder(hub: Hub) -> bytes:
    return b"\n".join((await everything(hub.shelf.disk)).values())


async def heads(hub: Hub, key: str) -> None:
    async with asking(hub, key) as client:
        assert (await client.get("/files", params={"under": "head"})).status_code == 200


async def test_before_the_first_device_comes_all_is_there(both: tuple[Device, Hub]) -> None:
    device, hub = both
    await device.note("the rain has stopped")
    photo = await device.photo(b"a picture of the van")
    async with kept(hub):
        assert b"the rain has stopped" in await folder(hub)
        assert b"a picture of the van" in await folder(hub)
        assert photo.id.encode() in await folder(hub)


async def test_what_is_written_meanwhile_is_there_when_heads_are_listed(both: tuple[Device, Hub]) -> None:
    device, hub = both
    async with kept(hub):
        key = await key_of(hub)
        await device.note("they wait for the wind")
        assert b"wait for the wind" not in await folder(hub)
        await heads(hub, key)
        assert b"wait for the wind" in await folder(hub)


@pytest.mark.parametrize("asked", ["/files?under=head", "/files?under=log", "segment", "photo"])
async def test_what_was_erased_here_nobody_reads_any_more(both: tuple[Device, Hub], asked: str) -> None:
    device, hub = both
    await device.note("stays")
    note = await device.note("she said it in the van")
    photo = await device.photo(b"a picture of the van", "with her in it")
    async with kept(hub):
        names = [one.name for one in await hub.shelf.list("")]
        held = {name: (await everything(hub.shelf.disk))[name] for name in names}
        old = next(name for name, data in held.items() if b"in the van" in data and name.startswith("log/"))
        picture = next(name for name in names if name.startswith("media/"))
        key = await key_of(hub)
        await Erasing(device.work).erase([note, photo.id], reason="asked-to")
        path = {"segment": f"/files/{old}", "photo": f"/files/{picture}"}.get(asked, asked)
        async with asking(hub, key) as client:
            said = await client.get(path)
        assert said.status_code == (404 if asked in ("segment", "photo") else 200)
        assert b"the van" not in said.content
        assert b"the van" not in await folder(hub)
        assert b"with her in it" not in await folder(hub)
        assert b"stays" in await folder(hub)


async def test_what_a_device_brings_comes_in_by_itself_and_what_it_erased_goes(
    both: tuple[Device, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_file, "SETTLES_SECONDS", 0.05)
    device, hub = both
    note = await device.note("she said it in the van")
    async with kept(hub) as keeping:
        other = await Device.joined(2, hub.shelf.target)
        await other.note("from the phone")
        await other.erase(note)
        await other.sync(hub.shelf.target)
        hub.took(1)
        hub.took(1)
        await came_in(keeping, device)
        assert not [text for text in device.texts if "van" in text]
        await other.sync(hub.shelf.target)
        await device.sync(hub.shelf.target, place=PLACE)
        assert await are_equal(device, other)
        assert b"in the van" not in await folder(hub)
        assert b"in the van" not in b"".join((await everything(device.disk)).values())
        await other.work.close()


async def came_in(keeping: Keeping, device: Device) -> None:
    for _ in range(200):
        await asyncio.sleep(0.02)
        if "from the phone" in device.texts:
            return
    raise AssertionError(f"it never came in: {keeping.trouble}")


async def test_where_the_folder_was_emptied_it_is_filled_again(both: tuple[Device, Hub]) -> None:
    device, hub = both
    await device.note("the rain has stopped")
    async with kept(hub):
        pass
    for name in await everything(hub.shelf.disk):
        await hub.shelf.disk.remove(name)
    async with kept(hub):
        assert b"the rain has stopped" in await folder(hub)


async def test_while_the_disk_refuses_nothing_is_read_that_was_to_be_erased(
    both: tuple[Device, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    device, hub = both
    note = await device.note("she said it in the van")
    async with kept(hub) as keeping:
        key = await key_of(hub)
        await Erasing(device.work).erase([note], reason="asked-to")

        async def full(*_: object, **__: object) -> None:
            raise DiskFull

        with monkeypatch.context() as while_full:
            while_full.setattr(hub.shelf.disk, "replace", full)
            async with asking(hub, key) as client:
                said = await client.get("/files", params={"under": "log"})
            assert said.status_code == 503
            assert keeping.trouble is not None
        async with asking(hub, key) as client:
            assert (await client.get("/files", params={"under": "log"})).status_code == 200
        assert b"in the van" not in await folder(hub)


async def test_an_archive_that_cannot_follow_keeps_nobody_out(
    both: tuple[Device, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    device, hub = both
    note = await device.note("she said it in the van")
    async with kept(hub) as keeping:
        key = await key_of(hub)
        await Erasing(device.work).erase([note], reason="asked-to")

        async def gone(*_: object, **__: object) -> None:
            raise OSError("the stick is gone")

        monkeypatch.setattr(keeping_file, "follow", gone)
        await heads(hub, key)
        assert isinstance(keeping.trouble, OSError)
        assert b"in the van" not in await folder(hub)


async def test_an_idle_look_costs_the_folder_nothing(both: tuple[Device, Hub]) -> None:
    device, hub = both
    await device.note("one")
    async with kept(hub) as keeping:
        key, before = await key_of(hub), keeping.done
        for _ in range(3):
            await heads(hub, key)
        assert keeping.done is before


async def test_a_study_that_leaves_this_device_takes_its_hub_along(tmp_path: Path) -> None:
    async with hub_open(tmp_path) as served:
        await key_of(served.hub)
    place = tmp_path / "studies" / STUDY
    assert (place / "hub" / "format.json").exists()
    assert (place / "hub-https.key").exists()
    (place / LEAVES).write_bytes(b"{}\n")
    await finish_removing(laptop(tmp_path))
    assert not place.exists()


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
async def test_what_was_half_sent_goes_with_any_erasing_and_is_begun_anew(tmp_path: Path, is_open: bool) -> None:
    sent = b"she said it here" * 50
    digest = sha256(sent).hexdigest()
    name = f"media/{digest[:2]}/{digest}.jpg"
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(sent)), "Upload-Sha256": digest}

    async def erase(work: Workspace) -> None:
        entry = await Capture(work).note("to go")
        await Erasing(work).erase([entry.id], reason="asked-to")

    async with hub_open(tmp_path / "hub") as served:
        async with asking(served.hub, await key_of(served.hub)) as client:
            await client.patch(f"/files/{name}", headers=headers, content=sent[:400])
        assert b"she said it" in await folder(served.hub)
        if is_open:
            await erase(served.work)
            assert b"she said it" not in await folder(served.hub)
    if not is_open:
        work = await open_study(laptop(tmp_path / "hub"), write=True)
        await erase(work)
        await work.close()
    async with hub_open(tmp_path / "hub") as served:
        assert b"she said it" not in await folder(served.hub)
        async with asking(served.hub, await key_of(served.hub, "0195cccc-0000-7000-8000-00000000000c")) as client:
            assert (await client.patch(f"/files/{name}", headers=headers, content=sent)).status_code == 201
