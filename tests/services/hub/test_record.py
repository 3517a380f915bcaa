"""What a hub remembers, and where its secrets lie."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

from fieldlog.server.hub.own_certificate import YEARS, own_certificate
from fieldlog.services.archive.write import write_archive
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.hub.hub import hub_of
from fieldlog.services.hub.record import HubRecord, private_path
from fieldlog.services.machine.long_work import tell_nobody
from tests.fakes.exchange import STUDY
from tests.fakes.hubs import DEVICE, hub_in_memory, hub_open, key_of


async def test_devices_and_keys_outlive_the_app() -> None:
    device, hub = await hub_in_memory()
    key = await key_of(hub)
    again = await hub_of(device.work)
    assert again.record.id == hub.record.id
    assert (found := again.whose(key)) is not None
    assert found.id == DEVICE
    assert again.whose("") is again.whose(key[:-1]) is again.whose(key + "=") is None
    await again.revoke(DEVICE)
    assert (await hub_of(device.work)).whose(key) is None
    assert again.whose("") is None
    await device.work.close()


async def test_a_device_that_is_paired_again_has_one_key() -> None:
    device, hub = await hub_in_memory()
    first, second = await key_of(hub), await key_of(hub)
    assert hub.whose(first) is None
    assert [one.id for one in hub.record.devices] == [DEVICE]
    assert hub.whose(second) is not None
    await device.work.close()


async def test_when_a_device_was_here_last_is_written_down_once_a_minute() -> None:
    device, hub = await hub_in_memory()
    key = await key_of(hub)
    met = list[str]()
    for _ in range(4):
        device.clock.advance(seconds=31)
        paired = hub.whose(key)
        assert paired is not None
        await hub.met(paired)
        met.append(hub.record.devices[0].met)
    assert len(set(met)) == 2
    await device.work.close()


async def test_a_record_that_cannot_be_read_lets_nobody_in_and_is_laid_aside() -> None:
    device, hub = await hub_in_memory()
    key = await key_of(hub)
    await device.disk.replace("hub.json", b"{nonsense")
    again = await hub_of(device.work)
    assert again.whose(key) is None
    assert any(entry.name.startswith("hub.json.damaged-") for entry in await device.disk.list(""))
    await device.work.close()


async def test_private_keys_are_their_owners_alone(tmp_path: Path) -> None:
    async with hub_open(tmp_path) as served:
        await served.hub.record.keep_private("short", b"a key")
        study = tmp_path / "studies" / STUDY
        for name in ("https", "short"):
            file = study / private_path(name)
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"PRIVATE KEY" in (study / private_path("https")).read_bytes()
        others = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".key"]
        assert [path for path in others if b"PRIVATE KEY" in path.read_bytes()] == []


async def test_no_backup_archive_or_exchange_takes_anything_of_the_hub(tmp_path: Path) -> None:
    async with hub_open(tmp_path / "data") as served:
        await served.hub.record.keep_private("short", b"a key that is nobody's business")
        key = await key_of(served.hub)
        work = served.work
        await write_archive(work, tmp_path / "out" / "archive", tell_nobody)
        await make_bundle(work, tmp_path / "out" / "backup.zip")
        files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
        files += [path for path in (tmp_path / "data" / "studies" / STUDY / "hub").rglob("*") if path.is_file()]
        assert len(files) > 5
        for file in files:
            data = file.read_bytes()
            assert file.suffix != ".key"
            assert file.name != "hub.json"
            for secret in (b"PRIVATE KEY", b"nobody's business", key.encode(), served.hub.record.id.encode()):
                assert secret not in data


async def test_the_certificate_stays_the_same_and_is_made_anew_before_it_ends() -> None:
    device, hub = await hub_in_memory()
    now = device.clock.wall
    first = await own_certificate(hub.record, now)
    assert await own_certificate(hub.record, now + timedelta(days=3000)) == first
    assert await own_certificate(hub.record, now + YEARS - timedelta(days=9)) != first
    second = await own_certificate(await HubRecord.of(device.disk, lambda: "x"), now)
    await hub.record.keep_private("https", b"-----BEGIN nonsense")
    assert await own_certificate(hub.record, now) != second
    await device.work.close()
