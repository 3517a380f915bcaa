"""The journal line: every byte counts, and erasing leaves nothing to guess by."""

from __future__ import annotations

import hashlib
import json
import zlib
from functools import reduce
from itertools import pairwise, permutations

import pytest

from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import (
    FORMS,
    Line,
    decode,
    encode,
    erased,
    first_prev,
    follows,
    hash_of,
    head_in,
    head_start,
    lost,
    lost_run,
    rank,
    rather,
    salvaged,
)
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


def test_the_line_that_comes_next_is_known_without_being_read() -> None:
    first, head = line()
    raw, second = encode(writer="w", lane="team", n=2, prev=head, salt="b2", ops=[OP])
    assert follows(raw[:-1], head_start(first[:-1]), 2, head) == second == decode(raw[:-1]).head_hash
    assert head_start(first) == b'{"w":"w","lane":"team"'


def test_a_line_that_is_not_the_next_byte_for_byte_is_not_taken_for_it() -> None:
    first, head = line()
    raw, start = encode(writer="w", lane="team", n=2, prev=head, salt="b2", ops=[OP])[0][:-1], head_start(first)
    for place in range(len(raw)):
        for bit in range(8):
            flipped = bytearray(raw)
            flipped[place] ^= 1 << bit
            assert follows(bytes(flipped), start, 2, head) == ""
    others = [head_start(encode(writer=w, lane="team", n=1, prev=head, salt="", ops=[])[0]) for w in ("v", "ww")]
    for said in ((start, 1, head), (start, 3, head), (start, 20, head), (start, 2, head[::-1])):
        assert follows(raw, *said) == ""
    assert [follows(raw, other, 2, head) for other in (*others, b"")] == [""] * 3
    assert follows(erased(raw, by="w", at="")[:-1], start, 2, head) == follows(b"", start, 2, head) == ""


@pytest.mark.parametrize(
    ("start", "prev", "body"),
    [
        (b"", "a" * 64, b'{"salt":"","ops":[]}'),
        (b'{"w":"w","lane":"team"', '","n":7,"prev":"'.ljust(64, "a"), b'{"salt":"","ops":[]}'),
        (b'{"w":"w","lane":"team"', "a" * 64, b'null,"lost":true'),
    ],
)
def test_a_forged_line_is_not_taken_for_the_next(start: bytes, prev: str, body: bytes) -> None:
    head = start + f',"n":2,"prev":"{prev}","body":"{hashlib.sha256(body).hexdigest()}"}}'.encode()
    told = b'{"fl":1,"head":' + head + b',"body":' + body
    assert follows(told + b',"crc":"%08x"}' % zlib.crc32(told), start, 2, prev) == ""


@pytest.mark.parametrize("number", ["1e999", "Infinity", "NaN", "null", '"x"', "1" * 5000])
def test_a_number_that_counts_no_lines_makes_a_damaged_line(number: str) -> None:
    for start in (
        b'{"fl":1,"head":{"w":"w","lane":"team","n":%s,"prev":"","body":""},"body":null,"lost":true',
        b'{"fl":1,"lost":{"w":"w","lane":"team","n":1,"to":%s,"head":"abc"}',
    ):
        told = start % number.encode()
        with pytest.raises(DamagedLine):
            decode(told + b',"crc":"%08x"}' % zlib.crc32(told))


@pytest.mark.parametrize("head", ["5", "null", '["abc"]', "true"])
def test_a_run_that_names_no_hash_is_a_damaged_line(head: str) -> None:
    told = b'{"fl":1,"lost":{"w":"w","lane":"team","n":1,"to":2,"head":%s}' % head.encode()
    with pytest.raises(DamagedLine):
        decode(told + b',"crc":"%08x"}' % zlib.crc32(told))


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


def test_operations_of_a_newer_version_are_kept_in_the_line_unread() -> None:
    strange = b'{"salt":"","ops":[{"u":"x","k":"fold-in-half","v":{}}]}'
    head = b'{"w":"w","lane":"team","n":1,"prev":"","body":"%s"}' % hashlib.sha256(strange).hexdigest().encode()
    start = b'{"fl":1,"head":' + head + b',"body":' + strange
    read = decode(start + b',"crc":"%08x"}' % zlib.crc32(start))
    assert (read.ops, read.odd) == ((), False)
    assert strange in read.raw


