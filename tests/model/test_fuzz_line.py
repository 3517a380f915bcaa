"""Damaged journal lines: read whole, rescued or named as damaged, never anything else."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

from fieldlog.model.errors import DamagedLine
from fieldlog.model.ids import uuid7
from fieldlog.model.line import compact, decode, encode, erased, first_prev, salvaged
from fieldlog.model.op import Op
from fieldlog.model.state import State
from tests.damage import ODD_TEXT, Fuzz, hurt, hurt_json

WHEN = "2025-03-16T22:05:00+08:00"
ENTRY, PERSON = uuid7(1, b"entry-----"), uuid7(2, b"person----")


def op(n: int, k: str, r: str, e: str, v: dict[str, Any], **base: list[str]) -> Op:
    return Op(u=f"u{n}", t=f"{n:016x}w", r=r, e=e, k=k, v=v, base=base)


NOTE = {
    "kind": "jotting", "text": '灯还没好 {"fl":1,"head":{', "occurred_at": WHEN, "created_at": WHEN,
    "people": ["p1"], "occurred": {"zone": "Asia/Shanghai", "mono_ms": 5}, "figure": {"value": 61, "unit": "%"},
}  # fmt: skip
OPS = [
    op(1, "new", "entry", ENTRY, NOTE),
    op(2, "set", "entry", ENTRY, {"text": "x"}, text=["u1"]),
    op(3, "new", "person", PERSON, {"code": "P07", "consent": {"scopes": {"audio": "no"}}}),
    op(4, "del", "entry", ENTRY, {"people": ["p1"]}, people=["u1"]),
    op(5, "new", "session", uuid7(3, b"session---"), {"starts": WHEN, "title": "Roof"}),
    op(6, "new", "day", uuid7(4, b"day-------"), {"date": "2025-03-16", "n": 14}),
    op(7, "alias", "person", uuid7(5, b"person----"), {"same_as": PERSON}),
    op(8, "new", "study", uuid7(6, b"study-----"), {"title": "Night", "default_tz": "Asia/Shanghai"}),
    op(9, "erase", "link", uuid7(7, b"link------"), {"at": WHEN, "reason": "asked-to"}),
]
PREV = first_prev("p", "w")
WHOLE = [
    encode(writer="w", lane="team", n=n, prev=PREV, salt="5a17", ops=ops)[0][:-1]
    for n, ops in enumerate((OPS, OPS[:1], OPS[3:]), 1)
]
WHOLE.append(erased(WHOLE[1], by="w", at=WHEN)[:-1])


def as_lines(body: bytes) -> bytes:
    """The line that bears these bytes as its body: its checksum and its hashes are right."""
    told = {"w": "w", "lane": "team", "n": 1, "prev": PREV, "body": hashlib.sha256(body).hexdigest()}
    start = b'{"fl":1,"head":' + compact(told) + b',"body":' + body
    return start + b',"crc":"%08x"}' % zlib.crc32(start)


def look(raw: bytes) -> None:
    for line in salvaged(raw):
        assert line.raw in raw
        decode(line.raw)
    line = decode(raw)
    assert line.raw == raw
    folded = State()
    folded.apply(line.ops)
    again = State()
    for one in reversed(line.ops):
        again.apply([one])
    assert again.tables == folded.tables, "in any order one state"
    json.dumps(folded.tables)
    list(folded.aside())


def test_a_damaged_line_is_named_or_rescued(fuzz: Fuzz) -> None:
    fuzz(hurt(WHOLE), look)


def test_a_whole_line_may_say_anything(fuzz: Fuzz) -> None:
    fuzz(
        hurt([line[line.index(b'"body":') + 7 : -len(b',"crc":"00000000"}')] for line in WHOLE[:3]]).map(as_lines),
        look,
    )


def test_an_operation_may_be_of_any_shape(fuzz: Fuzz) -> None:
    def told(value: Any) -> bytes:
        return as_lines(json.dumps(value, ensure_ascii=True).encode())

    fuzz(hurt_json({"salt": "s", "ops": [one.as_json() for one in OPS]}).map(told), look)


def test_no_text_that_is_written_is_shortened(fuzz: Fuzz) -> None:
    def kept(text: str) -> None:
        said = op(1, "new", "entry", ENTRY, {"text": text})
        try:
            raw, _ = encode(writer="w", lane="team", n=1, prev=PREV, salt="s", ops=[said])
        except UnicodeEncodeError as why:
            assert any("\ud800" <= sign <= "\udfff" for sign in text)
            raise DamagedLine("it holds half a character") from why
        assert decode(raw[:-1]).ops == (said,)

    fuzz(ODD_TEXT, kept)
