"""A picture on a canvas."""

from __future__ import annotations

import math

import flet as ft
import flet.canvas as cv

from fieldlog.ui.parts.glyphs import drawable
from fieldlog.ui.parts.theme import Style, text_style
from fieldlog.ui.pictures.shapes import Box, Dots, Flag, Label, Lines, Picture, Shape

DASHES: list[ft.Number] = [4, 3]
ANCHORS = {
    "start": ft.Alignment.CENTER_LEFT, "middle": ft.Alignment.CENTER, "end": ft.Alignment.CENTER_RIGHT,
}  # fmt: skip


def canvas(picture: Picture) -> cv.Canvas:
    """As large as the picture is; nothing of it is told to a screen reader."""
    shapes = [drawn for one in picture.shapes for drawn in _shapes(one)]
    return cv.Canvas(shapes, width=picture.width, height=picture.height)


def _shapes(one: Shape) -> list[cv.Shape]:
    match one:
        case Box():
            return _box(one)
        case Lines():
            ends: list[ft.OffsetValue] = [at for x, y, to, down in one.ends for at in ((x, y), (to, down))]
            paint = ft.Paint(color=one.color, stroke_width=one.width)
            return [cv.Points(points=ends, point_mode=cv.PointMode.LINES, paint=paint)]
        case Dots():
            if one.hollow:
                paint = ft.Paint(color=one.color, style=ft.PaintingStyle.STROKE, stroke_width=1.5)
                return [cv.Circle(x, y, one.size / 2 - 0.75, paint) for x, y in one.at]
            paint = ft.Paint(color=one.color, stroke_width=one.size, stroke_cap=ft.StrokeCap.ROUND)
            return [cv.Points(points=[*one.at], point_mode=cv.PointMode.POINTS, paint=paint)]
        case Flag():
            first, *rest = one.corners
            path = [cv.Path.MoveTo(*first), *(cv.Path.LineTo(*corner) for corner in rest), cv.Path.Close()]
            return [cv.Path(path, paint=ft.Paint(color=one.color))]
        case Label():
            return [_label(one)]


def _box(one: Box) -> list[cv.Shape]:
    found: list[cv.Shape] = []
    if one.fill:
        paint = ft.Paint(color=one.fill)
        found.append(cv.Rect(one.x, one.y, one.width, one.height, border_radius=one.round, paint=paint))
    if one.line:
        dashes = DASHES if one.dashed else None
        paint = ft.Paint(color=one.line, style=ft.PaintingStyle.STROKE, stroke_width=1, stroke_dash_pattern=dashes)
        size = max(0.0, one.width - 1), max(0.0, one.height - 1)
        found.append(cv.Rect(one.x + 0.5, one.y + 0.5, *size, border_radius=one.round, paint=paint))
    return found


def _label(one: Label) -> cv.Shape:
    size = max(1, round(one.size))
    style = text_style(Style(size=size, line=round(size * 1.3), bold=one.bold), one.color)
    return cv.Text(
        one.x, one.y, drawable(one.words), style=style, alignment=ANCHORS[one.anchor],
        rotate=math.radians(one.turn), max_lines=1,
    )  # fmt: skip
