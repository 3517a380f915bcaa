"""Folding: whatever order operations arrive in, they come to one state, and no word is lost."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.fold import base_of, canonical, conflicts, folded, live, seen_items
from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.model.standing import shown
from fieldlog.model.state import State

NOTE = uuid7(1, b"note------")
PEOPLE = ["lan", "qiao", "wen"]


def new(u: str, **fields: Any) -> Op:
    return Op(u=u, t=f"1{u}", r="entry", e=NOTE, k="new", v=fields)


def put(u: str, base: dict[str, list[str]], **fields: Any) -> Op:
    return Op(u=u, t=f"2{u}", r="entry", e=NOTE, k="set", v=fields, base=base)


def fold(*ops: Op) -> dict[str, Any]:
    doc: dict[str, Any] | None = None
    for op in ops:
        doc = folded(doc, op)
    assert doc is not None
    return doc


def test_an_edit_replaces_what_its_author_saw() -> None:
    doc = fold(new("a", text="rain"), put("b", {"text": ["a"]}, text="heavy rain"))
    assert doc["text"] == "heavy rain"
    assert conflicts(doc) == {}


def test_two_devices_that_edit_one_note_offline_keep_both_texts() -> None:
    doc = fold(
        new("a", text="rain"), put("b", {"text": ["a"]}, text="sleet"), put("c", {"text": ["a"]}, text="hail")
    )
    assert doc["text"] == "hail"
    assert conflicts(doc) == {"text": ["hail", "sleet"]}


def test_equal_edits_on_two_devices_are_no_conflict() -> None:
    doc = fold(
        new("a", text="rain"), put("b", {"text": ["a"]}, text="hail"), put("c", {"text": ["a"]}, text="hail")
    )
    assert conflicts(doc) == {}


def test_one_import_in_two_zones_is_one_state_in_any_order_and_no_conflict() -> None:
    here, there = new("a", at="10:00+08:00", text="rain"), new("a", at="10:00+09:00", text="rain", place="mill")
    assert fold(here, there) == fold(there, here) == fold(here, there, here)
    doc = fold(there, here)
    assert (doc["at"], doc["place"], conflicts(doc)) == ("10:00+08:00", "mill", {})
    mended = put("b", {"at": ["a"]}, at="11:00")
    assert fold(here, mended, there)["at"] == fold(there, here, mended)["at"] == "11:00"


def test_people_added_on_two_devices_are_all_there() -> None:
    add = [
        Op(u=u, t=u, r="entry", e=NOTE, k="add", v={"people": [who]}) for u, who in (("b", "wen"), ("c", "lan"))
    ]
    assert fold(new("a", people=["qiao"]), *add)["people"] == ["qiao", "wen", "lan"]


def test_a_removal_takes_only_what_its_author_saw() -> None:
    start = fold(new("a", people=["qiao", "lan"]))
    gone = Op(u="b", t="2", r="entry", e=NOTE, k="del", v={"people": ["lan"]},
              base={"people": seen_items(start, "people", ["lan"])})  # fmt: skip
    again = Op(u="c", t="3", r="entry", e=NOTE, k="add", v={"people": ["lan"]})
    assert folded(start, gone)["people"] == ["qiao"]
    assert fold(new("a", people=["qiao", "lan"]), again, gone)["people"] == ["qiao", "lan"]


def test_an_edit_that_the_deleter_had_not_seen_brings_the_note_back() -> None:
    start = fold(new("a", text="rain"))
    deleted = Op(u="b", t="2", r="entry", e=NOTE, k="del", base={"*": sorted(live(start))})
    assert not shown(folded(start, deleted))
    assert shown(fold(new("a", text="rain"), deleted, put("c", {"text": ["a"]}, text="hail")))


def test_erasing_leaves_a_tombstone_and_no_word_whatever_comes_later() -> None:
    gone = Op(u="b", t="2", r="entry", e=NOTE, k="erase", v={"reason": "asked to"})
    for ops in ([new("a", text="secret"), gone], [gone, new("a", text="secret")]):
        doc = fold(*ops, put("c", {"text": ["a"]}, text="secret still"))
        assert "secret" not in str(doc)
        assert doc["_erased"]["reason"] == "asked to"


def test_merged_people_stand_for_one_and_a_circle_is_passed_over() -> None:
    ids = [uuid7(n, b"0123456789") for n in (1, 2, 3)]
    docs = [{"id": who, "_u": f"u{n}", "_t": f"{n}", "same_as": ids[(n + 1) % 3]} for n, who in enumerate(ids)]
    assert canonical(docs) == {ids[0]: ids[2], ids[1]: ids[2]}


@st.composite
def histories(draw: st.DrawFn) -> list[Op]:
    """What two devices might do to one note, each seeing some of the other's work."""
    ops = [new("u00", text="0", people=["lan"], occurred_at="2025-03-03T10:00:00+08:00")]
    for n in range(1, draw(st.integers(1, 9))):
        seen = fold(ops[0], *draw(st.lists(st.sampled_from(ops), unique_by=lambda op: op.u)))
        u, who = f"u{n:02d}", draw(st.sampled_from(PEOPLE))
        t = f"{draw(st.integers(1, 5))}{u}"
        kind = draw(st.sampled_from(["set", "set", "add", "del", "hide", "new", "day"]))
        changes: dict[str, tuple[str, dict[str, Any], dict[str, list[str]]]] = {
            "set": ("set", {"text": u}, base_of(seen, ["text"])),
            "day": ("set", {"day_choice": f"2025-03-0{n}"}, base_of(seen, ["day_choice"])),
            "add": ("add", {"people": [who]}, {}),
            "del": ("del", {"people": [who]}, {"people": seen_items(seen, "people", [who])}),
            "hide": ("del", {}, {"*": sorted(live(seen))}),
            "new": ("new", {"text": u, "people": [who]}, {}),
        }
        k, v, base = changes[kind]
        ops.append(Op(u=u, t=t, r="entry", e=NOTE, k=k, v=v, base=base))
    return ops


