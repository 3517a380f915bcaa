"""What a hub answers, asked without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from random import Random

import httpx
import pytest

from fieldlog.server.hub import saying
from fieldlog.services.hub.hub import Hub
from fieldlog.sync.pairing import read_code
from tests.fakes.erased import everything
from tests.fakes.exchange import Device
from tests.fakes.hubs import DEVICE, asking, hub_in_memory, key_of

SEGMENT = "log/a1b2c3d4e5f60718/1-2-9-0123456789abcdef.jsonl"
HEAD = "head/a1b2c3d4e5f60718.json"
PHOTO = "media/ab/ab" + "c" * 62 + ".jpg"
MIB = 1 << 20

pytestmark = pytest.mark.usefixtures("device")


@pytest.fixture
async def both() -> AsyncIterator[tuple[Device, Hub]]:
    device, hub = await hub_in_memory()
    yield device, hub
    await device.work.close()


@pytest.fixture
def hub(both: tuple[Device, Hub]) -> Hub:
    return both[1]


@pytest.fixture
def device(both: tuple[Device, Hub]) -> Device:
    return both[0]


@pytest.fixture
async def paired(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(hub, await key_of(hub)) as client:
        yield client


@pytest.fixture
async def stranger(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(hub) as client:
        yield client


def told(data: bytes, at: int = 0) -> dict[str, str]:
    return {
        "Upload-Offset": str(at),
        "Upload-Length": str(len(data)),
        "Upload-Sha256": sha256(data).hexdigest(),
    }


# -- strangers


@pytest.mark.parametrize(
    "path", ["/meeting", "/files", f"/files/{SEGMENT}", "/", "/nothing", "/files/../hub.json"]
)
@pytest.mark.parametrize("key", ["", "x" * 43, "é"])
async def test_who_is_not_paired_gets_nothing_and_learns_nothing(hub: Hub, path: str, key: str) -> None:
    await key_of(hub)
    async with asking(hub) as client:
        for method in ("GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"):
            headers = [(b"authorization", f"Bearer {key}".encode())] if key else []
            said = await client.request(method, path, headers=headers, content=b"x")
            assert said.status_code == 401
            assert said.content in (b'{"detail": "not paired"}', b"")
    assert await everything(hub.shelf.disk) == {}


async def test_a_revoked_device_is_told_what_strangers_are(hub: Hub, paired: httpx.AsyncClient) -> None:
    assert (await paired.get("/meeting")).status_code == 200
    await hub.revoke(DEVICE)
    assert (await paired.get("/meeting")).status_code == 401
    assert (await paired.put(f"/files/{HEAD}", content=b"{}")).status_code == 401
    assert [one.name for one in hub.record.devices] == ["a phone"]
    assert hub.record.paired == []


async def test_who_is_revoked_in_the_middle_of_a_file_has_brought_nothing(
    hub: Hub, paired: httpx.AsyncClient
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"one"
        await hub.revoke(DEVICE)
        yield b"two"

    said = await paired.put(f"/files/{HEAD}", content=body(), headers={"Content-Length": "6"})
    assert said.status_code == 401
    assert await everything(hub.shelf.disk) == {}


async def test_strangers_who_try_often_are_to_come_back_later(stranger: httpx.AsyncClient) -> None:
    found = [(await stranger.get("/meeting")).status_code for _ in range(60)]
    assert found[:20] == [401] * 20
    assert found[-1] == 429
    assert int((await stranger.get("/meeting")).headers["retry-after"]) >= 1


# -- pairing


async def test_a_code_pairs_one_device_once(hub: Hub, stranger: httpx.AsyncClient) -> None:
    code = read_code(hub.new_code())
    wish = {"token": code.token, "device": DEVICE, "name": "  a\nphone "}
    said = await stranger.post("/pair", json=wish)
    assert said.status_code == 201
    assert said.json().keys() >= {"key", "hub", "study", "hashes", "addresses", "fingerprint"}
    assert [(one.id, one.name) for one in hub.record.paired] == [(DEVICE, "a phone")]
    assert (await stranger.post("/pair", json=wish)).status_code == 403
    async with asking(hub, said.json()["key"]) as paired:
        assert (await paired.get("/meeting")).json()["study"] == hub.study


async def test_a_code_is_good_for_ten_minutes(hub: Hub, device: Device, stranger: httpx.AsyncClient) -> None:
    token = read_code(hub.new_code()).token
    device.clock.advance(minutes=10.1)
    said = await stranger.post("/pair", json={"token": token, "device": DEVICE, "name": ""})
    assert said.status_code == 403


async def test_five_wrong_tokens_void_the_code(hub: Hub, stranger: httpx.AsyncClient) -> None:
    token = read_code(hub.new_code()).token
    for n in range(5):
        said = await stranger.post("/pair", json={"token": f"{n}", "device": DEVICE, "name": ""})
        assert said.status_code == 403
    said = await stranger.post("/pair", json={"token": token, "device": DEVICE, "name": ""})
    assert said.status_code == 403
    assert not hub.pairs


async def test_no_key_and_no_token_lies_on_the_disk(hub: Hub, device: Device) -> None:
    token = read_code(hub.new_code()).token
    key = str((await hub.pair(token, DEVICE, "a phone"))["key"])
    kept = b"".join((await everything(device.disk)).values())
    assert sha256(key.encode()).hexdigest().encode() in kept
    assert key.encode() not in kept
    assert token.encode() not in kept


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 3000, 400),
        (b"null", 422),
        (b'{"token":1,"device":"a","name":""}', 422),
        (b'{"token":"a","device":"../a","name":""}', 422),
        (b"x" * 5000, 413),
    ],
)
async def test_what_is_no_wish_to_pair_is_refused(stranger: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert (await stranger.post("/pair", content=body)).status_code == status


# -- files


async def test_a_file_is_put_listed_told_read_and_removed(hub: Hub, paired: httpx.AsyncClient) -> None:
    assert (await paired.put(f"/files/{SEGMENT}", content=b"one\ntwo\n")).status_code == 201
    found = (await paired.get("/files", params={"under": "log"})).json()["files"]
    assert [(one["name"], one["bytes"]) for one in found] == [(SEGMENT, 8)]
    assert (await paired.head(f"/files/{SEGMENT}")).headers["upload-length"] == "8"
    said = await paired.get(f"/files/{SEGMENT}", headers={"Range": "bytes=4-"})
    assert (said.status_code, said.content, said.headers["content-range"]) == (206, b"two\n", "bytes 4-7/8")
    assert (await paired.get(f"/files/{SEGMENT}", headers={"Range": "bytes=8-"})).status_code == 416
    assert (await paired.delete(f"/files/{SEGMENT}")).status_code == 204
    assert (await paired.delete(f"/files/{SEGMENT}")).status_code == 404
    assert (await paired.get(f"/files/{SEGMENT}")).status_code == 404
    assert await everything(hub.shelf.disk) == {}


async def test_with_the_heads_goes_all_that_a_meeting_tells(hub: Hub, paired: httpx.AsyncClient) -> None:
    hub.hashes = lambda: [f"{n}" for n in range(12)]
    said = (await paired.get("/files", params={"under": "head"})).json()
    assert said["meeting"] == (await paired.get("/meeting")).json()
    assert said["meeting"]["hashes"] == [f"{n}" for n in range(8)]
    assert hub.record.paired[0].met


async def test_a_file_goes_on_where_it_was_cut(hub: Hub, paired: httpx.AsyncClient) -> None:
    data = Random(3).randbytes(3 * MIB)
    first = await paired.patch(f"/files/{PHOTO}", headers=told(data), content=data[:MIB])
    assert (first.status_code, first.headers["upload-offset"]) == (200, str(MIB))
    assert (await paired.get(f"/files/{PHOTO}")).status_code == 404
    assert (await paired.get("/files", params={"under": "head"})).json()["begun"] == [PHOTO]
    wrong = await paired.patch(f"/files/{PHOTO}", headers=told(data), content=data)
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, str(MIB))
    last = await paired.patch(f"/files/{PHOTO}", headers=told(data, MIB), content=data[MIB:])
    assert last.status_code == 201
    assert (await paired.get(f"/files/{PHOTO}")).content == data
    assert list(await everything(hub.shelf.disk)) == [PHOTO]


async def test_what_was_cut_outlives_the_hub(hub: Hub, device: Device) -> None:
    data = b"a" * 1000
    key = await key_of(hub)
    async with asking(hub, key) as before:
        await before.patch(f"/files/{PHOTO}", headers=told(data), content=data[:400])
    from fieldlog.services.hub.hub import hub_of

    again = await hub_of(device.work)
    async with asking(again, key) as after:
        said = await after.patch(f"/files/{PHOTO}", headers=told(data), content=b"")
        assert said.headers["upload-offset"] == "400"
        said = await after.patch(f"/files/{PHOTO}", headers=told(data, 400), content=data[400:])
        assert said.status_code == 201


async def test_a_file_of_another_hash_gets_no_name_and_is_begun_anew(hub: Hub, paired: httpx.AsyncClient) -> None:
    headers = told(b"right")
    assert (await paired.patch(f"/files/{PHOTO}", headers=headers, content=b"wrong")).status_code == 422
    assert await everything(hub.shelf.disk) == {}
    assert (await paired.patch(f"/files/{PHOTO}", headers=headers, content=b"right")).status_code == 201


async def test_parts_of_two_devices_are_two(hub: Hub, paired: httpx.AsyncClient) -> None:
    data = b"a" * 1000
    await paired.patch(f"/files/{PHOTO}", headers=told(data), content=data[:400])
    other = await key_of(hub, "0195cccc-0000-7000-8000-00000000000c")
    async with asking(hub, other) as beside:
        assert (await beside.patch(f"/files/{PHOTO}", headers=told(data), content=data)).status_code == 201


@pytest.mark.parametrize(
    "name",
    [
        "hub.json", "format.json/x", "../hub.json", "log/../../hub.json", "log//x.jsonl", "%2e%2e/hub.json", "",
        "log", "/etc/passwd", "log/a/1-2-3-0123456789abcdef.jsonl\0", "media/ab/ab.jpg", ".parts/x", "head/..json",
        "head/a/b.json", "C:/x", "log\\a", "head/%00.json", "proof/../../../device.json", "log/é/1-1-1-" + "a" *
        16,
    ],
)  # fmt: skip
async def test_no_name_but_the_exchanges_is_looked_at(hub: Hub, paired: httpx.AsyncClient, name: str) -> None:
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
        said = await paired.request(method, f"/files/{name.replace(chr(0), '%00')}", content=b"x")
        assert said.status_code in (404, 400), (method, said.content)
    assert await everything(hub.shelf.disk) == {}


@pytest.mark.parametrize("under", ["..", "/", "log/..", "logs", "log/a/b", "media/..", ".parts", "log/"])
async def test_no_other_folder_is_listed(paired: httpx.AsyncClient, under: str) -> None:
    assert (await paired.get("/files", params={"under": under})).status_code == 400


async def test_what_is_too_long_or_does_not_say_how_long_is_refused(hub: Hub, paired: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"x"

    too_long = {"Content-Length": str(8 * MIB + 1)}
    assert (await paired.put(f"/files/{HEAD}", content=endless(), headers=too_long)).status_code == 413
    assert (await paired.put(f"/files/{HEAD}", content=endless())).status_code == 411
    for told_bytes in ("3", "-1", "1e3", "０"):
        headers = [(b"content-length", told_bytes.encode())]
        said = await paired.put(f"/files/{HEAD}", content=endless(), headers=headers)
        assert said.status_code in (400, 411)
    over = {**told(b"abc"), "Upload-Length": str(8 * MIB + 1)}
    assert (await paired.patch(f"/files/{HEAD}", headers=over, content=b"abc")).status_code == 400
    assert await everything(hub.shelf.disk) == {}


async def test_who_sends_too_slowly_is_cut_off(
    hub: Hub, paired: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    monkeypatch.setattr(saying, "PIECE_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"one"
        await asyncio.Event().wait()

    said = await paired.put(f"/files/{HEAD}", content=slow(), headers={"Content-Length": "6"})
    assert said.status_code == 408
    assert await everything(hub.shelf.disk) == {}


async def test_a_full_disk_is_said(hub: Hub, paired: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(count: int) -> bool:
        return False

    monkeypatch.setattr(hub.shelf, "has_room", none)
    assert (await paired.put(f"/files/{HEAD}", content=b"{}")).status_code == 507


async def test_other_methods_and_other_paths_are_named_as_such(paired: httpx.AsyncClient) -> None:
    said = await paired.post(f"/files/{HEAD}")
    assert (said.status_code, said.headers["allow"]) == (405, "DELETE, GET, HEAD, PATCH, PUT")
    assert (await paired.delete("/meeting")).status_code == 405
    assert (await paired.get("/pair")).status_code == 405
    assert (await paired.get("/elsewhere")).status_code == 404


async def test_nothing_is_kept_by_whoever_stands_between(paired: httpx.AsyncClient) -> None:
    for path in ("/openapi.json", "/meeting", "/files", "/elsewhere"):
        headers = (await paired.get(path)).headers
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert "access-control-allow-origin" not in headers
