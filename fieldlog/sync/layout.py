"""What files of an exchange are called, and what stands in the small ones. Pure.

    format.json                                            of which study the exchange is; made once
    log/<writer>/<first>-<last>-<bytes>-<sha256/16>.jsonl  journal lines, unchanged, no number missing inside
    head/<writer>.json                                     how far a writer came: a hint, nothing relies on it
    media/<2 hex>/<sha256>.<ext>                           an original of at most 8 MiB
    media/<2 hex>/<sha256>.<ext>.<k>                       part k, from 0, of a larger one: 8 MiB, the last less
    media/<2 hex>/<sha256>.<ext>.parts                     its bytes and the sha256 of each part; put last
    proof/<device>.json                                    what a device has read back (`receipt.py`)

A writer here is the name of one of its journals: that of a branch, too (`model/branch.py`).

Names say length and content, so that half a file is told from a whole one, and two devices never write different
things into one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldlog.model import gate
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.line import compact
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.strict_json import read_json
from fieldlog.sync.target import Item

FORMAT, LOG, HEAD, MEDIA, PROOF = "format.json", "log", "head", "media", "proof"
PART_BYTES = 8 << 20
SEGMENT_BYTES = 1 << 20
SMALL_BYTES = 64_000
"""A segment below that is small: of many such, one is made."""

READS = 2
"""The newest exchange, and bundle, that can be read here, by its `min_reader`."""

NO_FORMAT = sentence("{FORMAT} there can't be read, so it is not known of which study that place is.")
NEWER = sentence("A newer FieldLog writes there. Update FieldLog here first; nothing was changed.")

_SEGMENT = re.compile(
    r"log/([^/]+)/([1-9]\d{0,14})-([1-9]\d{0,14})-([1-9]\d{0,14})-([0-9a-f]{16})\.jsonl", re.ASCII
)
_MEDIUM = re.compile(r"media/([0-9a-f]{2})/([0-9a-f]{64})\.([a-z0-9]{1,8})(?:\.(parts|0|[1-9]\d{0,6}))?", re.ASCII)
_EXTENSION = re.compile(r"[a-z0-9]{1,8}", re.ASCII)


class NewerThere(NotUnderstood):
    """A later version writes there."""

    def __init__(self) -> None:
        super().__init__(NEWER)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a writer's journal: the numbers `first` to `last`, in so many `bytes`, of which `sha` are the
    first 16 hex digits of the sha256."""

    writer: str
    first: int
    last: int
    bytes: int
    sha: str

    @property
    def name(self) -> str:
        return f"{LOG}/{self.writer}/{self.first}-{self.last}-{self.bytes}-{self.sha}.jsonl"


def segment_name(first: int, last: int, data: bytes) -> str:
    """What a stretch of a journal is called in its writer's folder, here and in a bundle."""
    return f"{first}-{last}-{len(data)}-{hashlib.sha256(data).hexdigest()[:16]}.jsonl"


def segment_made(writer: str, first: int, last: int, data: bytes) -> Segment:
    sha = hashlib.sha256(data).hexdigest()[:16]
    return Segment(writer=writer, first=first, last=last, bytes=len(data), sha=sha)


def segment_of(item: Item) -> Segment | None:
    """The segment that a listed file is; None for any other file, and for one of another length than its name
    says."""
    segment = segment_named(item.name)
    return segment if segment and fits(item, segment.bytes) else None


def segment_named(name: str) -> Segment | None:
    """The segment that a name speaks of; None where it is no segment's."""
    found = _SEGMENT.fullmatch(name)
    if found is None or gate.writer(found[1]) is not None or int(found[2]) > int(found[3]):
        return None
    return Segment(
        writer=found[1], first=int(found[2]), last=int(found[3]), bytes=int(found[4]), sha=found[5]
    )  # fmt: skip


def fits(item: Item, size: int) -> bool:
    """Whether a file is as long as its name says."""
    return item.bytes == size


def is_whole(segment: Segment, data: bytes) -> bool:
    """Whether these are the bytes that a segment's name speaks of."""
    return len(data) == segment.bytes and hashlib.sha256(data).hexdigest()[:16] == segment.sha


