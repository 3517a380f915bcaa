"""A small study for the archive's tests: one long night, the day after, and every odd thing a note can be."""

from __future__ import annotations

import hashlib
import json
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldlog.archive.living.write import Written, write
from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ids import day_id, imported_id
from fieldlog.model.op import Op, stamp
from fieldlog.model.ports import Disk
from fieldlog.model.state import State
from tests.fakes.months import Converter, HeldJournals, HeldMedia, here, journal, state_of, wav
from tests.month.make_month import Month

SAMPLE = Path(__file__).parent.parent.parent / "assets" / "sample" / "month.json"
STUDY = imported_id(0, "study", "night")
NIGHT = "2025-03-16_pd14"
MORROW = "2025-03-17_pd15"
SEGMENT = {"kind": "audio", "extension": "wav", "frames": 1600, "rate": 16000, "channels": 1}


def record(kind: str, name: str) -> str:
    return imported_id(0, STUDY, kind, name)


@dataclass
class World:
    """Operations as they were made, and the bytes of the media they name."""

    ops: list[Op] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    study: str = STUDY

    def do(self, k: str, kind: str, e: str, v: dict[str, Any], base: dict[str, list[str]] | None = None) -> str:
        u = imported_id(len(self.ops) + 1, "op")
        t = stamp(1742000000000 + len(self.ops), 0, "w1")
        self.ops.append(Op(u=u, t=t, r=kind, e=e, k=k, v=v, base=base or {}))
        return u

    def new(self, kind: str, name: str, /, **fields: Any) -> str:
        """Make a record; the id is made from its name."""
        fixed = {"study": STUDY, "day": day_id(STUDY, fields.get("date", ""))}
        found = fixed.get(kind) or record(kind, name)
        self.do("new", kind, found, fields)
        return found

    def note(self, name: str, at: str, text: str = "", /, **fields: Any) -> str:
        fields = {"created_at": at, "precision": "minute", **fields, "occurred_at": at, "text": text}
        return self.new("entry", name, **fields)

    def file(self, name: str, data: bytes, /, **fields: Any) -> str:
        sha = hashlib.sha256(data).hexdigest()
        self.files[sha] = data
        return self.new("attachment", name, sha256=sha, bytes=len(data), **fields)

    def reworded(self, name: str, text: str) -> None:
        made = next(op.u for op in self.ops if op.e == record("entry", name))
        self.do("set", "entry", record("entry", name), {"text": text}, {"text": [made]})

    def then(self) -> World:
        """A copy that goes on from here."""
        return World(list(self.ops), dict(self.files), self.study)

    def state(self) -> State:
        return state_of(self.ops)

    def media(self) -> HeldMedia:
        return HeldMedia(self.files)

    def journals(self) -> HeldJournals:
        return HeldJournals({"w1": journal(self.study, "w1", self.ops), "w2": b""})

    async def written(self, disk: Disk, **how: Any) -> Written:
        media = how.pop("media", None) or self.media()
        return await write(disk, self.state(), self.journals(), media, offload=here, **how)


def night() -> World:
    """PD14, a night shoot that wraps at noon of the next date, and PD15 after it."""
    world = World()
    world.new("study", "", title="Vertical days", title_zh="竖屏的日子", default_tz="Asia/Shanghai")
    world.new("person", "P02", code="P02", pseudonym="Lan", pseudonym_zh="兰导", role="director", role_zh="导演")
    world.new("person", "P14", code="P14", pseudonym="Zhe", role="actor | lead")
    world.new("place", "L05", code="L05", name="Office tower", name_zh="写字楼")
    world.new("code", "roi", code="metrics.roi", label="ROI", memo="any talk of money")
    world.new("scene", "44-1", code="44-1", episode=44)
    world.new(
        "day", "", date="2025-03-16", code="PD14", n=14, type="shoot", title="The long one",
        starts="2025-03-16T16:00:00+08:00", ends="2025-03-17T12:00:00+08:00", place=record("place", "L05"),
    )  # fmt: skip
    world.new("day", "", date="2025-03-17", code="PD15", n=15, type="shoot", starts="2025-03-17T15:00:00+08:00")
    world.new("day", "", date="2025-03-20", code="PD18", n=18, type="off")
    world.new(
        "session", "park", type="shoot", title="Car park", starts="2025-03-17T00:30:00+08:00",
        ends="2025-03-17T05:00:00+08:00", day="2025-03-16", place=record("place", "L05"),
        people=[record("person", "P02")], scenes=[record("scene", "44-1")], may_record=["notes", "audio"],
    )  # fmt: skip
    world.new("take", "44-1/2", scene=record("scene", "44-1"), take="2", result="OK", secs=11.5, day="2025-03-16")
    _notes(world)
    _media(world)
    world.note("next", "2025-03-17T16:00:00+08:00", "A new day, same stairs.")
    return world


