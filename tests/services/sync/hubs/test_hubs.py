"""A hub as a laptop knows it: paired by its code, found again wherever it went, met by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fieldlog.model.errors import NotFound, WrongPlace
from fieldlog.services.machine.machine import Machine, laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.sync.addresses import known_by, name_of_place, reached, stands_alone
from fieldlog.services.sync.hubs.known import known_hub, known_hubs
from fieldlog.services.sync.hubs.reach import pair
from fieldlog.services.sync.places.meeting import answers, join_there, meet
from fieldlog.services.sync.places.meetings import Meetings
from fieldlog.services.sync.places.outcome import Met
from fieldlog.services.sync.places.paired import paired_place, place_meant
from fieldlog.services.sync.places.places import Place, keep_place, read_places
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.pairing import read_code
from fieldlog.sync.target import TargetRefused, Unreachable
from fieldlog.sync.targets.hub import NotPaired
from tests.fakes.hubs import DEVICE, Ring, Served, hub_open
from tests.fakes.ports import free_port


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with hub_open(tmp_path / "hub") as served:
        yield served


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return laptop(tmp_path / "mine")


@pytest.fixture
def secrets(machine: Machine) -> Secrets:
    return Secrets(machine.offload, ring=Ring())


async def test_an_empty_laptop_pairs_joins_and_knows_the_hub_by_its_name(
    served: Served, machine: Machine, secrets: Secrets
) -> None:
    place = await paired_place(machine, served.hub.new_code(), secrets, name="Ben’s laptop")
    assert (place.kind, place.name) == ("hub", "Ana’s laptop")
    done = await join_there(machine, place.address, secrets)
    assert done.lines_in
    assert [one.name for one in served.hub.record.paired] == ["Ben’s laptop"]
    assert (await place_meant(machine, "Ana’s laptop", secrets)).address == place.address
    assert (await place_meant(machine, "/media/stick", secrets)).address == "/media/stick"


async def test_a_hub_is_no_copy_of_its_own_and_its_address_is_no_secret(served: Served, machine: Machine) -> None:
    address = f"hub://{served.hub.record.id}"
    assert not await stands_alone(machine, address)
    assert known_by(address) == address
    assert name_of_place(address) == served.hub.record.id


async def test_what_is_remembered_of_a_hub_holds_no_key(
    served: Served, machine: Machine, secrets: Secrets, tmp_path: Path
) -> None:
    place = await paired_place(machine, served.hub.new_code(), secrets)
    key, _ = await secrets.find(place.address)
    files = [path.read_bytes() for path in (tmp_path / "mine").rglob("*") if path.is_file()]
    assert [data for data in files if key.encode() in data] == []
    assert any(served.hub.fingerprint.encode() in data for data in files)


async def test_another_address_needs_no_new_pairing(machine: Machine, secrets: Secrets, tmp_path: Path) -> None:
    async with hub_open(tmp_path / "hub") as first:
        place = await paired_place(machine, first.hub.new_code(), secrets)
        await join_there(machine, place.address, secrets)
        before = first.hub.addresses[0]
    async with hub_open(tmp_path / "hub", port=free_port()) as moved:
        assert moved.hub.addresses[0] != before
        work = await open_study(machine, write=True)
        with pytest.raises(Unreachable):
            await meet(work, place.address, secrets)
        code = moved.hub.code()
        assert not read_code(code).token
        found = await paired_place(machine, code, secrets)
        assert found.address == place.address
        assert (await meet(work, place.address, secrets)).done.problems == []
        known = await known_hub(machine, place.address)
        assert known is not None
        assert known.addresses[0] == moved.hub.addresses[0]
        assert len(moved.hub.record.paired) == 1
        await work.close()


async def test_a_code_that_only_says_where_pairs_nobody(
    served: Served, machine: Machine, secrets: Secrets
) -> None:
    with pytest.raises(NotFound, match="not paired with that hub"):
        await paired_place(machine, served.hub.code(), secrets)
    assert served.hub.record.paired == []


async def test_each_meeting_hands_out_what_is_needed_for_the_next(
    served: Served, machine: Machine, secrets: Secrets
) -> None:
    place = await paired_place(machine, served.hub.new_code(), secrets)
    await join_there(machine, place.address, secrets)
    served.hub.hashes = lambda: ["one", "two"]
    served.hub.name = "Ana’s new name"
    async with reached(machine, place.address, secrets) as target:
        await target.list("head")
    known = await known_hub(machine, place.address)
    assert known is not None
    assert (known.hashes, known.name) == (("one", "two"), "Ana’s new name")


async def test_an_address_at_which_somebody_else_is_by_now_is_passed_over(
    served: Served, machine: Machine, secrets: Secrets, tmp_path: Path
) -> None:
    async with hub_open(tmp_path / "stranger") as stranger:
        code = served.hub.new_code()
        both = code.replace(served.hub.addresses[0], f"{stranger.hub.addresses[0]},{served.hub.addresses[0]}")
        await pair(machine, both, secrets, device=DEVICE, name="me")
        assert stranger.hub.record.devices == []
        assert [one.id for one in await known_hubs(machine)] == [served.hub.record.id]


async def test_a_used_code_is_refused_in_words(served: Served, machine: Machine, secrets: Secrets) -> None:
    code = served.hub.new_code()
    await paired_place(machine, code, secrets)
    with pytest.raises(TargetRefused, match="used, too old or wrong"):
        await paired_place(machine, code, secrets)


async def test_the_hub_of_another_study_is_none_of_this_one(
    served: Served, machine: Machine, secrets: Secrets
) -> None:
    with pytest.raises(WrongPlace, match="another study"):
        await paired_place(machine, served.hub.new_code(), secrets, study="0195ffff-0000-7000-8000-000000000009")


async def test_who_was_revoked_is_told_to_pair_again_and_forgets_its_key(
    served: Served, machine: Machine, secrets: Secrets
) -> None:
    place = await paired_place(machine, served.hub.new_code(), secrets)
    await join_there(machine, place.address, secrets)
    await served.hub.revoke(served.hub.record.paired[0].id)
    work = await open_study(machine, write=True)
    for _ in range(2):
        with pytest.raises(NotPaired, match="Pair it again"):
            await meet(work, place.address, secrets)
    assert (await paired_place(machine, served.hub.new_code(), secrets)).address == place.address
    assert isinstance(await meet(work, place.address, secrets), Met)
    await work.close()


async def test_a_hub_is_looked_for_by_itself_and_nobody_is_told_that_it_is_away(
    machine: Machine, secrets: Secrets, tmp_path: Path
) -> None:
    async with hub_open(tmp_path / "hub") as served:
        place = await paired_place(machine, served.hub.new_code(), secrets)
        await join_there(machine, place.address, secrets)
    work = await open_study(machine, write=True)
    assert await answers(work, place.address)
    assert not await answers(work, "hub://0195ffff-0000-7000-8000-000000000009")
    meetings = Meetings(machine)
    meetings.secrets = secrets
    meetings.sit(work)
    for may_be_away in (True, False):
        meetings.begin(place.address, may_be_away=may_be_away)
        assert meetings._task is not None
        await meetings._task
        assert (place.address in meetings.ended) is not may_be_away
    await meetings.leave()
    await work.close()


async def test_what_a_hub_is_called_stays_with_its_place(
    served: Served, machine: Machine, secrets: Secrets
) -> None:
    place = await paired_place(machine, served.hub.new_code(), secrets)
    await join_there(machine, place.address, secrets)
    work = await open_study(machine, write=True)
    await keep_place(work.store.disk, place)
    await meet(work, place.address, secrets)
    [kept] = await read_places(work.store.disk)
    assert (kept.name, kept.met is not None) == ("Ana’s laptop", True)
    assert Place(address=place.address).name == served.hub.record.id
    await work.close()
