"""The rule that tells slower from noise, without a clock."""

from __future__ import annotations

import pytest

from tests.bench.pairs import FEWEST, NOW, THEN, head, judged, line, rank, turns


def pairs_of(*ratios: float) -> list[tuple[float, float]]:
    """Pairs with these ratios, at different speeds of the machine."""
    return [(1.0 + n, ratio * (1.0 + n)) for n, ratio in enumerate(ratios)]


def of_fifteen(above: int) -> list[tuple[float, float]]:
    """So many of fifteen pairs a tenth slower, the others as fast as before."""
    return pairs_of(*[1.1] * above, *[1.0] * (15 - above))


@pytest.mark.parametrize(("pairs", "at"), [(5, 1), (7, 2), (11, 3), (15, 4), (31, 8)])
def test_the_rank_is_the_lower_quarter(pairs: int, at: int) -> None:
    assert rank(pairs) == at


def test_the_fewest_pairs_have_a_rank() -> None:
    assert rank(FEWEST) == 1


def test_twelve_of_fifteen_are_slower_and_eleven_are_not() -> None:
    assert judged("a", of_fifteen(12)).is_slower
    assert not judged("a", of_fifteen(11)).is_slower


def test_six_of_seven_are_slower_and_five_are_not() -> None:
    assert judged("a", pairs_of(1.0, *[1.1] * 6)).is_slower
    assert not judged("a", pairs_of(1.0, 1.0, *[1.1] * 5)).is_slower


def test_a_twentieth_more_is_not_slower_yet() -> None:
    assert not judged("a", [(1.0, 1.05)] * 15).is_slower
    assert judged("a", [(1.0, 1.051)] * 15).is_slower


def test_a_few_wild_pairs_decide_nothing() -> None:
    assert not judged("a", pairs_of(*[9.0] * 11, *[0.9] * 4)).is_slower
    assert judged("a", pairs_of(*[0.01] * 3, *[1.2] * 12)).is_slower


def test_their_order_is_all_one() -> None:
    pairs = pairs_of(1.3, 0.9, 1.2, 1.0, 1.4, 0.8, 1.1)
    assert judged("a", pairs) == judged("a", pairs[::-1])


def test_faster_is_not_slower() -> None:
    assert not judged("a", [(1.0, 0.5)] * 15).is_slower


def test_a_pair_is_compared_with_itself_alone() -> None:
    """However much slower the machine gets on the way."""
    found = judged("a", [(10.0**n, 1.2 * 10.0**n) for n in range(7)])
    assert (found.low, found.ratio, found.high) == pytest.approx((1.2, 1.2, 1.2))
    assert (found.then, found.now) == pytest.approx((1000.0, 1200.0))


def test_the_spread_is_the_ranked_from_both_ends() -> None:
    found = judged("a", pairs_of(*[1.0 + n / 100 for n in range(15)]))
    assert (found.low, found.ratio, found.high) == pytest.approx((1.03, 1.07, 1.11))


def test_then_and_now_take_turns() -> None:
    assert [turns(pair) for pair in range(3)] == [(THEN, NOW), (NOW, THEN), (THEN, NOW)]


def test_what_is_said() -> None:
    assert "4 … 12 of 15" in head(15)
    assert "2 … 6 of 7" in head(7)
    slower = line(judged("a save, ms", [(1.0, 1.2)] * 15))
    assert slower.split() == "a save, ms 1.000 1.200 1.20 1.20 … 1.20 slower".split()
    assert line(judged("a save, ms", [(1.0, 1.0)] * 15)).endswith("not proven slower")