def test_two_lines_joined_by_a_lost_line_end_are_both_read() -> None:
    raw = line()[0][:-1]
    assert [found.n for found in salvaged(raw + b"\x0b" + raw)] == [1, 1]


def null(raw: bytes, why: bytes) -> bytes:
    """The line without its body, for a reason that this version does not write."""
    start = raw[: raw.index(b'{"salt"')] + b"null" + why
    return start + b',"crc":"%08x"}\n' % zlib.crc32(start)


def every_form() -> list[Line]:
    """One line in every form that may be left of it, the poorest first."""
    raw, head = line()
    run = lost_run(writer="w", lane="team", first=1, last=1, head=head)
    forms = [
        run, lost(raw), null(raw, b',"folded":{"to":3}'), null(raw, b',"withheld":true'), raw,
        erased(raw, by="w", at="2025-03-20"),
    ]  # fmt: skip
    return [decode(form[:-1]) for form in forms]


def test_a_line_without_its_words_says_why_and_keeps_its_head() -> None:
    forms = every_form()
    assert tuple(form.form for form in forms) == FORMS
    assert {form.head_hash for form in forms} == {line()[1]}
    assert [form.ops for form in forms] == [(), (), (), (), (OP,), ()]
    assert all(form.prev == first_prev("p", "w") for form in forms if form.has_head)


def test_what_a_later_version_says_of_a_line_without_words_is_kept_as_it_is() -> None:
    raw, head = line()
    for why in (b"", b',"folded":{"to":3}', b',"lost":"partly"', b',"withheld":{"for":"w"}', b',"erased":1'):
        read = decode(null(raw, why)[:-1])
        assert (read.form, read.head_hash, read.raw) == ("unknown", head, null(raw, why)[:-1])
    assert decode(null(raw, b',"erased":{"by":"u","at":""},"more":1')[:-1]).form == "erased"
    with pytest.raises(DamagedLine):
        decode(null(raw, b'"erased"')[:-1])


def test_a_line_that_is_damaged_behind_its_head_is_sent_as_lost_under_that_head() -> None:
    raw, head = line()
    damaged = raw[:-30] + b"#" + raw[-29:-1]
    assert hash_of(head_in(damaged) or b"") == head
    assert (decode(lost(damaged)[:-1]).head_hash, "完播率".encode() in lost(damaged)) == (head, False)
    assert head_in(damaged[20:]) is None
    with pytest.raises(DamagedLine):
        lost(damaged[20:])


def test_one_line_stands_for_a_run_of_which_only_the_last_head_is_known() -> None:
    raw = lost_run(writer="w", lane="team", first=3, last=7, head="abc")
    assert raw.startswith(b'{"fl":1,"lost":{"w":"w","lane":"team","n":3,"to":7,"head":"abc"},"crc":"')
    read = decode(raw[:-1])
    assert (read.writer, read.lane, read.n, read.last, read.head_hash) == ("w", "team", 3, 7, "abc")
    assert (read.form, read.has_head) == ("headless", False)
    assert [found.n for found in salvaged(b"#" + raw + b"#" + line()[0])] == [3, 1]
    for first, last in ((0, 1), (4, 3)):
        with pytest.raises(DamagedLine):
            decode(lost_run(writer="w", lane="team", first=first, last=last, head="")[:-1])


def test_of_what_came_of_one_line_the_best_stays_in_whatever_order_it_came() -> None:
    forms = every_form()
    for order in permutations(forms):
        assert reduce(rather, order) == forms[-1]
    for poor, good in pairwise(forms):
        assert rather(poor, good) == rather(good, poor) == good
    assert [rank(form) for form in forms] == list(range(6))


def test_of_two_of_equal_rank_the_smaller_in_text_order_stays() -> None:
    raw = line()[0]
    marks = [decode(erased(raw, by=by, at=at)[:-1]) for by, at in (("b", "1"), ("a", "2"), ("a", "1"))]
    unknown = [decode(null(raw, why)[:-1]) for why in (b',"z":1', b',"a":2', b',"a":1')]
    for some in (marks, unknown):
        assert {reduce(rather, order).raw for order in permutations(some)} == {min(one.raw for one in some)}