@given(histories(), st.randoms(use_true_random=False))
def test_the_same_operations_in_any_order_and_any_batches_give_one_state(
    ops: list[Op], dice: random.Random
) -> None:
    plain = State()
    plain.apply(ops)
    shuffled = [*ops, *dice.sample(ops, len(ops) // 2)]
    dice.shuffle(shuffled)
    other = State()
    while shuffled:
        batch, shuffled = shuffled[: dice.randint(1, 4)], shuffled[dice.randint(1, 4) :]
        other.apply(batch)
    other.apply(ops)
    assert other.tables == plain.tables
    assert other.where == plain.where


def test_what_a_record_is_does_not_depend_on_which_of_its_operations_came_first() -> None:
    """Only what makes or erases it tells its kind; a known one goes before what no version knows."""
    made = new("a", text="rain", occurred_at="2025-03-16T10:00:00Z", created_at="2025-03-16T10:00:00Z")
    odd = [replace(put("b", {}, text="hail"), r=kind) for kind in ("weather", "\0", "person")]
    also = [replace(new("c", text="hail"), r=kind) for kind in ("weather", "\0")]
    gone = Op(u="d", t="9", r="entry", e=NOTE, k="erase", v={"occurred_at": "2025-03-16T10:00:00Z"})
    for others in ([one] for one in (*odd, *also)):
        for ops in ([made, *others], [made, *others, gone]):
            states = [State() for _ in permutations(ops)]
            for state, order in zip(states, permutations(ops), strict=True):
                for op in order:
                    state.apply([op])
            assert all(state.tables == states[0].tables for state in states)
            assert states[0].where[NOTE] == "entries-2025-03-16"


def test_what_was_added_meanwhile_brings_a_deleted_session_back() -> None:
    made = new("a", title="Roof", people=["lan"])
    gone = Op(u="b", t="2b", r="entry", e=NOTE, k="del", base={"*": ["a"]})
    added = Op(u="c", t="2c", r="entry", e=NOTE, k="add", v={"people": ["qiao"]})
    assert not shown(fold(made, gone))
    for ops in permutations([made, gone, added]):
        assert shown(fold(*ops)), "its author had not seen that somebody came"
    assert not shown(fold(made, added, replace(gone, base={"*": ["a", "c"]})))


def test_of_two_tombstones_the_earlier_stands_whichever_came_first() -> None:
    marks = [
        Op(u=u, t=t, r="entry", e=NOTE, k="erase", v={"at": t}) for u, t in (("a", "1"), ("b", "2"), ("c", "2"))
    ]
    for ops in permutations([new("n", text="rain"), *marks]):
        assert fold(*ops) == {"id": NOTE, "_erased": {"u": "a", "t": "1", "at": "1"}}


def test_two_devices_that_set_the_people_anew_are_no_conflict_and_all_stay() -> None:
    made = new("a", text="rain", people=["lan"])
    here, there = (put(u, {"people": ["a"]}, people=people) for u, people in (("b", ["qiao"]), ("c", ["wen"])))
    doc = fold(made, here, there)
    assert (doc["people"], conflicts(doc)) == (["qiao", "wen"], {})


def test_a_change_tells_that_a_note_moved_to_another_day() -> None:
    """By that the views know that no half of them can be believed."""
    state = State()
    when = {"occurred_at": "2025-03-16T03:00:00+00:00", "created_at": "2025-03-16T03:00:00+00:00"}
    made = state.apply([new("a", text="rain", **when)])
    assert (made.moved, made.refiled) == (False, False)
    study = Op(
        u="s", t="1", r="study", e=uuid7(2, b"study-----"), k="new", v={"title": "x", "day_boundary_hour": 2}
    )
    change = state.apply([study])
    assert (change.moved, change.refiled) == (True, True)
    assert change.tables >= {"entries-2025-03-15", "entries-2025-03-16"}


def test_two_operations_under_one_name_fold_to_one_state_in_any_order_and_again() -> None:
    made = new("a", text="rain", people=["lan"])
    said = [put("b", {"text": ["a"]}, text="hail"), put("b", {"text": ["a"]}, text="snow")]
    later = replace(said[0], t="9", v={"text": "aaa", "certainty": "sure"})
    other = replace(new("a", text="sun"), t="0")
    gone = [Op(u="d", t="9", r="entry", e=NOTE, k="erase", v={"reason": why}) for why in ("b", "a")]
    for ops in ([made, *said, later], [made, other, *said], [made, *gone]):
        docs = [fold(*order, *order) for order in permutations(ops)]
        assert all(doc == docs[0] for doc in docs)
    assert fold(made, *said, later)["text"] == "hail"
    assert fold(made, other)["text"] == "sun"
