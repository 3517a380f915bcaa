"""The small files in which a device remembers never stop anything, whatever has become of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model import gate
from fieldlog.model.errors import MissingFile
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.ledger import LEDGER, read_ledger
from fieldlog.services.copies.only_here import delivered
from fieldlog.services.copies.outbox import outgoing
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import Machine, laptop
from fieldlog.services.study.device import Device
from fieldlog.services.study.erase_promise import FILE
from fieldlog.services.study.half_written import FILE as HALF_WRITTEN
from fieldlog.services.study.kept import VERSION, Form, read_kept, write_kept
from fieldlog.services.study.studies import open_study
from fieldlog.store.opentext import SLOTS, _encoded
from tests.fakes.clock import FakeClock, machine_of

DAMAGED = [
    b"", b"{", b"{}", b"[]", b"[1]", b"null", b"5", b'"x"', b"\xff\xfe", b"NaN", b"[" * 3000 + b"]" * 3000,
    b"\x00" * 64,
    b'{"version":"x"}', b'{"version":-1}', b'{"version":99}',
]  # fmt: skip
STUDY = "01950000-0000-7000-8000-000000000001"
FILES = {
    HALF_WRITTEN: ["places"],
    "settings.json": ["rows", "copies", "covered", "bundled", "begun", "archive", "outgoing"],
    "device.json": ["id", "label", "current", "writers", "preferences"],
    FILE: ["at", "ops", "records", "files", "memos"],
}
ODD: list[Any] = [5, "x", "../../pwn", [], [5], [[]], {}, {"x": 5}, {"x": {}}, {"team": "../../pwn"}, True, None]
WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WORDS, inside, max_size=3),
    max_leaves=6,
)


class Root:
    """A laptop in memory that can be looked into: the root of its data, and its one study."""

    def __init__(self) -> None:
        self.machine: Machine = machine_of(FakeClock())
        self.root, self.disk = self.machine.disk_at(""), self.machine.disk_at(f"studies/{STUDY}")

    def place(self, name: str) -> Any:
        return self.root if name == "device.json" else self.disk

    async def written(self) -> None:
        """A note, the open text and a copy's ledger lie there."""
        work = await open_study(self.machine, STUDY, write=True)
        await Capture(work).begin()
        await Capture(work).note("lamps")
        await work.close()

    async def opens(self) -> None:
        """The app opens the study, shows what it remembers, and goes on."""
        desk = Desk(self.machine)
        await desk._sit(await open_study(self.machine, STUDY, write=True))
        assert desk.work
        assert desk.copies
        assert "lamps" in [doc["text"] for doc in desk.work.store.state.entries()]
        said = await read_ledger(desk.work)
        assert all(one.at.tzinfo for one in (*delivered(said), *desk.copies.copies))
        assert all(one.at and one.at.tzinfo for one in await outgoing(desk.work))
        assert all(at.tzinfo for at in said.unfinished.values())
        for one in (desk.copies.archive,):
            assert one is None or all(at.tzinfo for at in (one.at, one.verified_at) if at)
        assert (await Capture(desk.work).note("still writing")).text == "still writing"
        await desk.close()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("data", DAMAGED)
async def test_a_damaged_file_stops_nothing(name: str, data: bytes) -> None:
    root = Root()
    await root.written()
    await root.place(name).replace(name, data)
    await root.opens()


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, keys in FILES.items() for key in keys])
async def test_a_key_that_says_what_cannot_be_stops_nothing(name: str, key: str) -> None:
    for odd in ODD:
        root = Root()
        await root.written()
        disk = root.place(name)
        said: dict[str, Any] = {}
        if name == "device.json":
            said = json.loads(await disk.read(name))
        await disk.replace(name, json.dumps({**said, key: odd}).encode())
        await root.opens()


@pytest.mark.parametrize("name", FILES)
@given(
    said=st.dictionaries(
        st.sampled_from([key for keys in FILES.values() for key in keys] + ["version", "new"]), plain
    )
)
async def test_any_other_file_stops_nothing_either(name: str, said: dict[str, Any]) -> None:
    root = Root()
    await root.written()
    await root.place(name).replace(name, json.dumps(said).encode())
    await root.opens()


async def test_a_damaged_device_file_is_laid_aside_and_a_new_one_written() -> None:
    root = Root()
    await root.written()
    for data in (b"{}", b"[]"):
        await root.root.replace("device.json", data)
        await root.opens()
        assert data in [
            await root.root.read(one.name) for one in await root.root.list("") if "damaged" in one.name
        ]
        told = json.loads(await root.root.read("device.json"))
        assert (gate.identifier(told["id"]), told["writers"][STUDY].keys()) == (None, {"team", "mine"})
        assert told["version"] == VERSION


async def test_what_can_be_read_of_a_device_file_stays() -> None:
    root = Root()
    await root.written()
    before = json.loads(await root.root.read("device.json"))
    await root.root.replace(
        "device.json", json.dumps({**before, "label": 5, "preferences": {"language": "zh", "look": []}}).encode()
    )
    device = await Device.load(root.machine)
    assert (device.id, device.writers, device.label) == (before["id"], before["writers"], "")
    assert device.preferences == {"language": "zh"}


