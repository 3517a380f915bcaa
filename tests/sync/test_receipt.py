"""A receipt says which lines and originals were read back: never more, and nothing at all where a byte of it is
not what it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.line import Line, decode, encode, erased, first_prev, lost
from fieldlog.sync.receipt import (
    Holding,
    Receipt,
    Stretch,
    heads_in,
    is_proof,
    proof_name,
    read_receipt,
    receipt_of,
    short,
    stretches_of,
    without,
)

WRITER, PROJECT = "w1", "p"


def chain(count: int, say: str = "", behind: Line | None = None) -> list[Line]:
    """A writer's lines, each following the one before. What they `say` makes them other lines."""
    found, prev, n = list[Line](), first_prev(PROJECT, WRITER), 0
    if behind:
        prev, n = behind.head_hash, behind.n
    for number in range(n + 1, n + count + 1):
        raw, prev = encode(writer=WRITER, lane="team", n=number, prev=prev, salt=f"{say}{number}", ops=())
        found.append(decode(raw.rstrip(b"\n")))
    return found


def known(lines: list[Line]) -> dict[str, tuple[int, str]]:
    return {line.head_hash: (line.n, line.prev) for line in lines}


def poorer(line: Line, how: str) -> Line | None:
    """What became of a line on some device."""
    if how == "whole":
        return line
    if how == "gone":
        return None
    raw = line.raw + b"\n"
    return decode((erased(raw, by="u", at="") if how == "erased" else lost(raw)).rstrip(b"\n"))


@given(
    st.lists(st.sampled_from(["whole", "whole", "whole", "erased", "lost", "gone"]), min_size=1, max_size=12),
    st.integers(0, 12), st.integers(0, 12),
)  # fmt: skip
def test_lines_that_a_device_has_not_are_never_taken_for_proven(hows: list[str], cut: int, reads: int) -> None:
    lines = chain(len(hows))
    theirs = [one for line, how in zip(lines, hows, strict=True) if (one := poorer(line, how))]
    has = {one.head_hash for one in theirs if one.form == "whole"}
    at_once = stretches_of(WRITER, theirs)
    assert heads_in(at_once, known(lines)) == has
    in_turns = stretches_of(WRITER, theirs[reads:], stretches_of(WRITER, theirs[:reads]))
    assert in_turns == at_once, "read in two turns it says the same"
    ours = known(lines[cut:])
    found = heads_in(at_once, ours)
    assert found <= has & ours.keys(), "who knows fewer lines takes fewer for proven"


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_another_branch_proves_only_what_lies_before_it(trunk: int, here: int, there: int) -> None:
    common = chain(trunk)
    ours, theirs = chain(here, "a", common[-1]), chain(there, "b", common[-1])
    found = heads_in(stretches_of(WRITER, [*common, *theirs]), known([*common, *ours]))
    assert found == set(), "its last line is not known here, so nothing of the stretch is"
    both = heads_in(stretches_of(WRITER, [*common, *theirs]), known([*common, *ours, *theirs]))
    assert both == {line.head_hash for line in (*common, *theirs)}


def test_a_line_that_does_not_follow_the_one_before_says_nothing_of_it() -> None:
    first, other = chain(2), chain(2, "x")
    found = heads_in(stretches_of(WRITER, [first[0], other[1]]), known([*first, *other]))
    assert found == {first[0].head_hash, other[1].head_hash}


def test_the_same_number_said_twice_is_not_taken_twice() -> None:
    first, again = chain(2), chain(2, "x")
    assert stretches_of(WRITER, [*first, again[1]]) == stretches_of(WRITER, first)


HOLDINGS = st.builds(
    Holding,
    at=st.just("2025-03-16T08:00:00+00:00"), name=st.text(max_size=8),
    stretches=st.lists(
        st.builds(
            Stretch, writer=st.sampled_from(["w1", "w2"]), first=st.integers(1, 9), last=st.integers(9, 99),
            head=st.integers(0, 9).map(lambda n: f"{n:064x}"),
        ), max_size=4,
    ).map(lambda some: tuple(sorted(some, key=lambda one: one.writer))),
    originals=st.dictionaries(
        st.integers(0, 999).map(lambda n: f"{n:016x}"), st.sampled_from(["2025-03-16", "2025-03-17"]), max_size=5
    ),
)  # fmt: skip
RECEIPTS = st.builds(
    Receipt,
    device=st.just("01950000-0000-7000-8000-000000000001"), form=st.sampled_from(["laptop", "phone"]),
    name=st.text(max_size=8), former=st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
    seq=st.integers(0, 99), own=HOLDINGS, places=st.dictionaries(st.sampled_from(["k1", "k2"]), HOLDINGS),
)  # fmt: skip


@given(RECEIPTS)
def test_what_is_written_is_read(receipt: Receipt) -> None:
    assert read_receipt(receipt_of(receipt)) == receipt


@given(RECEIPTS, st.data())
def test_one_that_is_not_as_it_was_written_says_nothing(receipt: Receipt, data: st.DataObject) -> None:
    raw = bytearray(receipt_of(receipt))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert read_receipt(bytes(raw)) in (None, receipt)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"receipt":null}', b'{"receipt":{},"sha256":""}', b"\xff"])
def test_what_is_no_receipt_says_nothing(data: bytes) -> None:
    assert read_receipt(data) is None


def test_what_was_found_wrong_is_taken_out() -> None:
    shas = [f"{n:064x}"[::-1] for n in range(3)]
    stretches = tuple(Stretch(writer=writer, first=1, last=2, head=shas[0]) for writer in ("w1", "w2"))
    holding = Holding(stretches=stretches, originals=dict.fromkeys(map(short, shas), "2025-03-16"))
    left = without(holding, {short(shas[1])}, {"w1"})
    assert left == replace(
        holding, stretches=stretches[1:], originals=dict.fromkeys(map(short, (shas[0], shas[2])), "2025-03-16")
    )


@pytest.mark.parametrize(
    ("name", "whether"),
    [(proof_name("a-1"), True), ("proof/a-1 (copy).json", False), ("proof/a/b.json", False), ("a.json", False)],
)
def test_a_receipt_is_told_by_its_name(name: str, whether: bool) -> None:
    assert is_proof(name) is whether
