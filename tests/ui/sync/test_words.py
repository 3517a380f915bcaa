"""What is said of proof and meetings, without a screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fieldlog.model.errors import Cancelled, NotSaved
from fieldlog.services.sync.places.meetings import Going
from fieldlog.services.sync.places.outcome import Met, ReadBack
from fieldlog.services.sync.places.places import Place
from fieldlog.services.sync.run import Exchanged
from fieldlog.ui.sync.outcomes import ended_words, meeting_row, place_row, seconds_left
from fieldlog.ui.sync.views import age
from fieldlog.ui.words.words import Words

EN = Words("en")
MEGA = 1_000_000


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=20), "20 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 d"),
    ],
)
def test_how_old_it_is_is_said_in_minutes_hours_or_days(since: timedelta, said: str) -> None:
    assert age(since, EN) == said


@pytest.mark.parametrize(
    ("going", "said"),
    [
        (Going(address="/x"), "Looking"),
        (Going(address="/x", done=MEGA, total=4 * MEGA, seconds=1), "Words first: 1 MB of 4 MB"),
        (
            Going(address="/x", done=30 * MEGA, total=40 * MEGA, seconds=30, step="originals"),
            "The words are there · 30 MB of 40 MB with photos and sound · 10 s left",
        ),
        (
            Going(address="/x", done=10 * MEGA, total=400 * MEGA, seconds=10, step="reading"),
            "Read back: 10 MB of 400 MB · 6 min left",
        ),
        (
            Going(address="/x", done=MEGA, total=MEGA, seconds=9, step="archive"),
            "Everything is exchanged. The archive follows.",
        ),
    ],
)  # fmt: skip
def test_words_first_then_bytes_and_the_time_that_is_left(going: Going, said: str) -> None:
    row = meeting_row(going, "stick", EN)
    assert row
    assert (row.title, row.told) == ("With stick", said)


def test_no_time_is_promised_before_it_can_be_told_and_none_at_the_end() -> None:
    assert seconds_left(Going(address="/x", done=1, total=2, seconds=1)) is None
    assert seconds_left(Going(address="/x", done=2, total=2, seconds=9)) is None
    assert meeting_row(Going(), "stick", EN) is None


def test_what_came_and_went_is_counted_and_every_problem_told() -> None:
    done = Exchanged(lines_in=1, media_out=2, waiting=1, set_aside=("a", "b"), problems=["It rained."])
    assert ended_words(Met(done=done), EN) == (
        "In: 1 change. Out: 2 files.",
        "1 file is still on its way.",
        "2 files there are not ours and were left alone.",
        "It rained.",
    )


def test_what_was_stopped_is_no_fault_and_what_was_refused_is() -> None:
    place = Place(address="/media/stick", met=datetime(2025, 3, 16, 8, tzinfo=UTC))
    stopped = place_row(place, Cancelled(), None, "UTC", EN)
    refused = place_row(place, NotSaved("full"), None, "UTC", EN)
    assert (stopped.wrong, stopped.cure, refused.wrong, refused.cure) == (False, "go on", True, "again")
    assert refused.ended == ("Not saved: full",)
    assert ended_words(ReadBack(faults=("x is not what its name says.",)), EN)[1:] == (
        "x is not what its name says.",
    )
    assert (stopped.name, stopped.told) == ("stick", "last exchanged Sun 16 Mar 08:00")
