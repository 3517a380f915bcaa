"""How times, days, lengths and sizes are said, in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldlog.services.capture.chips import Chips
from fieldlog.ui.words import times
from fieldlog.ui.words.words import Words

EN, ZH = Words("en"), Words("zh")
SHANGHAI = "Asia/Shanghai"


def test_dates_are_said_as_each_language_says_them() -> None:
    assert times.date_words("2025-03-16", EN) == "Sun 16 Mar"
    assert times.date_words("2025-03-16", ZH) == "3月16日 周日"


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (59.9, "0:59"), (728, "12:08"), (3728, "1:02:08")])
def test_lengths_are_said_as_a_clock_says_them(seconds: float, said: str) -> None:
    assert times.clock_of(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 B"), (999, "999 B"), (4200, "4.2 kB"), (31_400_000, "31 MB"), (7.3e9, "7.3 GB")]
)
def test_sizes_are_said_in_the_unit_one_thinks_in(count: int, said: str) -> None:
    assert times.bytes_words(count) == said


@example(99_960)
@example(999_600)
@given(st.integers(0, 10**12))
def test_a_size_has_at_most_three_digits_and_is_right_within_one_of_the_last(count: int) -> None:
    said, unit = times.bytes_words(count).split()
    assert len(said.replace(".", "")) <= 3 or unit == "GB"
    size = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}[unit]
    step = size / 10 if "." in said else size
    assert abs(float(said) * size - count) <= step / 2 + 1


def test_the_time_chip_says_how_much_earlier_or_when() -> None:
    said = [
        Chips(), Chips(back=timedelta(seconds=15)), Chips(back=timedelta(minutes=30), precision="about"),
        Chips(at=datetime(2025, 3, 15, 16, 0, tzinfo=ZoneInfo(SHANGHAI)), precision="about"),
        Chips(at=datetime(2025, 3, 17, 1, 10, tzinfo=ZoneInfo(SHANGHAI))),
    ]  # fmt: skip
    assert [times.time_words(chips, "2025-03-16", SHANGHAI, EN) for chips in said] == [
        "now", "−15 s", "about −30 min", "about Sat 15 Mar 16:00", "25:10",
    ]  # fmt: skip
