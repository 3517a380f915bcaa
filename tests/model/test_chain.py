"""Lines of one writer that come together: the same lines stand in the end, in whatever order they came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

import pytest

from fieldlog.model.chain import Chain, Forked
from fieldlog.model.line import Line, decode, encode, erased, first_prev, lost, lost_run, rank
from fieldlog.model.op import Op
from tests.model.test_line import null

WRITER = "w"


def written(lines: int, salt: str = "", first: int = 1, prev: str = "") -> list[bytes]:
    """Whole lines of one writer, one behind the other."""
    raws, head = list[bytes](), prev or first_prev("p", WRITER)
    for n in range(first, first + lines):
        op = Op(u=f"u{n}", t=f"{n}", r="entry", e=f"e{n}", k="new", v={"text": f"{n}{salt}"})
        raw, head = encode(writer=WRITER, lane="team", n=n, prev=head, salt=f"{salt}{n}", ops=[op])
        raws.append(raw[:-1])
    return raws


def run(raws: Sequence[bytes], first: int, last: int) -> bytes:
    head = decode(raws[last - 1]).head_hash
    return lost_run(writer=WRITER, lane="team", first=first, last=last, head=head)[:-1]


def heard(raws: Sequence[bytes], dice: Random) -> list[bytes]:
    """What may come of some lines over many roads: each in one form or several, and runs over some."""
    forms: list[Callable[[bytes], bytes]] = [
        lambda raw: raw, lambda raw: lost(raw)[:-1], lambda raw: null(raw, b',"withheld":true')[:-1],
        lambda raw: null(raw, b',"folded":%d' % dice.randint(1, 3))[:-1],
        lambda raw: erased(raw, by=f"u{dice.randint(1, 3)}", at="")[:-1],
    ]  # fmt: skip
    came = [dice.choice(forms)(raw) for raw in raws for _ in range(dice.randint(0, 2))]
    for _ in range(dice.randint(0, 3)):
        first = dice.randint(1, len(raws))
        came.append(run(raws, first, dice.randint(first, len(raws))))
    return came


def laid(came: Sequence[bytes]) -> Chain:
    return Chain(WRITER, map(decode, came), head=first_prev("p", WRITER))


def test_the_same_lines_stand_in_whatever_order_they_came(seed: int, count: Callable[[int, int], int]) -> None:
    raws = written(6)
    for world in range(count(200, 2000)):
        dice = Random(seed + world)
        came = heard(raws, dice)
        stands = [line.raw for line in laid(came).lines]
        for _ in range(4):
            again = [*came, *dice.sample(came, len(came) // 2)]
            dice.shuffle(again)
            assert [line.raw for line in laid(again).lines] == stands


def test_of_each_number_the_best_stays_and_a_run_never_hides_a_line(
    seed: int, count: Callable[[int, int], int]
) -> None:
    raws = written(6)
    for world in range(count(200, 2000)):
        came = heard(raws, Random(seed + world))
        best: dict[int, int] = {}
        for line in map(decode, came):
            for n in range(line.n, line.last + 1):
                best[n] = max(best.get(n, 0), rank(line))
        stand = laid(came).lines
        assert {n: rank(line) for line in stand for n in range(line.n, line.last + 1)} == best
        assert all(one.last < other.n for one, other in pairwise(stand))
        assert not any(
            not one.has_head and not other.has_head and one.last + 1 == other.n for one, other in pairwise(stand)
        )


def numbers(lines: Sequence[Line]) -> list[tuple[int, int]]:
    return [(line.n, line.last) for line in lines]


def test_a_line_that_comes_parts_the_run_that_stood_for_it() -> None:
    raws = written(5)
    chain = laid([raws[0], run(raws, 2, 4), raws[4]])
    chain.lay(decode(raws[2]))
    assert numbers(chain.lines) == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert [line.raw for line in chain.lines if line.has_head] == [raws[0], raws[2], raws[4]]
    for raw in raws:
        chain.lay(decode(raw))
    assert [line.raw for line in chain.lines] == raws


@pytest.mark.parametrize("place", range(1, 5))
def test_a_line_of_another_branch_is_refused_and_nothing_is_laid(place: int) -> None:
    raws = written(5)
    other = written(5, "other")[place]
    wrong = encode(
        writer=WRITER, lane="team", n=place + 1, prev=decode(raws[place - 1]).head_hash, salt="x", ops=[]
    )
    short = [*raws[:place], *raws[place + 1 :]]
    for here in (raws, short, [*raws[:place], run(raws, place + 1, place + 1), *raws[place + 1 :]]):
        chain = laid(here)
        before = list(chain.lines)
        for forked in (other, wrong[0][:-1]):
            if forked is other or place < 4 or here is not short:
                with pytest.raises(Forked, match=f"line {place + 1}"):
                    chain.lay(decode(forked))
                assert chain.lines == before


def test_a_run_that_ends_in_another_head_is_refused() -> None:
    raws, other = written(4), written(4, "other")
    for here in (raws, [run(raws, 2, 4)], [raws[0], run(raws, 2, 4)]):
        chain = laid(here)
        before = list(chain.lines)
        with pytest.raises(Forked):
            chain.lay(decode(run(other, 3, 4)))
        assert chain.lines == before


def test_a_chain_that_begins_elsewhere_is_no_journal_of_this_study() -> None:
    with pytest.raises(Forked, match="line 1"):
        Chain(WRITER, map(decode, written(2)), head=first_prev("another study", WRITER))


def test_what_is_missing_is_told() -> None:
    raws = written(6)
    assert laid(raws).missing() is None
    assert laid([*raws[:2], *raws[4:]]).missing() == (2, 5)
    assert laid([*raws[:2], run(raws, 3, 4), *raws[4:]]).missing() is None
