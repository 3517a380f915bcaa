"""Joining two records of the register: in any order, on several devices, undone, and never in a circle."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.fold import ALIAS, base_of, conflicts
from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.model.state import State

MAN, LEI, FANG, QIAO = (uuid7(n, b"0123456789") for n in range(1, 5))
EVERYONE = (MAN, LEI, FANG, QIAO)


def person(who: str, n: int) -> Op:
    return Op(u=f"n{n}", t=f"1n{n}", r="person", e=who, k="new", v={"code": f"P0{n}"})


def joined(state: State, u: str, one: str, into: str | None, t: str = "") -> Op:
    """The operation of someone who has seen this state."""
    base = base_of(state.get(one) or {}, [ALIAS])
    return Op(u=u, t=t or f"2{u}", r="person", e=one, k="alias", v={ALIAS: into}, base=base)


def of(*ops: Op) -> State:
    state = State()
    state.apply(ops)
    return state


REGISTER = tuple(person(who, n) for n, who in enumerate(EVERYONE))


def test_who_was_unknown_stands_for_the_person_until_it_is_taken_back() -> None:
    state = of(*REGISTER)
    assert state.real(MAN) == MAN
    state.apply([joined(state, "a", MAN, LEI)])
    assert state.real(MAN) == LEI
    assert state.real(LEI) == LEI
    state.apply([joined(state, "b", MAN, None)])
    assert state.real(MAN) == MAN


def test_joined_twice_it_leads_to_the_last() -> None:
    state = of(*REGISTER)
    state.apply([joined(state, "a", MAN, LEI)])
    state.apply([joined(state, "b", LEI, FANG)])
    assert state.real(MAN) == FANG


def test_two_devices_that_take_him_for_two_people_do_not_make_those_one() -> None:
    apart = of(*REGISTER)
    state = of(*REGISTER, joined(apart, "a", MAN, LEI), joined(apart, "b", MAN, FANG))
    assert state.real(MAN) == FANG
    assert (state.real(LEI), state.real(FANG)) == (LEI, FANG)
    doc = state.get(MAN)
    assert doc is not None
    assert conflicts(doc) == {ALIAS: [FANG, LEI]}


def test_joined_to_each_other_on_two_devices_they_are_one() -> None:
    apart = of(*REGISTER)
    state = of(*REGISTER, joined(apart, "a", LEI, FANG), joined(apart, "b", FANG, LEI))
    assert {state.real(LEI), state.real(FANG)} == {FANG}


def test_a_joining_that_arrives_before_the_person_holds_when_he_comes() -> None:
    late, early = person(MAN, 0), joined(of(*REGISTER), "a", MAN, LEI)
    state = of(person(LEI, 1), early)
    state.apply([late])
    assert state.real(MAN) == LEI


@st.composite
def histories(draw: st.DrawFn) -> list[Op]:
    """What several devices might join and take apart again, each seeing some of the others' work."""
    ops = [*REGISTER]
    for n in range(draw(st.integers(1, 8))):
        seen = of(*REGISTER, *draw(st.lists(st.sampled_from(ops), unique_by=lambda op: op.u)))
        one = draw(st.sampled_from(EVERYONE))
        into = draw(st.sampled_from([None, *(who for who in EVERYONE if who != one)]))
        ops.append(joined(seen, f"u{n}", one, into, t=f"{draw(st.integers(2, 5))}u{n}"))
    return ops


@given(histories(), st.randoms(use_true_random=False))
def test_in_any_order_and_any_batches_everyone_stands_for_the_same(ops: list[Op], dice: random.Random) -> None:
    plain = of(*ops)
    shuffled = [*ops, *dice.sample(ops, len(ops) // 2)]
    dice.shuffle(shuffled)
    other = State()
    for op in shuffled:
        other.apply([op])
        other.real(MAN)  # so that what is remembered of the joinings has to be given up again
    assert {who: other.real(who) for who in EVERYONE} == {who: plain.real(who) for who in EVERYONE}
    assert other.tables == plain.tables


@given(histories())
def test_whom_someone_stands_for_stands_for_himself(ops: list[Op]) -> None:
    state = of(*ops)
    for who in EVERYONE:
        assert state.real(state.real(who)) == state.real(who)