def is_original(data: bytes, sha256: str) -> bool:
    """Whether these are the bytes of that hash."""
    return hashlib.sha256(data).hexdigest() == sha256


# -- originals


@dataclass(frozen=True, kw_only=True)
class Medium:
    """A file below `media/`: an original, its index (`part` is "parts"), or part `part` of it."""

    sha256: str
    extension: str
    part: str = ""


def medium_of(name: str) -> Medium | None:
    """What a name below `media/` says; None where it is none of ours."""
    found = _MEDIUM.fullmatch(name)
    if found is None or not found[2].startswith(found[1]):
        return None
    return Medium(sha256=found[2], extension=found[3], part=found[4] or "")


def media_name(sha256: str, extension: str) -> str:
    """What an original is called. Raises `Impossible` for what is no hash; an odd extension is `bin`."""
    gate.taken(gate.sha256, "sha256", sha256)
    return f"{MEDIA}/{sha256[:2]}/{sha256}.{extension if _EXTENSION.fullmatch(extension) else 'bin'}"


def index_name(name: str) -> str:
    return f"{name}.parts"


def part_name(name: str, k: int) -> str:
    return f"{name}.{k}"


def parts_in(size: int) -> int:
    """In how many parts an original of so many bytes lies; 0 where it lies whole."""
    return -(-size // PART_BYTES) if size > PART_BYTES else 0


def media_names(name: str, size: int) -> list[str]:
    """Every file of an original of so many bytes, the one that makes the others of use first."""
    count = parts_in(size)
    return [index_name(name), *(part_name(name, k) for k in range(count))] if count else [name]


def index_of(size: int, parts: Sequence[str]) -> bytes:
    """The index of an original in parts."""
    return compact({"bytes": size, "parts": list(parts)})


def read_index(data: bytes) -> tuple[int, list[str]] | None:
    """Bytes and the parts' hashes; None for what is no index."""
    said = _object(data)
    size, parts = said.get("bytes"), said.get("parts")
    if gate.amount(size) is not None or gate.listed(gate.sha256)(parts) is not None:
        return None
    return (int(size), list(parts)) if size and parts and len(parts) == parts_in(size) else None


# -- the study


def format_of(project: str) -> bytes:
    return compact({"format": 1, "min_reader": 1, "project": project})


def project_in(data: bytes) -> str:
    """The study that `format.json` names. Raises `NotUnderstood` where it can't be read, and `NewerThere`."""
    said = _object(data)
    if gate.identifier(said.get("project")) is not None or gate.amount(said.get("min_reader")) is not None:
        raise NotUnderstood(Sentence(NO_FORMAT, FORMAT=FORMAT))
    if said["min_reader"] > READS:
        raise NewerThere
    return str(said["project"])


# -- heads


@dataclass(frozen=True, kw_only=True)
class Head:
    """How far a writer came, as a device saw it: the lane, the last number and the hash of its head.

    `at` is that device's clock, an ISO text. `names` is a hash over the names of the writer's segments; `damaged`
    are files of the exchange that this device found spoilt: whoever has them puts them again.
    """

    lane: str
    n: int
    head: str
    device: str
    at: str
    names: str = ""
    damaged: tuple[str, ...] = ()


def head_name(writer: str) -> str:
    return f"{HEAD}/{writer}.json"


def head_of(head: Head) -> bytes:
    told = {**vars(head), "damaged": list(head.damaged)}
    return compact({name: value for name, value in told.items() if value not in ("", [])})


def read_head(data: bytes) -> Head | None:
    """None for what is no head."""
    said = _object(data)
    texts = {name: said.get(name, "") for name in ("lane", "head", "device", "at", "names")}
    damaged = said.get("damaged", [])
    if any(type(one) is not str for one in texts.values()) or gate.amount(said.get("n")) is not None:
        return None
    if not isinstance(damaged, list) or any(type(one) is not str for one in damaged):
        return None
    return Head(n=said["n"], damaged=tuple(damaged), **texts)


def hash_of_names(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        said = read_json(data)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
