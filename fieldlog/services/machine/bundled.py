"""What comes with FieldLog: its fonts, and a fictional month."""

from __future__ import annotations

from pathlib import Path


def assets() -> Path:
    """In the installed package, or in a checkout beside it."""
    here = Path(__file__).parents[2]
    places = (here / "assets", here.parent / "assets")
    return next(place for place in places if place.is_dir())


def sample_month() -> Path:
    """The fictional month's file."""
    return assets() / "sample" / "month.json"
