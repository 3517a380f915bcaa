"""A hub over https keeps what every target does, and more: what was cut is gone on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from fieldlog.model.ports import Login
from fieldlog.services.hub.hub import Hub
from fieldlog.services.hub.shelf import Part
from fieldlog.sync.laptop_pinned import certificate_of, pinned_http
from fieldlog.sync.pairing import hash_of
from fieldlog.sync.target import Target, Unreachable
from fieldlog.sync.targets import asking
from fieldlog.sync.targets.hub import HubTarget, NotPaired
from tests.fakes.hubs import DEVICE, bare_hub, key_of, way_to
from tests.sync.contract import HEAD, TargetContract, whole
from tests.sync.servers import Watched

PHOTO = f"media/ab/ab{'c' * 62}.jpg"
MIB = 1 << 20


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with bare_hub(tmp_path / "data") as hub:
        yield hub


class TestHub(TargetContract):
    @pytest.fixture
    async def target(self, hub: Hub) -> AsyncIterator[Target]:
        target, _ = await way_to(hub)
        yield target
        await target.close()


async def test_a_photo_is_one_request_and_so_is_an_idle_look(hub: Hub) -> None:
    target, http = await way_to(hub)
    await target.put(PHOTO, Random(1).randbytes(3 * MIB))
    assert http.asked == {"PATCH": 1}
    http.asked.clear()
    await target.list("head")
    assert http.asked == {"GET": 1}
    await target.close()


async def test_a_file_that_was_cut_is_gone_on_with_by_another_start_too(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's disk refuses in the middle, as one does that is killed."""
    data, wrote, had = Random(2).randbytes(5 * MIB), Part.write, list[int]()

    async def until_three(part: Part, piece: bytes) -> None:
        if part.at >= 3 * MIB:
            raise OSError("pulled out")
        await wrote(part, piece)

    monkeypatch.setattr(Part, "write", until_three)
    monkeypatch.setattr(asking, "WAITS", (0.1,))
    target, _ = await way_to(hub)
    with pytest.raises(Unreachable):
        await target.put(PHOTO, data)
    await target.close()

    async def counted(part: Part, piece: bytes) -> None:
        had.append(len(piece))
        await wrote(part, piece)

    monkeypatch.setattr(Part, "write", counted)
    again, _ = await way_to(hub)
    await again.list("head")
    await again.put(PHOTO, data)
    assert sum(had) <= 2 * MIB
    assert await whole(again, PHOTO) == data
    await again.close()


async def test_who_is_revoked_is_told_to_pair_again(hub: Hub) -> None:
    target, _ = await way_to(hub)
    await target.put(HEAD, b"{}")
    await hub.revoke(DEVICE)
    for _ in range(2):
        with pytest.raises(NotPaired, match="Pair it again"):
            await target.list("head")
    await target.close()


async def test_the_first_address_that_answers_is_asked_from_then_on(hub: Hub) -> None:
    key = await key_of(hub)
    http = Watched(pinned_http(Login(secret=key), await certificate_of(hub.addresses[0], hub.fingerprint)))
    met = list[str]()

    async def told(_: object, url: str) -> None:
        met.append(url)

    target = HubTarget(http, ["https://127.0.0.1:1", f"https://{hub.addresses[0]}"], "hub", told=told)
    await target.list("head")
    await target.list("head")
    assert http.asked == {"GET": 3}
    assert met == [f"https://{hub.addresses[0]}"] * 2
    await target.close()


async def test_another_certificate_is_not_met(hub: Hub, tmp_path: Path) -> None:
    async with bare_hub(tmp_path / "other") as other:
        theirs = await certificate_of(other.addresses[0], other.fingerprint)
        target = HubTarget(pinned_http(Login(secret="x"), theirs), [f"https://{hub.addresses[0]}"], "hub")
        with pytest.raises(Unreachable, match="trust"):
            await target.list("head")
        await target.close()
        with pytest.raises(Unreachable, match="not the hub of this code"):
            await certificate_of(hub.addresses[0], other.fingerprint)
    with pytest.raises(Unreachable):
        await certificate_of(hub.addresses[0], hash_of(b"anything"))
