"""The fictional month that comes with FieldLog."""

from __future__ import annotations

from pathlib import Path


def sample_month() -> Path:
    """In the installed package, or in a checkout beside it."""
    here = Path(__file__).parent.parent
    places = (here / "assets", here.parent / "assets")
    return next(place for place in places if place.is_dir()) / "sample" / "month.json"
