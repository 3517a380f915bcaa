"""A field that says several things: all of them are found, and what they came from."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from fieldlog.model.conflict import Base, common_base, first_said, versions_of
from fieldlog.model.fold import Doc, conflicts, folded
from fieldlog.model.op import Op

NEW = Op(u="n", t="0001", r="entry", e="e", k="new", v={"text": "rain"})


def change(u: str, t: str, base: list[str], **fields: Any) -> Op:
    return Op(u=u, t=t, r="entry", e="e", k="set", v=fields, base=dict.fromkeys(fields, base))


def doc_of(*ops: Op) -> Doc:
    doc: Doc | None = None
    for op in ops:
        doc = folded(doc, op)
    assert doc is not None
    return doc


def stamped(ms: int, writer: str) -> str:
    return f"{ms:012x}0000{writer}"


def test_two_edits_are_two_versions_the_later_first_each_with_its_time_and_writer() -> None:
    here, there = (
        change("a", stamped(7, "phone"), ["n"], text="hail"),
        change("b", stamped(9, "laptop"), ["n"], text="sleet"),
    )
    found = versions_of(doc_of(NEW, here, there), "text")
    assert [(one.value, one.ms, one.writer, one.us) for one in found] == [
        ("sleet", 9, "laptop", ("b",)), ("hail", 7, "phone", ("a",)),
    ]  # fmt: skip


def test_what_two_devices_said_alike_is_one_version() -> None:
    doc = doc_of(NEW, change("a", "0002", ["n"], text="hail"), change("b", "0003", ["n"], text="hail"),
                 change("c", "0001", ["n"], text="sleet"))  # fmt: skip
    found = versions_of(doc, "text")
    assert [(one.value, set(one.us), one.t) for one in found] == [
        ("hail", {"a", "b"}, "0003"),
        ("sleet", {"c"}, "0001"),
    ]
    assert [one.value for one in found] == conflicts(doc)["text"]


def test_a_field_that_one_emptied_has_a_version_that_says_nothing() -> None:
    doc = doc_of(NEW, change("a", "0002", ["n"], text=None), change("b", "0003", ["n"], text="sleet"))
    assert [one.value for one in versions_of(doc, "text")] == ["sleet", None]


def test_what_was_imported_tells_no_time() -> None:
    one = change("a", stamped(0, "digest"), ["n"], text="hail")
    assert versions_of(doc_of(NEW, one), "text")[0].ms is None


def test_two_edits_of_one_text_came_from_it_in_whatever_order_they_are_known() -> None:
    first = change("f", "0002", ["n"], text="drizzle")
    ours, theirs = change("a", "0003", ["f"], text="hail"), change("b", "0004", ["f"], text="sleet")
    for ops in permutations([NEW, first, ours, theirs]):
        assert common_base(ops, "text", ["a"], ["b"]) == Base(value="drizzle")


def test_each_may_have_changed_it_several_times() -> None:
    ops = [NEW, change("a", "2", ["n"], text="hail"), change("b", "3", ["a"], text="more hail"),
           change("c", "4", ["n"], text="sleet"), change("d", "5", ["c"], text="wet sleet")]  # fmt: skip
    assert common_base(ops, "text", ["b"], ["d"]) == Base(value="rain")


def test_of_two_that_both_were_made_over_it_is_the_later_one_whatever_the_clocks_said() -> None:
    ops = [change("n", "9", [], text="rain"), change("f", "1", ["n"], text="drizzle"),
           change("a", "2", ["f", "n"], text="hail"), change("b", "3", ["f", "n"], text="sleet")]  # fmt: skip
    assert common_base(ops, "text", ["a"], ["b"]) == Base(value="drizzle")


def test_where_nothing_was_said_before_that_is_what_they_came_from() -> None:
    made = Op(u="n", t="0001", r="entry", e="e", k="new", v={"kind": "photo"})
    ops = [made, change("a", "0002", [], text="hail"), change("b", "0003", [], text="sleet")]
    assert common_base(ops, "text", ["a"], ["b"]) == Base(value=None)


@pytest.mark.parametrize("missing", ["n", "f"])
def test_where_what_was_before_is_lost_nobody_says_what_it_was(missing: str) -> None:
    ops = [change("f", "0002", ["n"], text="drizzle"), change("a", "0003", ["f"], text="hail"),
           change("b", "0004", ["n"], text="sleet")]  # fmt: skip
    known = [op for op in ops if op.u != missing]
    assert common_base(known, "text", ["a"], ["b"]) is None


def test_what_stands_in_for_a_lost_line_is_known_by_its_name() -> None:
    fill = Op(u="x", t="0002", r="entry", e="e", k="fill", v={"text": "drizzle"}, base={"text": ["n"]}, of="f")
    ops = [fill, change("a", "0003", ["f"], text="hail"), change("b", "0004", ["f", "x"], text="sleet")]
    assert common_base(ops, "text", ["a"], ["b"]) == Base(value="drizzle")


def test_what_was_settled_and_taken_back_came_from_where_it_did_and_was_said_by_who_said_it() -> None:
    ours, theirs = (
        change("a", stamped(3, "phone"), ["n"], text="hail"),
        change("b", stamped(4, "mac"), ["n"], text="sleet"),
    )
    settled = change("s", stamped(5, "mac"), ["a", "b"], text="hail and sleet")
    back = [
        change("x", stamped(6, "mac"), ["s"], text="hail"),
        change("y", stamped(7, "mac"), ["s"], text="sleet"),
    ]
    ops = [NEW, ours, theirs, settled, *back]
    later, earlier = versions_of(doc_of(*ops), "text")
    assert (later.value, earlier.value) == ("sleet", "hail")
    assert common_base(ops, "text", later.us, earlier.us) == Base(value="rain")
    said = [first_said(ops, "text", one) for one in (later, earlier)]
    assert [(one.writer, one.ms, one.us) for one in said] == [("mac", 4, ("y",)), ("phone", 3, ("x",))]


def test_a_version_that_went_back_to_what_was_before_came_from_that() -> None:
    ops = [NEW, change("a", "2", ["n"], text="hail"), change("c", "4", ["a"], text="rain"),
           change("b", "3", ["n"], text="sleet")]  # fmt: skip
    assert common_base(ops, "text", ["c"], ["b"]) == Base(value="rain")


def test_operations_that_name_each_other_lead_nobody_round() -> None:
    ops = [change("a", "1", ["b"], text="hail"), change("b", "2", ["a"], text="sleet")]
    assert common_base(ops, "text", ["a"], ["b"]) is not None
