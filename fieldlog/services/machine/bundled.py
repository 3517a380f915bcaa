"""What comes with FieldLog: its fonts, and a fictional month."""

from __future__ import annotations

from pathlib import Path

PRACTICE_DAY = "PD14"
"""The day on which the practice month opens: a night of two calendar days, with notes, photos and memos."""


def assets() -> Path:
    """In the installed package, or in a checkout beside it."""
    here = Path(__file__).parents[2]
    places = (here / "assets", here.parent / "assets")
    return next(place for place in places if place.is_dir())


def sample_month() -> Path:
    """The fictional month's file."""
    return assets() / "sample" / "month.json"


def practice_part() -> Path:
    """What the month has more of where one practises: a few entries, and photos and memos beside this file."""
    return assets() / "sample" / "practice.json"
