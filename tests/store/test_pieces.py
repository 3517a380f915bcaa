"""A journal that is checked in pieces: as many faults as one that is read, whatever was done to it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from random import Random

import pytest

from fieldlog.model.branch import branch_name
from fieldlog.model.line import encode, erased, first_prev, lost, lost_run
from fieldlog.store.journal import JournalFault, by_file, start_of
from fieldlog.store.pieces import Check
from tests.fakes.store_desk import OWN, PROJECT, journal_of, note

WRITER = OWN["team"]
START = first_prev(PROJECT, WRITER)


def read(data: bytes, journal: str = WRITER) -> list[JournalFault]:
    files = [(1, data)]
    return [
        fault for found in by_file(files, journal, start_of(PROJECT, journal, files)) for fault in found.faults
    ]


def checked(data: bytes, *cuts: int, journal: str = WRITER) -> list[JournalFault]:
    check, at = Check(journal, PROJECT), 0
    for cut in (*sorted(cuts), len(data)):
        check.take(data[at:cut])
        at = max(at, cut)
    return check.faults()


def sealed(start: bytes) -> bytes:
    return start + b',"crc":"%08x"}\n' % zlib.crc32(start)


def hurt(lines: list[bytes], at: int, dice: Random) -> Iterator[list[bytes]]:
    """The same lines with something done around one of them."""
    before, one, after = lines[:at], lines[at], lines[at + 1 :]
    head = hashlib.sha256(one[one.index(b'"head":') + 7 : one.index(b',"body":{')]).hexdigest()
    ops, said = [note(at)], json.loads(one)["head"]
    n, prev = said["n"], said["prev"]
    yield before + after
    yield [*before, one, one, *after]
    yield [*before, *after, one]
    yield [*before, b"junk\n", one, *after]
    yield [*before, b"\n", one, *after]
    yield [*before, one[:-1] + b"junk\n", *after]
    yield [*before, one[:-1], *after]
    yield [*before, one[: dice.randrange(len(one))]]
    yield [*before, erased(one, by="u", at="2025-03-16"), *after]
    yield [*before, lost(one), *after]
    for ending in (head, head[:-1] + "g", '","n":7,"prev":"'):
        yield [*before, lost_run(writer=WRITER, lane="team", first=n, last=n, head=ending), *after]
        yield [*before, lost_run(writer=WRITER, lane="team", first=n, last=n + 2, head=ending), *after]
    for writer, lane, number, behind in (
        (OWN["mine"], "team", n, prev), (WRITER, "mine", n, prev), (WRITER, "team", n + 1, prev),
        (WRITER, "team", n, head), (WRITER, "team", 1, START), (WRITER, 'te",a"m', n, prev),
    ):  # fmt: skip
        raw, _ = encode(writer=writer, lane=lane, n=number, prev=behind, salt="5a17", ops=ops)
        yield [*before, raw, *after]
        yield [*before, one, raw, *after]
    yield [*before, sealed(one[: one.rindex(b',"crc"')].replace(b'"fl":1', b'"fl":2')), *after]
    yield [*before, sealed(one[: one.rindex(b',"crc"')].replace(b"note", b"mote")), *after]
    yield [*before, sealed(one[: one.rindex(b',"crc"')].replace(b'"n":', b'"n": ')), *after]
    yield [*before, sealed(one[: one.index(b',"body":')] + b',"body":null,"lost":true'), *after]


async def test_a_whole_journal_has_no_fault_wherever_it_is_cut_into_pieces(seed: int) -> None:
    _, data = await journal_of(5)
    dice = Random(seed)
    for count in (0, 1, 2, 5, 40):
        assert checked(data, *(dice.randrange(len(data)) for _ in range(count))) == []
    assert checked(data, *range(len(data))) == []
    assert checked(b"") == read(b"") == []


@pytest.mark.parametrize("at", [0, 1, 3, 5])
async def test_what_is_done_to_a_line_is_named_as_in_one_that_is_read(at: int, seed: int) -> None:
    _, data = await journal_of(6)
    dice = Random(seed)
    for lines in hurt(data.splitlines(keepends=True), at, dice):
        spoilt = b"".join(lines)
        assert checked(spoilt, *(dice.randrange(len(data)) for _ in range(3))) == read(spoilt), lines


async def test_two_things_done_are_both_named(seed: int) -> None:
    _, data = await journal_of(4)
    dice = Random(seed)
    for once in hurt(data.splitlines(keepends=True), 1, dice):
        for number, twice in enumerate(hurt(data.splitlines(keepends=True), 2, dice)):
            spoilt = b"".join([*once[:3], *twice[2:]])
            assert checked(spoilt) == read(spoilt), (once, number)


async def test_a_flip_of_any_byte_is_named_as_in_one_that_is_read(
    count: Callable[[int, int], int], seed: int
) -> None:
    _, data = await journal_of(4)
    step = count(3, 1)
    for at in range(seed % step, len(data), step):
        flipped = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        assert checked(flipped) == read(flipped) != [], at


@pytest.mark.parametrize("first", [0, 1, 3])
async def test_a_branch_is_checked_from_its_first_line_on(first: int, seed: int) -> None:
    _, data = await journal_of(6)
    lines, journal, dice = data.splitlines(keepends=True)[first:], branch_name(WRITER, "ab" * 32), Random(seed)
    assert checked(b"".join(lines), journal=journal) == read(b"".join(lines), journal) == []
    for at in (1, 2):
        for spoilt in map(b"".join, hurt(lines, at, dice)):
            assert checked(spoilt, journal=journal) == read(spoilt, journal), (at, spoilt)
