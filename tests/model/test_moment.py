"""Clock jumps: noticed, corrected where the counter knows better, and the order of notes survives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fieldlog.model.ids import Ids, imported_id, ms_of_id
from fieldlog.model.moment import Moment, settled
from fieldlog.model.op import HybridClock

NOON = datetime(2025, 3, 16, 12, 0, tzinfo=UTC)
LAST = Moment(at=NOON, mono_ms=1_000_000, boot="b1")


def reading(wall: datetime, after: timedelta, **said: object) -> Moment:
    return replace(Moment(at=wall, mono_ms=1_000_000 + int(after.total_seconds() * 1000), boot="b1"), **said)  # type: ignore[arg-type]


def test_a_phone_reset_to_january_is_corrected_by_its_counter() -> None:
    wall = datetime(2025, 1, 1, tzinfo=UTC)
    found = settled(reading(wall, timedelta(minutes=12)), LAST, LAST.ms)
    assert (found.at, found.suspect, found.source) == (NOON + timedelta(minutes=12), True, "corrected")
    assert found.wall == "2025-01-01T00:00:00+00:00"


def test_a_clock_set_ahead_is_noticed_where_the_counter_goes_on_in_sleep() -> None:
    found = settled(reading(NOON + timedelta(days=400), timedelta(minutes=5)), LAST, LAST.ms)
    assert found.at == NOON + timedelta(minutes=5)


def test_a_forward_step_alone_is_never_suspect_where_the_counter_stops_in_sleep() -> None:
    wall = NOON + timedelta(hours=7)
    assert settled(reading(wall, timedelta(minutes=5), counts_sleep=False), LAST, LAST.ms).suspect is False


def test_small_differences_are_believed() -> None:
    wall = NOON + timedelta(minutes=6)
    assert settled(reading(wall, timedelta(minutes=5)), LAST, LAST.ms).at == wall


def test_after_a_reboot_into_the_past_a_note_stands_just_behind_the_newest() -> None:
    wall = datetime(2025, 1, 1, tzinfo=UTC)
    found = settled(Moment(at=wall, mono_ms=5, boot="b2"), LAST, LAST.ms)
    assert found.ms == LAST.ms + 1
    assert found.suspect


def test_ids_made_on_a_device_sort_as_they_were_made_even_when_the_clock_goes_back() -> None:
    walls = iter([5, 5, 4, 3, *[3] * 5000, 9])
    fresh = Ids(lambda: next(walls), lambda n: b"\xff" * n)
    made = [fresh() for _ in range(5005)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert ms_of_id(made[-1]) == 9


def test_an_imported_record_has_the_same_id_on_every_device() -> None:
    assert imported_id(7, "study", "entry", "e-1") == imported_id(7, "study", "entry", "e-1")
    assert imported_id(7, "study", "entry", "e-1") != imported_id(7, "study", "entr", "ye-1")


def test_stamps_of_one_millisecond_sort_as_they_were_made_however_many_there_are() -> None:
    clock = HybridClock("w")
    made = [clock.stamp(1_742_000_000_000) for _ in range(0x10000 + 3)]
    assert made == sorted(set(made))
    assert {len(one) for one in made} == {17}, "a counter that runs over is no fifth digit"


def test_an_older_stamp_from_another_device_takes_no_clock_back() -> None:
    clock = HybridClock("w")
    last = clock.stamp(1_742_000_000_000)
    for seen in (f"{1_741_000_000_000:012x}ffffx", f"{1_742_000_000_000:012x}0000x", "soon"):
        clock.saw(seen)
        last, before = clock.stamp(1_742_000_000_000), last
        assert last > before
    clock.saw(f"{1_742_000_000_000:012x}0fffx")
    assert clock.stamp(1_742_000_000_000) > f"{1_742_000_000_000:012x}0fffx"
