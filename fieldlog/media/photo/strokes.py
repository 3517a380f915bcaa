"""Strokes as a file: an SVG that holds lines and a size and nothing else, readable anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence
from fieldlog.model.stroke import Point, Stroke

_HEAD = re.compile(r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 (\d+) (\d+)">')
_PATH = re.compile(r'<path d="M([-\d. L]+)" stroke="(#[0-9A-Fa-f]{6})" stroke-width="([\d.]+)"/>')
_GROUP = '<g fill="none" stroke-linecap="round" stroke-linejoin="round">'
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def svg_of(strokes: Sequence[Stroke], size: tuple[int, int]) -> bytes:
    """The file of strokes on a picture of `size` (width, height in pixels). Equal strokes give equal bytes."""
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}">', _GROUP]
    for one in strokes:
        if not _COLOUR.fullmatch(one.colour):
            raise NotUnderstood(Sentence("“{colour}” is no colour.", colour=one.colour))
        # A line to where it is draws a dot.
        points = one.points if len(one.points) > 1 else one.points * 2
        path = " L".join(f"{_short(x)} {_short(y)}" for x, y in points)
        lines.append(f'<path d="M{path}" stroke="{one.colour}" stroke-width="{_short(one.width)}"/>')
    return "\n".join([*lines, "</g>", "</svg>", ""]).encode()


def strokes_of(svg: bytes) -> tuple[tuple[Stroke, ...], tuple[int, int]]:
    """The strokes and the size in a file that `svg_of` made. Raises `NotUnderstood` for any other."""
    text = svg.decode("utf-8", "replace")
    head = _HEAD.match(text)
    if head is None:
        raise NotUnderstood("This drawing can't be read here. Its bytes are kept as they are.")
    strokes = tuple(
        Stroke(colour=colour, width=float(width), points=_points(path))
        for path, colour, width in _PATH.findall(text)
    )
    return strokes, (int(head[1]), int(head[2]))


def _points(path: str) -> tuple[Point, ...]:
    pairs = [point.split() for point in path.split("L")]
    points = tuple((float(x), float(y)) for x, y in pairs)
    return points[:1] if points == points[:1] * 2 else points


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
