"""Times as people write them, on a clock that counts on past midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.study.typed_times import moment_typed, told

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22:05", "2025-03-16T22:05:00+08:00"),
        ("9:05", "2025-03-16T09:05:00+08:00"),
        ("25:41", "2025-03-17T01:41:00+08:00"),
        (" 25：41：07 ", "2025-03-17T01:41:07+08:00"),
        ("47:59", "2025-03-17T23:59:00+08:00"),
        ("2025-03-02 23:59", "2025-03-02T23:59:00+08:00"),
    ],
)
def test_a_time_without_a_date_is_of_the_production_day(typed: str, meant: str) -> None:
    assert moment_typed(typed, "2025-03-16", SHANGHAI).isoformat() == meant


@pytest.mark.parametrize(
    "typed", ["", "noon", "22:75", "48:00", "2025-03-02 48:00", "2025-03-02", "2025-13-02 10:00", "22"]
)
def test_what_is_no_time_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        moment_typed(typed, "2025-03-16", SHANGHAI)


@given(some.integers(-(10**6), 10**6).map(lambda n: datetime(2025, 3, 16, tzinfo=UTC) + timedelta(seconds=n)))
def test_a_moment_written_out_is_read_as_the_same_moment(at: datetime) -> None:
    typed = ProductionClock("2025-03-16", SHANGHAI).said(at, seconds=True)
    assert moment_typed(typed, "2025-03-16", SHANGHAI) == at
    assert told(typed, SHANGHAI, on="2025-03-16").precision == "exact"


@pytest.mark.parametrize(
    ("typed", "meant", "precision"),
    [
        ("2025-03-16 25:30", "2025-03-17T01:30:00+08:00", "minute"),
        ("2025-03-16 24:00", "2025-03-17T00:00:00+08:00", "minute"),
        ("2025/3/16 9:05", "2025-03-16T09:05:00+08:00", "minute"),
        ("2025年3月16日 10:05", "2025-03-16T10:05:00+08:00", "minute"),
        ("2025年3月16日（周日）下午3点半", "2025-03-16T15:30:00+08:00", "minute"),
        ("２０２５-０３-１６ １０：００", "2025-03-16T10:00:00+08:00", "minute"),
        ("03/16/2025 10:00", "2025-03-16T10:00:00+08:00", "minute"),
        ("16/03/2025 10:00:09", "2025-03-16T10:00:09+08:00", "exact"),
        ("03/03/2025 10:00", "2025-03-03T10:00:00+08:00", "minute"),
        ("16.03.2025 10:00", "2025-03-16T10:00:00+08:00", "minute"),
        ("3/16/2025 12:30 AM", "2025-03-16T00:30:00+08:00", "minute"),
        ("Sun, 16 Mar 2025 10:05:00 +0100", "2025-03-16T10:05:00+01:00", "exact"),
        ("2016-12-31T23:59:60", "2017-01-01T00:00:00+08:00", "exact"),
        ("2025-03-16T10:00:00.25Z", "2025-03-16T10:00:00.250000+00:00", "exact"),
        ("2025-03-16T09:00-10:00", "2025-03-16T09:00:00-10:00", "minute"),
        ("20250316T160512", "2025-03-16T16:05:12+08:00", "exact"),
        ("2025-03-16", "2025-03-16T06:00:00+08:00", "day"),
        ("1640", "2025-03-20T16:40:00+08:00", "minute"),
        ("22.05", "2025-03-20T22:05:00+08:00", "minute"),
        ("凌晨2:00", "2025-03-21T02:00:00+08:00", "minute"),
    ],
)
def test_times_as_people_write_them(typed: str, meant: str, precision: str) -> None:
    found = told(typed, SHANGHAI, on="2025-03-20")
    assert (found.at.isoformat(), found.precision) == (meant, precision)


def test_a_date_alone_begins_when_the_studys_days_turn_and_is_chosen_by_hand() -> None:
    found = told("2025年3月16日", SHANGHAI, boundary_hour=4)
    assert (found.at.isoformat(), found.precision, found.day) == ("2025-03-16T04:00:00+08:00", "day", "2025-03-16")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("03/04/2025 10:00", "can't be told apart"),
        ("2025-03-16 09:00-10:00", "a zone or an end"),
        ("2025-02-30 10:00", "There is no day"),
        ("9999-12-31T23:59:59-12:00", "between 1900 and 2200"),
        ("1899-12-31 10:00", "between 1900 and 2200"),
        ("3月16日 10:05", "has no year"),
        ("2025-03-16 10:99", "is no time"),
        ("2025-03-16 10:5", "is no time"),
        ("2025-03-16 10:", "is no time"),
        ("2025-03-16 110:05", "is no time"),
        ("2025-03-16T10:00+25:00", "is no time"),
        ("yesterday", "is no time"),
        ("10:05", "has no date"),
    ],
)
def test_what_is_refused_is_named_as_it_was_typed(typed: str, says: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        told(typed, SHANGHAI)
    assert f"“{typed}”" in str(refused.value)
    assert says in str(refused.value)


@given(
    some.text(max_size=40)
    | some.from_regex(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}[ T日]?[0-9:.apm+-]{0,9}")
)
def test_nothing_typed_raises_but_a_refusal_and_no_time_is_out_of_reach(typed: str) -> None:
    for on in (None, "2025-03-16"):
        try:
            found = told(typed, SHANGHAI, on=on)
        except NotUnderstood as refusal:
            assert str(refusal).endswith(".")
        else:
            assert 1899 <= found.at.astimezone(UTC).year <= 2201


@given(some.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=some.just(UTC)))  # noqa: DTZ001
def test_every_iso_time_means_itself(at: datetime) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert told(at.isoformat(), SHANGHAI).at == at
