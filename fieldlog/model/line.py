"""The line of a journal: one transaction, checksummed, chained by hash.

    {"fl":1,"head":{"w":…,"lane":…,"n":17,"prev":sha256,"body":sha256},"body":{"salt":…,"ops":[…]},"crc":"…"}

Hashes are over the exact bytes as they stand in the line; a reader never re-serialises. `prev` is the
hash of the head before (of project id + writer for the first), so the chain covers heads, not words:
erasing puts `"body":null,"erased":{…}` in place and the chain still holds. The salt goes with the body,
so what was erased cannot be confirmed by guessing. `crc` is CRC-32 over all bytes before `,"crc"`.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fieldlog.model.errors import DamagedLine
from fieldlog.model.op import Op, is_newer, op_from_json
from fieldlog.model.sentence import Sentence
from fieldlog.model.strict_json import DEEPEST_OF_OURS, read_json

VERSION = 1
_START = re.compile(rb'\{"fl":(\d+),"head":(\{[^{}]*\}),"body":')
_TAIL_BYTES = len(b',"crc":"00000000"}')
_TAIL = re.compile(rb',"crc":"([0-9a-f]{8})"\}')
_ERASED = b'null,"erased":'


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One whole journal line. `raw` is without the line end.

    `ops` are those we understand; `foreign` counts the others, which stay in the line and are passed on, and
    `odd` says that what some of them say is nothing that a later version would, either. An erased line, and one of
    a newer `version`, has no ops. A line is whole by its checksum and its hashes, whatever it says.
    """

    version: int
    writer: str
    lane: str
    n: int
    prev: str
    head_hash: str
    raw: bytes
    ops: tuple[Op, ...] = ()
    foreign: int = 0
    odd: bool = False
    erased: dict[str, Any] | None = None


def first_prev(project: str, writer: str) -> str:
    """What the first line of a writer names as the head before it."""
    return hashlib.sha256((project + writer).encode()).hexdigest()


def compact(value: Any) -> bytes:
    """Compact UTF-8 JSON. Raises ValueError for NaN, which JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def encode(*, writer: str, lane: str, n: int, prev: str, salt: str, ops: Sequence[Op]) -> tuple[bytes, str]:
    """The line's bytes with their line end, and the hash of its head for the next line's `prev`."""
    body = compact({"salt": salt, "ops": [op.as_json() for op in ops]})
    head = compact({"w": writer, "lane": lane, "n": n, "prev": prev, "body": hashlib.sha256(body).hexdigest()})
    return _closed(b'{"fl":1,"head":' + head + b',"body":' + body), hashlib.sha256(head).hexdigest()


def erased(raw: bytes, *, by: str, at: str) -> bytes:
    """The same line (with its line end) without its body; the head's bytes are kept as they are."""
    found = _START.match(raw)
    if not found:
        raise DamagedLine(Sentence("it has no head to keep"))
    return _closed(raw[: found.end()] + _ERASED + compact({"by": by, "at": at}))


def _closed(start: bytes) -> bytes:
    return start + b',"crc":"%08x"}\n' % zlib.crc32(start)


def decode(raw: bytes) -> Line:
    """The line that `raw` (without its line end) holds. Raises `DamagedLine` if one byte is not as written."""
    start, tail = _START.match(raw), _TAIL.match(raw, len(raw) - _TAIL_BYTES)
    if not start or not tail or len(raw) < start.end() + _TAIL_BYTES:
        raise DamagedLine(Sentence("it is not a whole line"))
    if zlib.crc32(raw[:-_TAIL_BYTES]) != int(tail[1], 16):
        raise DamagedLine(Sentence("its checksum does not fit"))
    body = raw[start.end() : -_TAIL_BYTES]
    try:
        head = json.loads(start[2])
        line: dict[str, Any] = {
            "version": int(start[1]), "writer": head["w"], "lane": head["lane"], "n": int(head["n"]),
            "prev": head["prev"], "head_hash": hashlib.sha256(start[2]).hexdigest(), "raw": raw,
        }  # fmt: skip
        if body.startswith(_ERASED):
            return Line(**line, erased=json.loads(body[len(_ERASED) :]))
        if hashlib.sha256(body).hexdigest() != head["body"]:
            raise DamagedLine(Sentence("its body is not the one its head names"))
        if line["version"] != VERSION:
            return Line(**line, foreign=1)
    except (KeyError, ValueError, TypeError, RecursionError) as why:
        raise DamagedLine(Sentence("it cannot be read")) from why
    shapes = _shapes(body)
    if shapes is None:
        return Line(**line, foreign=1, odd=True)
    ops = [op_from_json(shape) for shape in shapes]
    known = tuple(op for op in ops if op)
    if len(known) == len(ops):
        return Line(**line, ops=known)
    odd = any(op is None and not is_newer(shape) for op, shape in zip(ops, shapes, strict=True))
    return Line(**line, ops=known, foreign=len(ops) - len(known), odd=odd)


def _shapes(body: bytes) -> list[Any] | None:
    """The operations of a body as stored; None where there is no making them out."""
    try:
        shapes = read_json(body.decode("utf-8"), DEEPEST_OF_OURS)["ops"]
    except (KeyError, ValueError, TypeError):
        return None
    return shapes if isinstance(shapes, list) else None


def salvaged(raw: bytes) -> Iterator[Line]:
    """Whole lines inside bytes that are not one whole line: a lost line end joins two, junk may surround them.

    A raw `{"fl":` cannot stand inside a JSON text, since quotes are escaped there.
    """
    for start in _START.finditer(raw):
        for tail in _TAIL.finditer(raw, start.end()):
            try:
                yield decode(raw[start.start() : tail.end()])
                break
            except DamagedLine:
                continue
