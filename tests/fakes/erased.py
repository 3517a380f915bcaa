"""A study with things to be erased in it, and a search for what is left of them, byte by byte."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from PIL import Image

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.entry import Link
from fieldlog.model.ports import Disk
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.memo import filing as memo
from fieldlog.services.study.workspace import Workspace
from tests.fakes.phone import Phone

RATE = 8000
SECOND = RATE * 2
SEGMENT_SECONDS = 2
SOUND_SECONDS = 6
ENGLISH, CHINESE = "Don't use what was said in the van", "车上说的那些别用了"
EARLIER = ("They said in the van that it was all staged", "他们在车上说全是摆拍的")
SENT = "刚刚写的这一句也要删掉 the sentence just sent"
STAYS = "雨停了，灯还没好 the rain has stopped"


@dataclass
class World:
    """What was put into a study: ids, the bytes of sound and picture, and the sentences that are to go."""

    note: str = ""
    sent: str = ""
    memo: str = ""
    photo: str = ""
    mark: str = ""
    sound: bytes = b""
    picture: bytes = b""
    other: bytes = b""
    ids: dict[str, str] = field(default_factory=dict)

    def block(self, second: float) -> bytes:
        """64 bytes of the sound that stand nowhere else."""
        at = int(second * RATE) * 2
        return self.sound[at : at + 64]


def photograph(seed: int) -> bytes:
    picture = Image.frombytes("RGB", (480, 320), Random(seed).randbytes(480 * 320 * 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


async def a_world(desk: Desk) -> World:
    """A note with a history and a link, a memo of three segments with a mark in it, two photos, one just sent."""
    assert desk.work and desk.capture and desk.writing
    work, capture, world = desk.work, desk.capture, World()
    stays = await capture.note(STAYS)
    note = await capture.note(f"{EARLIER[0]} {EARLIER[1]}")
    world.note = note.id
    editing = Editing(work)
    await editing.reword(note.id, f"{EARLIER[1]} {ENGLISH}")
    await editing.reword(note.id, f"{ENGLISH} {CHINESE}")
    await work.save([work.op(Link(id=work.machine.new_id(), source=stays.id, target=note.id, rel="about"))])
    world.sound = Random(7).randbytes(SOUND_SECONDS * SECOND)
    world.memo = await recorded(work, capture, world.sound)
    during = {"memo": world.memo, "at": 5.0}
    world.mark = (await capture.note("", Chips(kind="marker", during=during))).id
    world.picture, world.other = photograph(1), photograph(2)
    world.photo = await filed(capture, world.picture)
    await filed(capture, world.other)
    await work.store.settle(idle=True)
    desk.typed(SENT, Chips())
    await desk.writing.keep()
    sent = await desk.send()
    assert sent
    world.sent = sent.id
    return world


async def filed(capture: Capture, data: bytes) -> str:
    entry, taken = await capture.file(Bytes(name="IMG_1.jpg", data=data))
    assert entry
    assert {"thumb.jpg", "preview.jpg"} <= set(taken.derived)
    return entry.id


async def recorded(work: Workspace, capture: Capture, sound: bytes) -> str:
    recording = await memo.begin(work, capture, rate=RATE, segment_frames=SEGMENT_SECONDS * RATE)
    for at in range(0, len(sound), SECOND // 4):
        recording.push(sound[at : at + SECOND // 4])
        await recording.step()
    stopped = await memo.stop(work, recording)
    assert stopped
    return stopped.entry.id


def spellings(text: str) -> list[bytes]:
    """A sentence as it may stand in a file: UTF-8, UTF-16 of both kinds, and escaped in JSON."""
    escaped = json.dumps(text)[1:-1].encode()
    return [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), escaped]


async def everything(disk: Disk, folder: str = "") -> dict[str, bytes]:
    """Every file of a disk."""
    found: dict[str, bytes] = {}
    for entry in await disk.list(folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        found |= await everything(disk, path) if entry.is_dir else {path: await disk.read(path)}
    return found


def hits(files: dict[str, bytes], *wanted: str | bytes) -> dict[str, list[Any]]:
    """Which of these texts and bytes stand in which files. {} is the good answer."""
    found: dict[str, list[Any]] = {}
    for one in wanted:
        for spelled in spellings(one) if isinstance(one, str) else [one]:
            for path, data in files.items():
                if spelled in data:
                    found.setdefault(path, []).append(one if isinstance(one, str) else one[:8].hex())
    return found


async def left_of(phone: Phone, *wanted: str | bytes) -> dict[str, list[Any]]:
    return hits(await everything(phone.disk), *wanted)


def copy_of(disk: MemoryDisk) -> MemoryDisk:
    """The same files on another disk."""
    return disk.crash()