def _notes(world: World) -> None:
    park, lan = record("session", "park"), record("person", "P02")
    world.note("dusk", "2025-03-16T18:20:00+08:00", "Lamps on.", created_at="2025-03-16T20:20:00+08:00")
    world.note(
        "quote", "2025-03-17T01:10:00+08:00", "“再来一条。”", kind="quote", note_type="ON", speech="verbatim",
        session=park, people=[lan], codes=[record("code", "roi")], scene=record("scene", "44-1"), take="2",
    )  # fmt: skip
    world.note("abroad", "2025-03-16T18:15:00+01:00", "From far away.", occurred={"zone": "Europe/London"})
    world.note(
        "early", "2025-03-16T23:59:00+08:00", "Clock off.", occurred={"suspect": True, "wall": "2025-01-01"}
    )
    world.note("gone", "2025-03-16T22:00:00+08:00", "Never mind.")
    gone = next(op.u for op in world.ops if op.e == record("entry", "gone"))
    world.do("del", "entry", record("entry", "gone"), {}, {"*": [gone]})
    world.note("asked", "2025-03-16T22:05:00+08:00", "Words of someone who withdrew.")
    mark = {"occurred_at": "2025-03-16T22:05:00+08:00"}
    world.do("erase", "entry", record("entry", "asked"), mark)
    world.note("two", "2025-03-16T22:10:00+08:00", "First.")
    first = next(op.u for op in world.ops if op.e == record("entry", "two"))
    world.do("set", "entry", record("entry", "two"), {"text": "Hers."}, {"text": [first]})
    world.do("set", "entry", record("entry", "two"), {"text": "His."}, {"text": [first]})
    world.new("link", "a", source=record("entry", "quote"), target=record("entry", "dusk"), rel="about")


def _media(world: World) -> None:
    parts = [world.file(f"part{n}", wav(bytes([n, 0]) * 1600), **SEGMENT) for n in (1, 2, 3)]
    photo = world.file("photo", b"\xff\xd8 a photo", kind="photo", extension="jpg", caption="=Stairs [1]")
    missing = world.new("attachment", "lost", kind="photo", name="IMG_7.jpg", extension="jpg")
    world.note("memo", "2025-03-17T02:00:00+08:00", kind="voice", attachments=parts)
    world.note("pictures", "2025-03-17T02:00:30+08:00", "Two of them.", kind="photo", attachments=[photo, missing])
    world.file("sheet", b"call,07:30\n", kind="document", extension="CSV", captured_at="2025-03-16T17:00:00+08:00")


def edges() -> dict[str, str]:
    """Name to text of every hard case of the scaled month."""
    month = scaled(0)
    names = month.truth["edge_entries"]
    texts = {entry["id"]: entry["text"] for entry in month.S["entries"]}
    return {name: texts[source] for name, source in names.items()}


def scaled(entries: int) -> Any:
    make: Any = Month
    month = make(json.loads(SAMPLE.read_text(encoding="utf-8")), Namespace(seed=20250303))
    month.entries(entries)
    month.edge()
    return month


def sample(entries: int = 0) -> World:
    """The sample month, scaled, with edge cases, and a few bytes for each of its media."""
    data = scaled(entries).S
    files = {}
    for attachment in data["attachments"]:
        made = f"bytes of {attachment['id']}".encode()
        attachment["sha256"], attachment["bytes"] = hashlib.sha256(made).hexdigest(), len(made)
        files[attachment["sha256"]] = made
    made_by = Converter(data)
    return World(made_by.run(), files, made_by.study)


async def tree(disk: Disk, folder: str = "") -> dict[str, bytes | None]:
    """Everything below a folder: path to bytes, folders to None."""
    found: dict[str, bytes | None] = {}
    for entry in await disk.list(folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        found[path] = None if entry.is_dir else await disk.read(path)
        if entry.is_dir:
            found |= await tree(disk, path)
    return found


async def fresh(world: World) -> Disk:
    """The world's archive as one writing into an empty folder leaves it."""
    disk = MemoryDisk()
    await world.written(disk)
    return disk
