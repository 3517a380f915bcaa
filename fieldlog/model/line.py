"""The line of a journal: one transaction, checksummed, chained by hash.

    {"fl":1,"head":{"w":…,"lane":…,"n":17,"prev":sha256,"body":sha256},"body":{"salt":…,"ops":[…]},"crc":"…"}

Hashes are over the exact bytes as they stand in the line; a reader never re-serialises. `prev` is the
hash of the head before (of project id + writer for the first), so the chain covers heads, not words:
erasing puts `"body":null,"erased":{…}` in place and the chain still holds. The salt goes with the body,
so what was erased cannot be confirmed by guessing. `crc` is CRC-32 over all bytes before `,"crc"`.

A line whose words were damaged where it came from has `"body":null,"lost":true`, and one that may not leave for
where it came from `"body":null,"withheld":true`. Where not even the heads could be proven, one line stands for a
run: `{"fl":1,"lost":{"w":…,"lane":…,"n":first,"to":last,"head":hash of the last head},"crc":"…"}`.
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
_RUN = re.compile(rb'\{"fl":(\d+),"lost":(\{[^{}]*\})')
_NUMBERS = re.compile(
    rb'\{"fl":\d+,"(?:head|lost)":\{"w":"[^"\\]*","lane":"[^"\\]*","n":(\d{1,15}),(?:"to":(\d{1,15}),)?'
)
_ANY = re.compile(rb'\{"fl":\d+,"(?:head|lost)":\{')
_SALT = re.compile(rb'\{"salt":"[^"\\]*",')
_HASH_CHARS = 64
_UNTIL_BODY = len('{"fl":1,"head":,"n":,"prev":"","body":""},"body":') + 2 * _HASH_CHARS
_NULL, _ERASED, _LOST = b"null", b'null,"erased":', b'null,"lost":true'

FORMS = ("headless", "lost", "unknown", "withheld", "whole", "erased")
"""What may be left of a line, the poorest first: `headless` is a run of which only the last head's hash is known,
`unknown` a line without a body for a reason that only a later version knows. See `rather`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One whole journal line. `raw` is without the line end.

    `ops` are those we understand; the others stay in the line and are passed on, and `odd` says that what some of
    them say is nothing that a later version would, either. An erased line, and one of a newer `version`, has no
    ops. A line is whole by its checksum and its hashes, whatever it says.
    """

    version: int
    writer: str
    lane: str
    n: int
    prev: str
    head_hash: str
    raw: bytes
    ops: tuple[Op, ...] = ()
    odd: bool = False
    erased: dict[str, Any] | None = None
    form: str = "whole"
    to: int | None = None

    @property
    def last(self) -> int:
        """The number of the last line that this one stands for."""
        return self.n if self.to is None else self.to

    @property
    def has_head(self) -> bool:
        return self.form != "headless"


def rank(line: Line) -> int:
    """How much a line still says, among `FORMS`."""
    return FORMS.index(line.form)


def rather(one: Line, other: Line) -> Line:
    """Which of two lines of one number stays, in whatever order they came: the one of the higher rank; of equal
    rank the smaller bytes in text order."""
    return min(one, other, key=lambda line: (-rank(line), line.raw))


def first_prev(project: str, writer: str) -> str:
    """What the first line of a writer names as the head before it."""
    return hashlib.sha256((project + writer).encode()).hexdigest()


def compact(value: Any) -> bytes:
    """Compact UTF-8 JSON. Raises ValueError for NaN, which JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def encode(*, writer: str, lane: str, n: int, prev: str, salt: str, ops: Sequence[Op]) -> tuple[bytes, str]:
    """The line's bytes with their line end, and the hash of its head for the next line's `prev`."""
    return line_with(writer=writer, lane=lane, n=n, prev=prev, body=body_of(salt, ops))


def body_of(salt: str, ops: Sequence[Op]) -> bytes:
    """The bytes of a body."""
    return compact({"salt": salt, "ops": [op.as_json() for op in ops]})


def body_again(salt: str, said: bytes) -> bytes:
    """The bytes of a body that says what another one did (`said_in`), byte for byte."""
    return b'{"salt":' + compact(salt) + b"," + said


def line_with(*, writer: str, lane: str, n: int, prev: str, body: bytes) -> tuple[bytes, str]:
    """As `encode`, of a body."""
    head = compact({"w": writer, "lane": lane, "n": n, "prev": prev, "body": hashlib.sha256(body).hexdigest()})
    return _closed(b'{"fl":1,"head":' + head + b',"body":' + body), hashlib.sha256(head).hexdigest()


def said_in(line: Line) -> bytes | None:
    """The bytes of a line's body behind its salt; None where it has no body, or one that we would not write."""
    start = _START.match(line.raw)
    if not start or line.form != "whole" or line.version != VERSION:
        return None
    salt = _SALT.match(line.raw, start.end())
    return line.raw[salt.end() : -_TAIL_BYTES] if salt else None


def head_start(raw: bytes) -> bytes:
    """How the head of a whole line begins, up to its number; b"" where it has none."""
    head = head_in(raw) or b""
    return head[: max(0, head.rfind(b',"n":'))]