async def test_what_a_later_version_keeps_stays_where_it_is() -> None:
    root = Root()
    await root.written()
    before = json.loads(await root.root.read("device.json"))
    await root.root.replace("device.json", json.dumps({**before, "version": 7, "badge": {"a": 1}}).encode())
    device = await Device.load(root.machine)
    await device.prefer("look", "night")
    told = json.loads(await root.root.read("device.json"))
    assert (told["version"], told["badge"], told["preferences"]) == (7, {"a": 1}, {"look": "night"})


async def test_an_earlier_version_is_brought_to_the_present_one_in_one_place() -> None:
    def renamed(said: dict[str, Any]) -> dict[str, Any]:
        return {"title": said.pop("name"), **said}

    disk = MemoryDisk()
    form = Form(path="a.json", whole={"title": gate.text}, each={}, earlier=(renamed,))
    for said in (
        b'{"name":"x","more":1}',
        b'{"version":1,"name":"x","more":1}',
        b'{"version":2,"title":"x","more":1}',
    ):
        await disk.replace("a.json", said)
        found = await read_kept(disk, form)
        assert (found["title"], found["more"]) == ("x", 1)


async def test_a_damaged_ledger_is_laid_aside_once_it_is_written_again() -> None:
    disk = MemoryDisk()
    await disk.replace("settings.json", b"[1]")
    assert await read_kept(disk, LEDGER) == {}
    await write_kept(disk, LEDGER, {"begun": {"/a.zip.part": "2025-03-16T09:00:00+00:00"}})
    aside = [one.name for one in await disk.list("") if "damaged" in one.name]
    assert [await disk.read(name) for name in aside] == [b"[1]"]
    await write_kept(disk, LEDGER, {})
    assert len([one for one in await disk.list("") if "damaged" in one.name]) == 1


async def test_a_promise_that_cannot_be_read_any_more_is_kept_for_all_that_has_a_tombstone() -> None:
    root = Root()
    work = await open_study(root.machine, STUDY, write=True)
    await Capture(work).begin()
    secret = await Capture(work).note("what she said in the car")
    other = await Capture(work).note("lamps")
    journal = f"journals/{work.store.own_writers['team']}/000001.jsonl"
    line = await root.disk.read(journal)
    await Erasing(work).erase([secret.id], reason="asked-to")
    ends = await root.disk.read(journal)
    await work.close()
    tombstone = ends[ends.rindex(b'{"fl"', 0, len(ends) - 1) :]
    assert b"in the car" not in ends
    assert b"in the car" in line
    await root.disk.replace(journal, line + tombstone)
    await root.disk.replace("views/index.json", b"{}")
    await root.disk.replace(FILE, b'{"at"')
    again = await open_study(root.machine, STUDY, write=True)
    left = await root.disk.read(journal)
    assert b"in the car" not in left
    assert again.store.state.get(other.id)
    with pytest.raises(MissingFile):
        await root.disk.read(FILE)
    await again.close()


OPEN = {
    "id": "01950000-0000-7000-8000-0000000000aa", "text": "half a sentence", "session": None, "during": {},
    "began": {"at": "2025-03-16T08:00:00+00:00"}, "chips": {},
}  # fmt: skip


@pytest.mark.parametrize("key", [*OPEN, "kept", "drafted"])
async def test_the_words_of_an_open_text_are_kept_whatever_else_it_says(key: str) -> None:
    for odd in [
        *ODD,
        "9999-12-31T23:59:59-12:00",
        {"at": "9999-12-31T23:59:59-12:00"},
        {"note_type": []},
        {"back": -5},
    ]:
        if key == "text" and not isinstance(odd, str):
            continue
        root = Root()
        await root.written()
        await root.disk.replace(SLOTS[1], _encoded(1, {**OPEN, key: odd}))
        desk = Desk(root.machine)
        await desk._sit(await open_study(root.machine, STUDY, write=True))
        assert desk.work
        texts = [doc["text"] for doc in desk.work.store.state.entries()]
        assert (odd if key == "text" else "half a sentence") in texts, (key, odd)
        await desk.close()


@pytest.mark.parametrize(
    "data", [*DAMAGED, _encoded(1, None), b"fieldlog-open/1 1 x\n{}", b"fieldlog-open/2 1 x\n{}"]
)
async def test_damaged_slots_stop_nothing(data: bytes) -> None:
    root = Root()
    await root.written()
    for slot in SLOTS:
        await root.disk.replace(slot, data)
    await root.opens()


@settings(max_examples=30)
@given(said=plain)
async def test_an_open_text_that_says_anything_stops_nothing(said: Any) -> None:
    root = Root()
    await root.written()
    await root.disk.replace(SLOTS[0], _encoded(2, said))
    await root.opens()


async def test_a_study_that_is_named_by_a_damaged_device_file_is_not_made(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "data")
    work = await open_study(machine, STUDY, write=True)
    await work.close()
    told = tmp_path / "data" / "device.json"
    for current in ("../../../pwn", "typo", "", 5):
        told.write_text(json.dumps({**json.loads(told.read_text()), "current": current}))
        work = await open_study(machine, write=True)
        assert work.store.project == STUDY
        await work.close()
    assert [one.name for one in (tmp_path / "data" / "studies").iterdir()] == [STUDY]
    assert not list(tmp_path.glob("**/pwn"))
