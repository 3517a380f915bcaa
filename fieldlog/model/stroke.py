"""A stroke: one line drawn by hand on a picture or an empty page."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """`points` are (x, y) in pixels of the upright picture, from its top left; `width` is in the same.

    `colour` is #RRGGBB. A single point is a dot.
    """

    colour: str
    width: float
    points: tuple[Point, ...]
