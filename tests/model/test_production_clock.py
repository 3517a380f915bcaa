"""The crew's clock goes on past midnight, to 47:59; beyond, and before, it is the wall's with its date."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import fieldlog
from fieldlog.model.production_clock import MOST_HOURS, ProductionClock

SHANGHAI = "Asia/Shanghai"
CLOCK = ProductionClock("2025-03-16", SHANGHAI)
HOUSE = Path(fieldlog.__file__).parent


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("when", "said", "calendar", "wall"),
    [
        ("2025-03-16T16:05:00+08:00", "16:05", "16:05", ""),
        ("2025-03-17T01:41:00+08:00", "25:41", "25:41 (2025-03-17 01:41)", "01:41 +1"),
        ("2025-03-16T18:00:00+00:00", "26:00", "26:00 (2025-03-17 02:00)", "02:00 +1"),
        ("2025-03-17T23:59:59+08:00", "47:59", "47:59 (2025-03-17 23:59)", "23:59 +1"),
        ("2025-03-18T00:00:00+08:00", "2025-03-18 00:00", "2025-03-18 00:00", "00:00 +2"),
        ("2025-03-18T00:30:00+08:00", "2025-03-18 00:30", "2025-03-18 00:30", "00:30 +2"),
        ("2025-03-15T23:00:00+08:00", "2025-03-15 23:00", "2025-03-15 23:00", ""),
        ("2025-05-01T08:00:00+08:00", "2025-05-01 08:00", "2025-05-01 08:00", "08:00 +46"),
    ],
)
def test_an_instant_is_said_as_the_crew_counts_it(when: str, said: str, calendar: str, wall: str) -> None:
    assert (CLOCK.said(at(when)), CLOCK.with_calendar(at(when)), CLOCK.wall(at(when))) == (said, calendar, wall)


def test_seconds_and_a_time_without_an_offset() -> None:
    assert CLOCK.said(at("2025-03-17T01:41:09+08:00"), seconds=True) == "25:41:09"
    assert CLOCK.said(at("2025-03-18T01:41:09+08:00"), seconds=True) == "2025-03-18 01:41:09"
    assert CLOCK.said(at("2025-03-17T01:41:09")) == "25:41"


@given(some.integers(0, MOST_HOURS * 60 - 1))
def test_it_counts_minutes_since_the_days_midnight(minutes: int) -> None:
    midnight = datetime(2025, 3, 15, 16, tzinfo=UTC)
    hours, rest = CLOCK.said(midnight + timedelta(minutes=minutes)).split(":")
    assert int(hours) * 60 + int(rest) == minutes


def says_hours_past_midnight(source: str) -> Iterator[int]:
    """Lines where hours are added to those of a wall, as only a production clock does."""
    for node in ast.walk(ast.parse(source)):
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else ()
        if any(isinstance(side, ast.Attribute) and side.attr == "hour" for side in sides):
            yield getattr(node, "lineno", 0)


def test_no_other_file_says_it() -> None:
    found = {
        file.relative_to(HOUSE).as_posix()
        for file in HOUSE.rglob("*.py")
        if list(says_hours_past_midnight(file.read_text("utf-8")))
    }
    assert found == {"model/production_clock.py"}


def test_a_second_clock_would_be_seen() -> None:
    assert list(says_hours_past_midnight("said = f'{at.hour + 24 * days:02d}:{at:%M}'")) == [1]
