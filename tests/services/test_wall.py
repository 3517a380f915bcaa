"""Times as people write them, on a clock that counts on past midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.wall import as_typed, is_exact, moment_typed

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22:05", "2025-03-16T22:05:00+08:00"),
        ("9:05", "2025-03-16T09:05:00+08:00"),
        ("25:41", "2025-03-17T01:41:00+08:00"),
        (" 25：41：07 ", "2025-03-17T01:41:07+08:00"),
        ("49:00", "2025-03-18T01:00:00+08:00"),
        ("2025-03-02 23:59", "2025-03-02T23:59:00+08:00"),
    ],
)
def test_a_time_without_a_date_is_of_the_production_day(typed: str, meant: str) -> None:
    assert moment_typed(typed, "2025-03-16", SHANGHAI).isoformat() == meant


@pytest.mark.parametrize("typed", ["", "noon", "22:75", "80:00", "2025-03-02 25:00", "2025-13-02 10:00", "22"])
def test_what_is_no_time_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        moment_typed(typed, "2025-03-16", SHANGHAI)


@given(some.integers(-(10**6), 10**6).map(lambda n: datetime(2025, 3, 16, tzinfo=UTC) + timedelta(seconds=n)))
def test_a_moment_written_out_is_read_as_the_same_moment(at: datetime) -> None:
    typed = as_typed(at, "2025-03-16", SHANGHAI)
    assert moment_typed(typed, "2025-03-16", SHANGHAI) == at
    assert is_exact(typed)
