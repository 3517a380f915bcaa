"""The numbers of a strip and of the month are those that the journals give when they are counted by hand."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldlog.model.register import Person, Place
from fieldlog.model.session import PlannedSession
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import laptop
from fieldlog.services.register.people import merge
from fieldlog.services.rows.heat import USUAL, step, steps_of
from fieldlog.services.rows.sieve import Kept
from fieldlog.services.rows.strips import Strip, month, strip_of, union
from fieldlog.services.rows.together import together
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.journals import Doc, told_by

DAY = "2025-03-16"


def minutes(text: str, date: str, zone: str = "UTC") -> int:
    """Minutes on the wall since the midnight that a date begins with."""
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return (local - datetime.fromisoformat(date)) // timedelta(minutes=1)


def covered(stretches: list[tuple[int, int]]) -> int:
    """How many minutes lie in any of them, minute by minute."""
    return len({minute for begins, ends in stretches for minute in range(begins, ends)})


def day_of(entry: Doc, read: dict[str, dict[str, Doc]], zone: str) -> str:
    """The production day of an entry by the plain rules: its session's, else the day whose start and wrap are
    around it, else its date, six hours earlier."""
    session = read["session"].get(entry.get("session") or "")
    if session and session.get("day"):
        return str(session["day"])
    at = datetime.fromisoformat(entry["occurred_at"])
    whole = (day for day in read["day"].values() if day.get("starts") and day.get("ends"))
    for day in whole:
        if datetime.fromisoformat(day["starts"]) <= at <= datetime.fromisoformat(day["ends"]):
            return str(day["date"])
    return (at.astimezone(ZoneInfo(zone)) - timedelta(hours=6)).date().isoformat()


@pytest.fixture
def sessions(work: Workspace) -> Sessions:
    return Sessions(work, Capture(work))


async def told(work: Workspace) -> dict[str, dict[str, Doc]]:
    return await told_by(work.store.disk)


async def test_a_day_is_as_long_as_its_journals_say(work: Workspace, sessions: Sessions, clock: FakeClock) -> None:
    plan, capture = Plan(work), Capture(work)
    await plan.days(DAY, 1, number=14)
    await plan.start(DAY, "2025-03-16T08:00:00+00:00")
    await sessions.start("Office", kind="shoot")
    for _ in range(5):
        clock.advance(minutes=37)
        await capture.note("a note")
    clock.advance(hours=14)
    await sessions.start("Stand-up", kind="meeting")
    clock.advance(minutes=25)
    await capture.note("past midnight")
    await sessions.stop()
    clock.advance(hours=12, minutes=10)
    await plan.wrap(DAY, clock().text())
    strip, read = strip_of(work.store.state, DAY), await told(work)
    stretches = [(minutes(one["starts"], DAY), minutes(one["ends"], DAY)) for one in read["session"].values()]
    at = sorted(minutes(one["occurred_at"], DAY) for one in read["entry"].values())
    (day,) = read["day"].values()
    assert [(bar.begins, bar.ends) for bar in strip.sessions] == sorted(stretches)
    assert [bar.entries for bar in strip.sessions] == [5, 1]
    assert (strip.ticks, strip.entries) == (tuple(at), 6)
    assert (strip.call, strip.wrap) == (minutes(day["starts"], DAY), minutes(day["ends"], DAY))
    assert strip.observed == covered(stretches)
    assert strip.overrun == minutes(day["ends"], DAY) - 24 * 60 > 0
    assert (strip.wrap or 0) - (strip.call or 0) > 29 * 60


async def test_time_in_two_sessions_at_once_is_counted_once(work: Workspace) -> None:
    assert union([(60, 120), (90, 150), (100, 110), (200, 210)]) == covered([(60, 150), (200, 210)]) == 100
    assert union([]) == 0


async def test_a_session_that_goes_on_reaches_until_its_last_entry(
    work: Workspace, sessions: Sessions, clock: FakeClock
) -> None:
    await sessions.start("Open end", kind="creative")
    began = minutes(clock().text(), DAY)
    (bar,) = strip_of(work.store.state, DAY).sessions
    assert (bar.going_on, bar.begins, bar.ends) == (True, began, began)
    clock.advance(minutes=50)
    await Capture(work).note("still talking")
    clock.advance(hours=3)
    (bar,) = strip_of(work.store.state, DAY).sessions
    assert (bar.ends - bar.begins, strip_of(work.store.state, DAY).observed) == (50, 50)


async def test_a_day_without_sessions_has_its_entries_and_no_hours(work: Workspace, clock: FakeClock) -> None:
    await Capture(work).note("alone")
    clock.advance(minutes=90)
    await Capture(work).note("still alone")
    (strip,) = month(work.store.state)
    whole = strip_of(work.store.state, DAY)
    assert (strip.entries, strip.observed, strip.sessions, strip.ticks) == (2, 0, (), ())
    assert (whole.ticks, whole.begins, whole.ends) == ((480, 570), 480, 570)


async def test_what_is_erased_is_in_no_number(work: Workspace, sessions: Sessions, clock: FakeClock) -> None:
    await sessions.start("Office", kind="shoot")
    stays = await Capture(work).note("stays")
    clock.advance(minutes=30)
    goes = await Capture(work).note("goes")
    await Erasing(work).erase([goes.id], reason="asked-to")
    strip, read = strip_of(work.store.state, DAY), await told(work)
    assert list(read["entry"]) == [stays.id]
    assert (strip.entries, strip.ticks, strip.sessions[0].entries) == (1, (480,), 1)
    assert month(work.store.state)[0].entries == 1


async def test_the_plan_is_what_nobody_started_and_has_a_time(work: Workspace, sessions: Sessions) -> None:
    made = {
        title: PlannedSession(id=work.machine.new_id(), date=DAY, title=title, at=at, until=until, type="shoot")
        for title, at, until in (
            ("Late", "25:10", "27:00"), ("Early", "9:30", None), ("Next", "10:15", None), ("Some time", None, None)
        )
    }  # fmt: skip
    await work.save([work.op(one) for one in made.values()])
    await sessions.start_planned(made["Next"].id)
    planned = strip_of(work.store.state, DAY).planned
    assert [(bar.title, bar.begins, bar.ends) for bar in planned] == [
        ("Early", 570, 630), ("Late", 1510, 1620),
    ]  # fmt: skip


async def test_who_was_joined_to_another_is_one_person(
    work: Workspace, sessions: Sessions, clock: FakeClock
) -> None:
    known = Person(id=work.machine.new_id(), code="P01", pseudonym="Qiao", dept="production")
    unknown = Person(id=work.machine.new_id(), code="U1", pseudonym="a tall man", unknown=True)
    no = Person(id=work.machine.new_id(), code="P02", pseudonym="Ge", consent={"state": "declined"})
    await work.save([work.op(one) for one in (known, unknown, no)])
    await sessions.start("One", kind="meeting", people=[known.id, no.id])
    clock.advance(minutes=20)
    await sessions.start("Two", kind="meeting", people=[unknown.id])
    await Capture(work).note("both", Chips(people=(known.id, unknown.id)))
    clock.advance(minutes=30)
    await sessions.stop()
    await merge(work, unknown.id, known.id)
    state = work.store.state
    found = together(state, work.store.project, month(state))
    assert [(one.code, one.group) for one in found.people] == [("P01", "production")]
    assert (found.minutes, found.named) == ({(known.id, DAY): 50}, {(known.id, DAY): 1})
    assert strip_of(state, DAY).people == 2


async def test_the_whole_month_is_as_its_journals_say(imported: Path) -> None:
    work = await open_study(laptop(imported), write=False)
    state, read = work.store.state, await told(work)
    zone = state.calendar.zone
    strips = month(state)
    for strip in strips:
        mine = [one for one in read["session"].values() if one.get("day") == strip.date]
        stretches = [
            (minutes(one["starts"], strip.date, zone), minutes(one["ends"], strip.date, zone))
            for one in mine if one.get("ends")
        ]  # fmt: skip
        assert sorted((bar.begins, bar.ends) for bar in strip.sessions if not bar.going_on) == sorted(stretches)
        if all(one.get("ends") for one in mine):
            assert strip.observed == covered(stretches)
        whole = strip_of(state, strip.date)
        assert (whole.entries, len(whole.ticks)) == (strip.entries, strip.entries)
    counted = Counter(day_of(entry, read, zone) for entry in read["entry"].values())
    assert {strip.date: strip.entries for strip in strips if strip.entries} == counted
    day14 = next(one for one in strips if one.code == "PD14")
    assert (day14.call, day14.wrap, day14.observed) == (16 * 60, 38 * 60 + 30, 20 * 60 + 25)
    await work.close()


async def test_who_was_seen_when_is_as_the_journals_say(imported: Path) -> None:
    work = await open_study(laptop(imported), write=False)
    state, read = work.store.state, await told(work)
    strips, zone = month(state), state.calendar.zone
    found = together(state, work.store.project, strips)
    refused = {
        one for one, doc in read["person"].items()
        if (doc.get("consent") or {}).get("state") in ("declined", "withdrawn")
        or ((doc.get("consent") or {}).get("scopes") or {}).get("notes") == "no"
    }  # fmt: skip
    assert refused.isdisjoint(one.id for one in found.people)
    for who in found.people:
        for strip in strips:
            with_them = [
                (minutes(one["starts"], strip.date, zone), minutes(one["ends"], strip.date, zone))
                for one in read["session"].values()
                if one.get("day") == strip.date and who.id in (one.get("people") or ())
            ]
            assert found.minutes.get((who.id, strip.date), 0) == covered(with_them), (who, strip.code)
    named = sum(
        len({who for who in doc.get("people") or () if who in {one.id for one in found.people}})
        for doc in read["entry"].values()
    )  # fmt: skip
    assert sum(found.named.values()) == named > 0
    await work.close()


async def test_what_alone_is_looked_at_is_counted_as_the_journals_have_it(imported: Path) -> None:
    work = await open_study(laptop(imported), write=False)
    state, read = work.store.state, await told(work)
    sessions, entries = read["session"], read["entry"].values()

    def of(entry: Doc, name: str) -> set[str]:
        session = sessions.get(entry.get("session") or "", {})
        both = [entry.get(name), session.get(name)]
        return {item for one in both if one for item in ([one] if isinstance(one, str) else one)}

    def count(kept: Kept) -> tuple[int, int]:
        strips = month(state, kept)
        return sum(one.entries for one in strips), sum(len(one.sessions) for one in strips)

    person = next(one for one, doc in read["person"].items() if doc["code"] == "P02")
    place = next(one for one, doc in read["place"].items() if doc["code"] == "L05")
    script = {one for one, doc in read["person"].items() if doc.get("dept") == "script"}
    assert count(Kept(person=person)) == (
        sum(person in of(one, "people") for one in entries),
        sum(person in one.get("people", ()) for one in sessions.values()),
    )
    assert count(Kept(place=place)) == (
        sum(place in of(one, "place") for one in entries),
        sum(one.get("place") == place for one in sessions.values()),
    )
    assert count(Kept(group="script")) == (
        sum(bool(script & of(one, "people")) for one in entries),
        sum(bool(script & set(one.get("people", ()))) for one in sessions.values()),
    )
    assert count(Kept(kind="meeting", person=person)) == (
        sum(
            person in of(one, "people") and sessions.get(one.get("session") or "", {}).get("type") == "meeting"
            for one in entries
        ),
        sum(one["type"] == "meeting" and person in one.get("people", ()) for one in sessions.values()),
    )
    await work.close()


async def test_an_entry_is_of_its_own_place_and_people_and_of_those_of_its_session(
    work: Workspace, sessions: Sessions
) -> None:
    places = [Place(id=work.machine.new_id(), code=code, name=code) for code in ("L01", "L02", "L03")]
    who = [
        Person(id=work.machine.new_id(), code=code, pseudonym=code, dept=dept)
        for code, dept in (("P01", "camera"), ("P02", "cast"))
    ]
    await work.save([work.op(one) for one in (*places, *who)])
    await sessions.start("Office", kind="shoot", place=places[0].id, people=[who[0].id])
    capture = Capture(work)
    await capture.note("here")
    await capture.note("out in the yard", Chips(place=places[1].id, people=(who[1].id,)))
    await sessions.stop()
    await capture.note("in no session", Chips(place=places[1].id))

    def entries(**kept: str) -> int:
        return strip_of(work.store.state, DAY, Kept(**kept)).entries

    assert [entries(place=one.id) for one in places] == [2, 2, 0]
    assert [entries(person=one.id) for one in who] == [2, 1]
    assert [entries(group=one) for one in ("camera", "cast", "script")] == [2, 1, 0]
    assert entries(person=who[1].id, group="camera") == 1
    assert [entries(kind=one) for one in ("shoot", "meeting")] == [2, 0]


@pytest.mark.parametrize(
    ("counts", "steps"),
    [([], USUAL), ([0, 0], USUAL), ([25, 79, 10], USUAL), ([3, 1, 0], (1, 2, 3, 4)),
     ([854, 100], (171, 342, 513, 684))],
)  # fmt: skip
def test_days_are_as_warm_as_they_hold_much(counts: list[int], steps: tuple[int, int, int, int]) -> None:
    assert steps_of(counts) == steps
    assert [step(count, USUAL) for count in (0, 1, 11, 12, 26, 40, 63, 64, 900)] == [0, 0, 0, 1, 2, 3, 3, 4, 4]
    assert step(0, steps) == 0


def test_a_strip_of_which_nothing_is_known_has_no_beginning() -> None:
    nothing = Strip(
        date=DAY, code=DAY, type="unplanned", title="", n=None, call=None, wrap=None, sessions=(), planned=(),
        entries=0,
    )  # fmt: skip
    assert (nothing.begins, nothing.ends, nothing.overrun, nothing.observed) == (None, None, 0, 0)
