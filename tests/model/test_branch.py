"""Branches of one writer have the same names on every device, in whatever order their lines came."""

from __future__ import annotations

from itertools import permutations

import pytest

from fieldlog.model.branch import Knot, branch_name, is_branch, laid_apart, writer_of
from fieldlog.model.chain import Forked

ROOT = "root"


def chain(*heads: str, after: str = ROOT, n: int = 1) -> list[Knot]:
    """Lines of these heads, one behind the other."""
    before = [after, *heads]
    return [Knot(n=n + place, head=head, after=before[place]) for place, head in enumerate(heads)]


def names(*knots: Knot) -> dict[str, str]:
    return laid_apart("w", knots, {ROOT: "w"})


def test_a_branch_bears_its_writers_name_and_that_of_its_first_line() -> None:
    name = branch_name("0123456789abcdef", "fedcba9876543210" + "0" * 48)
    assert name == "0123456789abcdef~fedcba9876543210"
    assert (writer_of(name), is_branch(name)) == ("0123456789abcdef", True)
    assert (writer_of("0123456789abcdef"), is_branch("0123456789abcdef")) == ("0123456789abcdef", False)


def test_one_chain_is_the_trunk() -> None:
    assert names(*chain("c", "b", "a")) == {"c": "w", "b": "w", "a": "w"}


def test_the_smaller_head_goes_on_with_the_trunk_and_the_others_are_branches_in_any_order() -> None:
    knots = [
        *chain("c", "b"),
        *chain("y", "a", after="b", n=3),
        *chain("x", "z", after="b", n=3),
        *chain("q", n=1),
    ]
    expected = {
        "c": "w", "b": "w", "x": "w", "z": "w", "y": "w~y", "a": "w~y", "q": "w~q",
    }  # fmt: skip
    for order in permutations(knots):
        assert names(*order) == expected


def test_a_branch_of_a_branch_begins_behind_a_line_of_that() -> None:
    knots = [*chain("a"), *chain("b", after="a", n=2), *chain("c", "d", "e", after="a", n=2)]
    knots += chain("f", after="d", n=4)
    found = names(*knots)
    assert (found["b"], found["c"], found["d"], found["e"], found["f"]) == ("w", "w~c", "w~c", "w~c", "w~f")


def test_what_nothing_leads_to_has_no_name() -> None:
    assert names(*chain("a"), *chain("x", "y", after="lost", n=5)) == {"a": "w"}


def test_where_it_parts_behind_lost_lines_it_can_t_be_told_at_which() -> None:
    loose = Knot(n=4, head="d", after="a", proven=False)
    assert names(*chain("a"), loose) == {"a": "w", "d": "w"}
    with pytest.raises(Forked, match="line 4"):
        names(*chain("a"), loose, *chain("b", after="a", n=2))


def test_no_journal_gets_two_lines_of_one_number() -> None:
    """Where a trunk's own beginning can't be read any more, another can't be laid beside it."""
    with pytest.raises(Forked):
        laid_apart("w", [*chain("a", "b"), *chain("x", after="gone", n=2)], {ROOT: "w", "gone": "w"})
