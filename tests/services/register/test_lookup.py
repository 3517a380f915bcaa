"""Type-ahead: the likeliest first, in both scripts, from one key on, among ten thousand names."""

from __future__ import annotations

from bisect import bisect_right

import pytest

from fieldlog.model.register import Code, Place
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.register.lookup import (
    Lookup,
    Named,
    codes_named,
    lookup,
    people_named,
    places_named,
)
from fieldlog.services.register.people import quick_add
from fieldlog.services.study.workspace import Workspace

CREW = Lookup.of(
    Named(id=code, code=code, names=names)
    for code, names in (
        ("P01", ("Qiao", "乔制片", "Producer", "制片")),
        ("P07", ("Lei", "雷师傅", "Gaffer", "灯光师傅")),
        ("P08", ("Fang", "方导", "Director", "导演")),
        ("P17", ("Ａｎ", "安", "Second assistant director", "导演助理")),
        ("P70", ("Galen", "高伦", "Lead actor", "演员")),
    )
)


def codes(found: list[Named]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("p07", "P07"), ("P7", "P07"), ("7", "P07"), ("07", "P07"), ("ｐ０７", "P07"),
        ("lei", "P07"), ("LEI", "P07"), ("雷", "P07"), ("师傅", "P07"), ("灯", "P07"),
        ("gaf", "P07"), ("an", "P17"), ("ga", "P07"), ("方导", "P08"), ("assist", "P17"), ("second dir", "P17"),
    ],
)  # fmt: skip
def test_a_few_keys_find_who_is_meant(typed: str, meant: str) -> None:
    assert codes(CREW.find(typed))[0] == meant


def test_a_code_comes_before_a_beginning_and_a_beginning_before_a_part() -> None:
    assert codes(CREW.find("7")) == ["P07", "P17", "P70"]
    assert codes(CREW.find("导演")) == ["P08", "P17"]
    assert codes(CREW.find("le")) == ["P07", "P70"]


def test_of_equally_likely_ones_the_one_used_last_comes_first() -> None:
    assert codes(CREW.find("导", recent=["P17"])) == ["P17", "P08"]
    assert codes(CREW.find("a", recent=["P01"]))[:2] == ["P17", "P01"]
    assert codes(CREW.find("7", recent=["P70"]))[0] == "P07"


def test_nothing_typed_shows_whom_one_wrote_about_last() -> None:
    assert codes(CREW.find(" ", 3, recent=["P70", "gone"])) == ["P70", "P01", "P07"]


def test_what_nobody_is_called_finds_nobody() -> None:
    assert CREW.find("zzz") == Lookup.of(()).find("a") == Lookup.of(()).find("") == []


def test_no_name_is_found_across_two_people_and_no_sign_of_ours_is_a_name() -> None:
    two = Lookup.of([Named(id="1", names=("ab",)), Named(id="2", names=("cd\x1fe",))])
    assert two.find("bc") == []
    assert codes(two.find("\x1e")) == codes(two.find(""))
    assert [one.id for one in two.find("d e")] == ["2"]


def test_among_ten_thousand_only_so_many_rows_are_taken_up_as_can_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken_up = list[int]()

    def row_at(starts: list[int], at: int) -> int:
        taken_up.append(at)
        return bisect_right(starts, at)

    monkeypatch.setattr("fieldlog.services.register.lookup.bisect_right", row_at)
    many = Lookup.of(
        Named(id=str(n), code=f"P{n:05d}", names=(f"Name {n}", f"化名{n}号", "Extra", "群演"))
        for n in range(10_000)
    )
    for typed in ("e", "名", "群演", "p", "12", "name 9", "9999", "号", "no such"):
        taken_up.clear()
        assert len(many.find(typed)) <= 8
        assert len(taken_up) <= 8, typed
    assert codes(many.find("9999号")) == ["P09999"]


async def test_the_register_is_looked_up_and_a_change_is_seen_at_once(work: Workspace) -> None:
    await quick_add(work, pseudonym="Lei", pseudonym_zh="雷", role="Gaffer")
    made = lookup(work, "people")
    assert codes(people_named(work, "雷")) == ["P01"]
    await Capture(work).note("not about the register")
    assert lookup(work, "people") is made
    await quick_add(work, pseudonym="Leo")
    assert codes(people_named(work, "le")) == ["P01", "P02"]
    await Capture(work).note("about him", Chips(people=("P02",)))
    assert codes(people_named(work, "le")) == ["P02", "P01"]
    assert codes(people_named(work, ""))[0] == "P02"


async def test_places_and_codes_are_found_by_what_they_are_called(work: Workspace) -> None:
    records = [
        Place(id=work.machine.new_id(), code="L05", name="Rooftop", name_zh="天台"),
        Code(id=work.machine.new_id(), code="metrics.roi", label="Return", label_zh="回报"),
    ]
    await work.save([work.op(record) for record in records])
    assert codes(places_named(work, "天")) == codes(places_named(work, "l5")) == ["L05"]
    assert codes(codes_named(work, "roi")) == codes(codes_named(work, "报")) == ["metrics.roi"]