def follows(raw: bytes, start: bytes, n: int, prev: str) -> str:
    """The hash of the head of `raw` (without its line end), where each byte is as `encode` writes it around this
    body, for line `n` behind the head `prev`; `start` is the `head_start` of a line before. "" where one is not:
    what it is then, `decode` tells, which takes five times as long."""
    body = raw[len(start) + len(str(n)) + _UNTIL_BODY : -_TAIL_BYTES]
    if not (start and body.startswith(b"{") and prev.isalnum()):
        return ""
    head = start + f',"n":{n},"prev":"{prev}","body":"{hashlib.sha256(body).hexdigest()}"}}'.encode()
    return hash_of(head) if raw == _closed(b'{"fl":1,"head":' + head + b',"body":' + body)[:-1] else ""


def erased(raw: bytes, *, by: str, at: str) -> bytes:
    """The same line (with its line end) without its body; the head's bytes are kept as they are."""
    return _without_body(raw, _ERASED + compact({"by": by, "at": at}))


def lost(raw: bytes) -> bytes:
    """The line (with its line end) of which only the head could be read: `raw` may be damaged behind its head.

    Whether that head is the one that was written is for the caller to prove, by `hash_of(head_in(raw))`. Raises
    `DamagedLine` where there is none.
    """
    return _without_body(raw, _LOST)


def lost_run(*, writer: str, lane: str, first: int, last: int, head: str) -> bytes:
    """The line (with its line end) that stands for lines of which no head is proven but, by its hash, the last."""
    said = {"w": writer, "lane": lane, "n": first, "to": last, "head": head}
    return _closed(b'{"fl":1,"lost":' + compact(said))


def head_in(raw: bytes) -> bytes | None:
    """The bytes of a line's head, damaged or not; None where it has none that could be one."""
    found = _START.match(raw)
    return found[2] if found else None


def numbers_in(raw: bytes) -> tuple[int, int]:
    """The first and the last number a line stands for, which may be no more than its beginning, told by a glance:
    nothing else of it is looked at. Raises `DamagedLine` where it has none."""
    found = _NUMBERS.match(raw)
    if not found:
        raise DamagedLine(Sentence("it is not a whole line"))
    return int(found[1]), int(found[2] or found[1])


def hash_of(head: bytes) -> str:
    """What the next line names as its `prev`."""
    return hashlib.sha256(head).hexdigest()


def _without_body(raw: bytes, instead: bytes) -> bytes:
    found = _START.match(raw)
    if not found:
        raise DamagedLine(Sentence("it has no head to keep"))
    return _closed(raw[: found.end()] + instead)


def _closed(start: bytes) -> bytes:
    return start + b',"crc":"%08x"}\n' % zlib.crc32(start)


def decode(raw: bytes) -> Line:
    """The line that `raw` (without its line end) holds. Raises `DamagedLine` if one byte is not as written."""
    start, tail = _START.match(raw) or _RUN.match(raw), _TAIL.match(raw, len(raw) - _TAIL_BYTES)
    if not start or not tail or len(raw) < start.end() + _TAIL_BYTES:
        raise DamagedLine(Sentence("it is not a whole line"))
    if zlib.crc32(raw[:-_TAIL_BYTES]) != int(tail[1], 16):
        raise DamagedLine(Sentence("its checksum does not fit"))
    body = raw[start.end() : -_TAIL_BYTES]
    try:
        head = json.loads(start[2])
        if start.re is _RUN:
            return _run(int(start[1]), head, raw)
        line: dict[str, Any] = {
            "version": int(start[1]), "writer": head["w"], "lane": head["lane"], "n": int(head["n"]),
            "prev": head["prev"], "head_hash": hash_of(start[2]), "raw": raw,
        }  # fmt: skip
        if body.startswith(_NULL):
            return Line(**line, **_form_of(json.loads(b'{"body":' + body + b"}")))
        if hashlib.sha256(body).hexdigest() != head["body"]:
            raise DamagedLine(Sentence("its body is not the one its head names"))
        if line["version"] != VERSION:
            return Line(**line)
    except (KeyError, ValueError, TypeError, OverflowError, RecursionError) as why:
        raise DamagedLine(Sentence("it cannot be read")) from why
    shapes = _shapes(body)
    if shapes is None:
        return Line(**line, odd=True)
    ops = [op_from_json(shape) for shape in shapes]
    known = tuple(op for op in ops if op)
    if len(known) == len(ops):
        return Line(**line, ops=known)
    odd = any(op is None and not is_newer(shape) for op, shape in zip(ops, shapes, strict=True))
    return Line(**line, ops=known, odd=odd)


def _run(version: int, said: dict[str, Any], raw: bytes) -> Line:
    """A headless line. Raises ValueError where it stands for no numbers, TypeError where it names no head."""
    first, last, head = int(said["n"]), int(said["to"]), said["head"]
    if not 1 <= first <= last:
        raise ValueError(f"{first} to {last} are no lines")
    if not isinstance(head, str):
        raise TypeError(f"{head} is no hash")
    return Line(
        version=version, writer=said["w"], lane=said["lane"], n=first, to=last, prev="", head_hash=head,
        raw=raw, form="headless",
    )  # fmt: skip


def _form_of(said: dict[str, Any]) -> dict[str, Any]:
    """Why a line has no body, as its `form` and its mark."""
    if isinstance(said.get("erased"), dict):
        return {"form": "erased", "erased": said["erased"]}
    return {"form": next((form for form in ("withheld", "lost") if said.get(form) is True), "unknown")}


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
    for start in _ANY.finditer(raw):
        for tail in _TAIL.finditer(raw, start.end()):
            try:
                yield decode(raw[start.start() : tail.end()])
                break
            except DamagedLine:
                continue
