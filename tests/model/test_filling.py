"""What stands in for lost operations is shown until they come, whatever the order."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.filling import fills
from fieldlog.model.fold import base_of, conflicts
from fieldlog.model.op import Op, op_from_json, stamp
from fieldlog.model.standing import shown
from fieldlog.model.state import State

ENTRY = "01950000-0000-7000-8000-00000000000e"


def op(n: int, k: str, v: dict[str, Any], base: dict[str, list[str]] | None = None) -> Op:
    return Op(u=f"u{n}", t=stamp(1742000000000 + n, 0, "w"), r="entry", e=ENTRY, k=k, v=v, base=base or {})


def note() -> list[Op]:
    """A note, reworded twice, starred, and put elsewhere at the same time."""
    at = "2025-03-16T10:00:00+08:00"
    return [
        op(1, "new", {"kind": "jotting", "occurred_at": at, "created_at": at, "text": "First.", "people": ["P1"]}),
        op(2, "set", {"text": "Second."}, {"text": ["u1"]}),
        op(3, "set", {"text": "Third."}, {"text": ["u2"]}),
        op(4, "set", {"starred": True}, {"starred": []}),
        op(5, "set", {"text": "Another third."}, {"text": ["u2"]}),
    ]


def state_of(ops: list[Op]) -> State:
    state = State()
    state.apply(ops)
    return state


@given(st.permutations(note()), st.sets(st.integers(0, 4)), st.randoms(use_true_random=False))
def test_the_true_operations_win_in_any_order(ops: list[Op], lost: set[int], dice: Random) -> None:
    whole = state_of(ops)
    told = whole.raw(ENTRY)
    assert told
    damaged = state_of([one for place, one in enumerate(note()) if place not in lost])
    made = fills("entry", told, damaged.raw(ENTRY))
    assert {one.of for one in made} <= {f"u{place + 1}" for place in lost}
    every = [*ops, *made, *made]
    dice.shuffle(every)
    assert state_of(every).tables == whole.tables


@given(st.sets(st.integers(0, 4), min_size=1))
def test_what_is_lost_is_shown_as_it_was(lost: set[int]) -> None:
    told = state_of(note()).raw(ENTRY)
    assert told
    damaged = state_of([one for place, one in enumerate(note()) if place not in lost])
    damaged.apply(fills("entry", told, damaged.raw(ENTRY)))
    found = damaged.get(ENTRY)
    assert found
    assert shown(found)
    assert {name: found.get(name) for name in told if name[0] != "_"} == {
        name: value for name, value in told.items() if name[0] != "_"
    }
    assert conflicts(found) == conflicts(told)
    assert fills("entry", told, found) == []


def test_a_change_made_meanwhile_replaces_what_was_filled_in_and_the_true_line_when_it_comes() -> None:
    first = note()[0]
    told = state_of([first]).raw(ENTRY)
    assert told
    state = state_of(fills("entry", told, None))
    doc = state.get(ENTRY)
    assert doc
    later = op(9, "set", {"text": "Put better."}, base_of(doc, ["text"]))
    assert later.base == {"text": ["u1"]}
    for ops in ([later, first], [first, later]):
        both = state_of([*fills("entry", told, None), *ops])
        found = both.get(ENTRY)
        assert found
        assert found["text"] == "Put better."
        assert conflicts(found) == {}
        assert both.tables == state_of([first, later]).tables


def test_what_was_erased_is_not_filled_in() -> None:
    told = state_of(note()).raw(ENTRY)
    assert told
    erase = op(9, "erase", {"occurred_at": told["occurred_at"]})
    gone = state_of([erase])
    assert fills("entry", told, gone.raw(ENTRY)) == []
    for ops in ([erase, *fills("entry", told, None)], [*fills("entry", told, None), erase]):
        assert state_of(ops).tables == gone.tables


def test_a_fill_is_read_as_it_was_written_and_names_what_it_stands_in_for() -> None:
    told = state_of(note()).raw(ENTRY)
    assert told
    for made in fills("entry", told, None):
        assert op_from_json(made.as_json()) == made
        assert op_from_json({**made.as_json(), "of": None}) is None


def test_what_was_made_up_of_a_record_goes_once_the_record_is_here_whoever_made_it() -> None:
    made_up = Op(u="f", t="", r="entry", e=ENTRY, k="fill", v={"text": "By its folder"}, of="nobody knows")
    first = note()[0]
    assert (state_of([made_up]).raw(ENTRY) or {})["text"] == "By its folder"
    for ops in ([made_up, first], [first, made_up]):
        assert state_of(ops).tables == state_of([first]).tables
