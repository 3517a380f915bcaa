"""Which production day: it ends when the crew wraps, not at midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.model.production_day import Calendar, calendar, date_by_boundary, spans
from fieldlog.model.state import State

SHANGHAI = "Asia/Shanghai"
STUDY = {"id": "s", "_u": "u", "default_tz": SHANGHAI, "day_boundary_hour": 6}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-03-{text}+08:00")


def planned(date: str, **said: Any) -> dict[str, Any]:
    return {"id": date, "_u": "u", "date": date, **said}


def session(name: str, starts: str, **said: Any) -> dict[str, Any]:
    return {"id": name, "_u": "u", "starts": f"2025-03-{starts}+08:00", **said}


def entry(name: str, occurred: str, **said: Any) -> dict[str, Any]:
    return {"id": name, "_u": "u", "occurred_at": f"2025-03-{occurred}+08:00", **said}


def of(days: list[Any], sessions: list[Any] | None = None, entries: list[Any] | None = None) -> Calendar:
    return calendar(STUDY, days, sessions or [], entries or [])


def test_a_note_after_midnight_belongs_to_the_day_being_shot() -> None:
    made = of([planned("2025-03-16", starts="2025-03-16T16:00:00+08:00")])
    assert made.date_at(at("17T03:10:00")) == "2025-03-16"


def test_a_thirty_hour_day_holds_its_morning_after() -> None:
    said = {"starts": "2025-03-16T16:00:00+08:00", "ends": "2025-03-17T14:30:00+08:00"}
    made = of([planned("2025-03-16", **said), planned("2025-03-17", starts="2025-03-17T20:00:00+08:00")])
    assert made.date_at(at("17T14:29:00")) == "2025-03-16"
    assert made.date_at(at("17T14:30:00")) == "2025-03-16"
    assert made.date_at(at("17T14:31:00")) == "2025-03-17"


def test_a_forgotten_wrap_ends_with_the_first_session_of_the_next_day() -> None:
    made = of([planned("2025-03-16", starts="2025-03-16T10:00:00+08:00")], [session("x", "17T09:00:00")])
    assert made.date_at(at("17T08:59:00")) == "2025-03-16"
    assert made.date_at(at("17T09:00:00")) == "2025-03-17"


def test_a_forgotten_wrap_ends_after_thirty_six_hours() -> None:
    made = of([planned("2025-03-16", starts="2025-03-16T10:00:00+08:00")])
    assert made.date_at(at("17T21:59:59")) == "2025-03-16"
    assert made.date_at(at("17T22:00:00")) == "2025-03-17"


def test_a_planned_day_holds_nothing_until_something_starts_it() -> None:
    days = [planned("2025-03-16", starts="2025-03-16T10:00:00+08:00"), planned("2025-03-17")]
    assert of(days).date_at(at("17T09:00:00")) == "2025-03-16"
    ended = [{**days[0], "ends": "2025-03-16T20:00:00+08:00"}, days[1]]
    made = of(ended, entries=[entry("e", "17T09:00:00")])
    assert made.implicit == {"2025-03-17": (1742173200000, "e")}
    assert made.date_at(at("18T05:00:00")) == "2025-03-17"
    assert made.date_at(at("18T07:00:00")) == "2025-03-17"


def test_a_day_begun_by_a_note_is_not_begun_anew_by_a_session_of_its_morning_after() -> None:
    days = [planned("2025-03-16"), planned("2025-03-17")]
    night = session("s", "17T12:00:00", day="2025-03-16")
    made = of(days, [night], [entry("e", "16T09:00:00"), entry("f", "17T07:00:00")])
    assert made.date_at(at("17T07:00:00")) == "2025-03-16"
    assert not made.starts_a_day(entry("g", "17T08:00:00"))


def test_a_day_that_was_said_to_go_on_lasts_to_the_next_boundary_however_long_it_is() -> None:
    said = {"starts": "2025-03-16T07:00:00+08:00", "goes_on": "2025-03-17T06:30:00+08:00"}
    made = of([planned("2025-03-16", **said)])
    assert made.date_at(at("17T20:00:00")) == "2025-03-16"
    assert made.date_at(at("18T05:59:00")) == "2025-03-16"
    assert made.date_at(at("18T06:00:00")) == "2025-03-18"
    assert (
        of([planned("2025-03-16", **{**said, "ends": "2025-03-17T19:00:00+08:00"})]).date_at(at("17T20:00:00"))
        == "2025-03-17"
    )


def test_an_entry_in_a_session_belongs_to_the_sessions_day_whatever_the_clock_says() -> None:
    made = of([], [session("night", "17T01:00:00", day="2025-03-16")])
    assert made.date_of(entry("e", "17T11:00:00", session="night")) == "2025-03-16"


def test_a_choice_by_hand_beats_all() -> None:
    made = of([], [session("night", "17T01:00:00", day="2025-03-16")])
    assert made.date_of(entry("e", "17T11:00:00", session="night", day_choice="2025-03-02")) == "2025-03-02"


def test_without_any_plan_the_boundary_hour_decides() -> None:
    made = of([])
    assert made.date_at(at("17T05:59:00")) == "2025-03-16"
    assert made.date_at(at("17T06:00:00")) == "2025-03-17"


def test_a_note_sent_from_london_is_filed_by_the_studys_clock() -> None:
    moment = datetime(2025, 3, 30, 9, 5, tzinfo=ZoneInfo("Europe/London"))
    assert date_by_boundary(moment, SHANGHAI, 6) == "2025-03-30"


@pytest.mark.parametrize("zone", ["Europe/London", "America/Santiago", "Australia/Lord_Howe"])
def test_the_day_turns_at_the_same_hour_on_days_of_23_and_25_hours(zone: str) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for hours in range(0, 366 * 24):
        local = (start + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
        expected = local.date() - timedelta(days=local.hour < 6)
        assert date_by_boundary(local, zone, 6) == expected.isoformat()


def note(n: int, hours: int, **said: Any) -> Op:
    when = (datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=hours)).isoformat()
    v = {"kind": "jotting", "occurred_at": when, "created_at": when, "text": str(n), **said}
    return Op(u=f"n{n:04d}", t=f"{n:016x}", r="entry", e=uuid7(n, b"abcdefghij"), k="new", v=v)


def plan(n: int, date: str, **said: Any) -> Op:
    return Op(u=f"d{n:04d}", t=f"{n:016x}", r="day", e=uuid7(n, b"0123456789"), k="new", v={"date": date, **said})


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=25), st.data())
def test_filing_does_not_depend_on_the_order_in_which_plan_and_notes_arrive(
    notes: list[tuple[int, bool]], data: st.DataObject
) -> None:
    ops = [note(n, hours, **({"session": uuid7(99, b"sessionsss")} if inside else {}))
           for n, (hours, inside) in enumerate(notes)]  # fmt: skip
    ops += [plan(900 + n, f"2025-03-0{n}") for n in range(1, 9)]
    start = (datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=data.draw(st.integers(0, 150)))).isoformat()
    ops.append(
        Op(u="s", t="9", r="session", e=uuid7(99, b"sessionsss"), k="new", v={"starts": start, "title": "x"})
    )
    study = {"title": "t", "default_tz": SHANGHAI}
    ops.append(Op(u="t", t="9", r="study", e=uuid7(98, b"studystudy"), k="new", v=study))
    together, singly = State(), State()
    together.apply(ops)
    for op in data.draw(st.permutations(ops)):
        singly.apply([op])
    assert singly.tables == together.tables


def test_changing_the_wrap_refiles_what_lies_behind_it() -> None:
    state = State()
    day = plan(1, "2025-03-01", starts="2025-03-01T08:00:00+00:00")
    state.apply([day, note(2, 26)])
    assert state.date(note(2, 26).e) == "2025-03-01"
    wrap = {"ends": "2025-03-01T20:00:00+00:00"}
    change = state.apply([Op(u="w", t="2", r="day", e=day.e, k="set", v=wrap, base={"ends": []})])
    assert change.refiled
    assert state.date(note(2, 26).e) == "2025-03-01"  # 02:00 is before the boundary hour
    later = note(3, 31)
    state.apply([later])
    assert state.date(later.e) == "2025-03-02"


def test_a_wrap_before_its_day_began_ends_nothing() -> None:
    hour = 3_600_000
    (span,) = spans({"2025-03-16": 10 * hour}, {"2025-03-16": 9 * hour}, {})
    assert (span.ends, span.wrapped) == (46 * hour, False)
    (span,) = spans({"2025-03-16": 10 * hour}, {"2025-03-16": 10 * hour}, {})
    assert (span.ends, span.wrapped) == (10 * hour, True)
