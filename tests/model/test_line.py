"""The journal line: every byte counts, and erasing leaves nothing to guess by."""

from __future__ import annotations

import hashlib
import json
import zlib

import pytest

from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import decode, encode, erased, first_prev, salvaged
from fieldlog.model.op import Op

OP = Op(u="u1", t="t1", r="entry", e="e1", k="new", v={"text": '完播率 {"fl":1,"head":{ “61 %”'})


def line(salt: str = "5a17") -> tuple[bytes, str]:
    return encode(writer="w", lane="team", n=1, prev=first_prev("p", "w"), salt=salt, ops=[OP])


def test_a_line_reads_back_as_it_was_written() -> None:
    raw, head = line()
    read = decode(raw[:-1])
    assert (read.ops, read.n, read.lane, read.head_hash) == ((OP,), 1, "team", head)
    assert json.loads(raw)["body"]["ops"][0] == OP.as_json()


def test_hashes_are_over_the_bytes_as_they_stand() -> None:
    raw, head = line()
    head_bytes = raw[raw.index(b'"head":') + 7 : raw.index(b',"body":{')]
    assert hashlib.sha256(head_bytes).hexdigest() == head
    assert json.loads(raw)["head"]["prev"] == hashlib.sha256(b"pw").hexdigest()


def test_a_flip_of_any_bit_is_noticed() -> None:
    raw = line()[0][:-1]
    for place in range(len(raw)):
        for bit in range(8):
            flipped = bytearray(raw)
            flipped[place] ^= 1 << bit
            with pytest.raises(DamagedLine):
                decode(bytes(flipped))


def test_another_body_under_the_same_head_is_noticed_even_with_a_right_checksum() -> None:
    raw = line()[0][:-1]
    forged = raw[: raw.index(b',"crc"')].replace(b"61", b"16")
    with pytest.raises(DamagedLine, match="head"):
        decode(forged + b',"crc":"%08x"}' % zlib.crc32(forged))


def test_erasing_keeps_the_head_and_no_word() -> None:
    raw, head = line()
    left = erased(raw[:-1], by="w", at="2025-03-20")
    assert decode(left[:-1]).head_hash == head
    assert decode(left[:-1]).erased == {"by": "w", "at": "2025-03-20"}
    assert "完播率".encode() not in left


def test_erased_words_cannot_be_confirmed_by_guessing() -> None:
    left = erased(line(salt="unknown")[0][:-1], by="w", at="")
    guess, _ = line(salt="")
    assert json.loads(guess)["head"]["body"] != json.loads(left)["head"]["body"]
    assert b"unknown" not in left


def test_operations_of_a_newer_version_are_counted_and_kept_in_the_line() -> None:
    strange = b'{"salt":"","ops":[{"u":"x","k":"fold-in-half","v":{}}]}'
    head = b'{"w":"w","lane":"team","n":1,"prev":"","body":"%s"}' % hashlib.sha256(strange).hexdigest().encode()
    start = b'{"fl":1,"head":' + head + b',"body":' + strange
    read = decode(start + b',"crc":"%08x"}' % zlib.crc32(start))
    assert (read.foreign, read.ops) == (1, ())
    assert strange in read.raw


def test_two_lines_joined_by_a_lost_line_end_are_both_read() -> None:
    raw = line()[0][:-1]
    assert [found.n for found in salvaged(raw + b"\x0b" + raw)] == [1, 1]
