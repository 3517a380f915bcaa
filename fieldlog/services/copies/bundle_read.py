"""What a bundle holds, read as far as it is whole: which study, the lines, where its originals lie.

A member is known again by its name, which says what it hashes to, and a line by its checksum: so a flipped bit
anywhere costs no more than what it hits. In the place of a line that is damaged stands its lost form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from fieldlog.model import gate
from fieldlog.model.branch import writer_of
from fieldlog.model.chain import Behind
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.records import original_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.strict_json import read_json
from fieldlog.services.copies.bundle_parts import SEAL
from fieldlog.services.copies.bundle_zip import TORN, Place, Way, held, is_torn, places, read
from fieldlog.services.machine.long_work import breath
from fieldlog.store.journal import Position
from fieldlog.store.passing import Lost, Passing
from fieldlog.store.reached import Reached
from fieldlog.sync.layout import READS

NOTHING = sentence("{name} is not a whole FieldLog bundle; nothing was imported.")
NO_ZIP = sentence("{name} is not a whole bundle (it is no ZIP file, or its end is missing); nothing was imported.")
NEWER = sentence("{name} was made by a newer FieldLog; update this one first.")
MEMBER = sentence("{member} of the bundle is damaged; what of it is whole was read.")
NO_END = sentence("The end of {name} is damaged or missing; it was read by what stands before each of its files.")
FOREIGN = sentence("{member} of the bundle is none of its originals and was left out.")
_SEALED = re.compile(SEAL.replace(".", r"\.").encode() % (rb"([0-9A-Za-z-]{1,64})", rb"([0-9a-f]{64})") + rb"\Z")
_PART_BYTES = 1 << 16
_STRETCH = re.compile(r"(\d+)-(?:(\d+)-)?(\d+)-([0-9a-f]{16})\.jsonl")


@dataclass(kw_only=True)
class Unpacked:
    """`lines` are every writer's, in order; `named` leads from the sha256 of an original to a record that names
    it, `media` to where its bytes should lie. `faults` are sentences about the file itself, `lost` the lines that
    it should hold and does not. `sealed` is the hash that its end says of all before, "" where it says none.
    `says` is whether one of the lines still says what it said. `told` are the bytes of `format.json`, none where
    that is damaged, and `names` those of all other members.
    """

    name: str
    project: str
    form: Mapping[str, Any]
    lines: dict[str, list[bytes]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    media: dict[str, Way] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    sealed: str = ""
    says: bool = False
    told: bytes = b""
    names: list[str] = field(default_factory=list)


async def unpack(file: BinaryIO, name: str) -> Unpacked:
    """Raises `NotUnderstood` for what is no bundle, holds not one whole line, or can only be read by a newer
    one."""
    try:
        found, torn = places(file), is_torn(file)
    except TORN as why:
        raise NotUnderstood(Sentence(NO_ZIP, name=name)) from why
    sealed = _SEALED.search(_tail(file))
    form, whole = _form(file, found)
    if not whole:
        # The study stands once more in the seal; newer lines are kept and passed on as they are.
        form = {"project": sealed[1].decode(), "min_reader": READS} if sealed else {}
    if not form.keys() >= {"project", "min_reader"}:
        raise NotUnderstood(Sentence(NOTHING, name=name))
    project = gate.taken(gate.identifier, "project", form["project"])
    if gate.taken(gate.whole, "min_reader", form["min_reader"]) > READS:
        raise NotUnderstood(Sentence(NEWER, name=name))
    bundle = Unpacked(
        name=name, project=str(project), form=form, sealed=sealed[2].decode() if sealed else "", told=whole,
        names=[place[0].name for place in found if place[0].name != "format.json"],
    )  # fmt: skip
    if torn or (not sealed and "reached" in form):
        bundle.faults.append(Sentence(NO_END, name=name))
    if not whole:
        bundle.faults.append(Sentence(MEMBER, member="format.json"))
    for place in found:
        await _take(bundle, file, place)
    if not bundle.says and (torn or not whole):
        raise NotUnderstood(Sentence(NOTHING, name=name))
    told = form.get("reached")
    for writer in told.keys() - bundle.lines.keys() if isinstance(told, dict) else ():
        await _pass(bundle, writer, b"")
    return bundle


def original(file: BinaryIO, way: Way) -> Iterator[bytes]:
    """The bytes of an original; where they end early, its hash tells."""
    try:
        yield from read(file, way)
    except TORN:
        return


def must_go_on_from(bundle: Unpacked, ends: Mapping[str, Position]) -> None:
    """Of what is new since a bundle, all before it must be here. Raises `Behind`.

    One for the team says no personal lane to be there.
    """
    since = bundle.form.get("since")
    for writer, n in since.items() if isinstance(since, dict) else ():
        have = ends[writer].n if writer in ends else 0
        if type(n) is int and n > have and (writer in bundle.lines or not bundle.form.get("team_only")):
            raise Behind(writer, have, n + 1)


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - 400))
    return file.read()


def _form(file: BinaryIO, found: list[Place]) -> tuple[dict[str, Any], bytes]:
    """What `format.json` says, and its bytes; none where that is not what was written there."""
    for way in (way for place in found for way in place if way.name == "format.json"):
        data, whole = held(file, way)
        try:
            said = read_json(data) if whole else None
        except ValueError:
            said = None
        if isinstance(said, dict):
            return said, data
    return {}, b""


async def _take(bundle: Unpacked, file: BinaryIO, place: Place) -> None:
    names = {way.name.split("/")[0] for way in place}
    if "log" in names and not ("media" in names and await _medium(bundle, file, place)):
        await _stretch(bundle, file, place)
    elif "media" in names:
        await _medium(bundle, file, place)
    if len(place) > 1 and names & {"log", "media", "format.json"}:
        bundle.faults.append(Sentence(MEMBER, member=place[0].name))


async def _medium(bundle: Unpacked, file: BinaryIO, place: Place) -> bool:
    """Take note of an original by the way that leads to it; whether there is one."""
    ways = [way for way in place if gate.sha256(PurePosixPath(way.name).stem) is None]
    if not ways and any(way.name.startswith("media/") for way in place):
        bundle.faults.append(Sentence(FOREIGN, member=place[0].name))
    for way in ways if len(ways) > 1 else ():
        hashing = hashlib.sha256()
        for piece in original(file, way):
            hashing.update(piece)
            await breath()
        if hashing.hexdigest() == PurePosixPath(way.name).stem:
            ways = [way]
            break
    if ways:
        bundle.media.setdefault(PurePosixPath(ways[0].name).stem, ways[0])
    return bool(ways)


async def _stretch(bundle: Unpacked, file: BinaryIO, place: Place) -> None:
    """Take in a stretch of a journal: as it stands where it is whole, else line by line."""
    ways = [way for way in place if way.name.startswith("log/")]
    tried = [(way, *held(file, way)) for way in ways]
    way, data, _ = next((one for one in tried if _is_whole(one[0].name, one[1])), tried[0])
    whole = _is_whole(way.name, data)
    writer = _writer(ways, data)
    if writer is None and whole:
        gate.taken(gate.writer, way.name, way.name.split("/")[1])
    await breath()
    if writer is None:
        bundle.faults.append(Sentence(MEMBER, member=way.name))
        return
    await _pass(bundle, writer, data)
    if not whole:
        bundle.faults.append(Sentence(MEMBER, member=way.name))


def _in_parts(data: bytes) -> Iterator[bytes]:
    """Lines by so many as a turn has room for."""
    start = 0
    while start < len(data):
        stop = data.find(b"\n", start + _PART_BYTES) + 1 or len(data)
        yield data[start:stop]
        start = stop


async def _pass(bundle: Unpacked, writer: str, data: bytes) -> None:
    passing = Passing(writer=writer, project=bundle.project, part=True, reached=_reached(bundle, writer))
    for some in passing.lines([*enumerate(_in_parts(data)), (-1, b"")]):
        await breath()
        bundle.lines.setdefault(writer, []).extend(line.raw for line in some)
        bundle.says |= any(line.form not in ("lost", "headless") for line in some)
        for op in (op for line in some for op in line.ops if op.r == "attachment"):
            if gate.sha256(sha256 := original_of(op.v)) is None:
                bundle.named[str(sha256)] = op.e
    bundle.lost += passing.lost


def _is_whole(name: str, data: bytes) -> bool:
    found = _STRETCH.fullmatch(PurePosixPath(name).name)
    return bool(found and int(found[3]) == len(data) and hashlib.sha256(data).hexdigest()[:16] == found[4])


_WRITER = re.compile(rb'"head":\{"w":"([^"\\]{1,64})"')


def _writer(ways: Sequence[Way], data: bytes) -> str | None:
    """Whose stretch it is: as a name says and a line, too; else as a name says, else as a line does."""
    told = [one.decode("utf-8", "replace") for one in _WRITER.findall(data)]
    named = [way.name.split("/")[1] for way in ways]
    both = [one for one in named if writer_of(one) in told]
    return next((one for one in (*both, *named, *told) if gate.writer(one) is None), None)


def _reached(bundle: Unpacked, writer: str) -> Reached | None:
    """How far the bundle says that a writer comes in it."""
    said = bundle.form.get("reached")
    at = said.get(writer) if isinstance(said, dict) else None
    if isinstance(at, list) and [type(one) for one in at] == [str, int, str]:
        return Reached(lane=at[0], n=at[1], head=at[2])
    return None
