"""Drawing over a photo or on an empty page, over the whole screen. What is drawn on is a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import flet as ft
import flet.canvas as cv

from fieldlog.model.stroke import Point, Stroke
from fieldlog.ui.parts.basics import asks, button, icon_target, memo, tagged, text
from fieldlog.ui.parts.theme import HEAD, LABEL, TARGET, Look
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.photo.draw import STROKES_ACROSS
from fieldlog.ui.photo.state import Paper
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import later

INK_NAMES = (later("First colour"), later("Second colour"), later("Third colour"))
EVERY_MS = 16
BARS = 2 * TARGET + 88
"""What stands above and below the picture."""

MARGIN = 16


@ft.component
def SketchScreen(journey: PhotoJourney, shell: Shell) -> ft.Control:
    return _SketchScreen(journey, shell, journey.drawing.paper)


@ft.component
def _SketchScreen(journey: PhotoJourney, shell: Shell, paper: Paper) -> ft.Control:
    words, look, drawing = journey.words, shell.look, journey.drawing
    scale = fitting(paper.size, shell.width - 2 * MARGIN, shell.height - look.grown(BARS) - 2 * MARGIN)
    title = words("Draw on a copy") if paper.photo else words("Sketch")
    head = ft.Row(
        [
            icon_target(
                "sketch-close",
                ft.Icons.CLOSE,
                words("Close"),
                lambda _: journey.window.close_sheet(),
                color=look.meta,
            ),
            text(title, HEAD, look.words, expand=True, lines=1),
            button(
                "sketch-keep", words("Save"), look, asks(drawing.keep), filled=True, enabled=bool(paper.strokes)
            ),
        ],
        spacing=8,
    )
    inks = [_ink(journey, look, paper, place, ink) for place, ink in enumerate(drawing.inks)]
    changed = look.words if paper.strokes or paper.past else look.outline
    tools = ft.Row(
        [
            ft.Row(inks, spacing=8),
            ft.Row(
                [
                    icon_target(
                        "sketch-undo",
                        ft.Icons.UNDO,
                        words("Take the last stroke back"),
                        lambda _: drawing.undo(),
                        color=changed,
                    ),
                    icon_target(
                        "sketch-clear",
                        ft.Icons.LAYERS_CLEAR_OUTLINED,
                        words("Clear all strokes"),
                        lambda _: drawing.clear(),
                        color=changed,
                    ),
                ],
                spacing=8,
            ),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
    )
    told = words("The photo itself stays as it is.") if paper.photo else ""
    foot: list[ft.Control] = [tools, *([text(told, LABEL, look.meta)] if told else [])]
    surface = ft.Container(Surface(journey, paper, scale), expand=True, alignment=ft.Alignment.CENTER)
    whole = ft.Column(
        [head, surface, *foot], spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, expand=True
    )
    inside = ft.Container(whole, padding=ft.Padding.only(left=8, right=12, top=8, bottom=12), expand=True)
    return ft.Container(ft.SafeArea(inside, expand=True), bgcolor=look.surface, expand=True)


def fitting(size: tuple[int, int], width: float, height: float) -> float:
    """How many dp a pixel of the picture is, so that all of it is seen."""
    return max(0.01, min(width / max(1, size[0]), height / max(1, size[1])))


def _ink(journey: PhotoJourney, look: Look, paper: Paper, place: int, ink: str) -> ft.Control:
    chosen = paper.colour == ink

    def choose(_: object) -> None:
        paper.colour = ink

    dot = ft.Container(width=28, height=28, border_radius=14, bgcolor=ink, border=ft.Border.all(1, look.outline))
    face = ft.Container(
        dot,
        width=TARGET,
        height=TARGET,
        border_radius=TARGET / 2,
        alignment=ft.Alignment.CENTER,
        border=ft.Border.all(3, look.primary) if chosen else None,
        on_click=choose,
    )
    return tagged(f"sketch-ink-{place + 1}", face, journey.words(INK_NAMES[place]), button=True, selected=chosen)


@ft.component
def Surface(journey: PhotoJourney, paper: Paper, scale: float) -> ft.Control:
    """The picture, the strokes on it, and the finger's own above them."""
    drawing = journey.drawing
    width, height = paper.size[0] * scale, paper.size[1] * scale

    def at(place: ft.Offset) -> Point:
        return min(max(0.0, place.x / scale), paper.size[0]), min(max(0.0, place.y / scale), paper.size[1])

    def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position is not None:
            drawing.start(at(event.local_position))
            drawing.end()

    going = Stroke(colour=paper.colour, width=max(paper.size) / STROKES_ACROSS, points=paper.going)
    layers = [
        Ground(journey.window.media(f"preview/{paper.sha256}") if paper.sha256 else "", width, height),
        Lines(paper.strokes, scale, width, height),
        cv.Canvas(shapes(((going,) if going.points else ()), scale), width=width, height=height),
    ]
    surface = ft.GestureDetector(
        ft.Stack(layers, width=width, height=height, clip_behavior=ft.ClipBehavior.HARD_EDGE),
        drag_interval=EVERY_MS,
        mouse_cursor=ft.MouseCursor.PRECISE,
        on_pan_start=lambda event: drawing.start(at(event.local_position)),
        on_pan_update=lambda event: drawing.move(at(event.local_position)),
        on_pan_end=lambda _: drawing.end(),
        on_tap_up=tap,
    )
    drawn = journey.words.many("Draw here: {n} stroke", "Draw here: {n} strokes", len(paper.strokes))
    return tagged("sketch-surface", surface, drawn)


@ft.component
def _ground(src: str, width: float, height: float) -> ft.Control:
    if not src:
        return ft.Container(width=width, height=height, bgcolor="#FFFFFF")
    return ft.Image(src=src, width=width, height=height, fit=ft.BoxFit.FILL, exclude_from_semantics=True)


@ft.component
def _lines(strokes: Sequence[Stroke], scale: float, width: float, height: float) -> ft.Control:
    return cv.Canvas(shapes(strokes, scale), width=width, height=height)


Ground, Lines = memo(_ground), memo(_lines)


def shapes(strokes: Iterable[Stroke], scale: float) -> list[cv.Shape]:
    """Strokes as a canvas draws them."""
    return [
        cv.Path(
            _elements(one, scale),
            paint=ft.Paint(
                color=one.colour,
                stroke_width=max(1.0, one.width * scale),
                style=ft.PaintingStyle.STROKE,
                stroke_cap=ft.StrokeCap.ROUND,
                stroke_join=ft.StrokeJoin.ROUND,
            ),
        )
        for one in strokes
    ]


def _elements(one: Stroke, scale: float) -> list[cv.Path.PathElement]:
    (x, y), rest = one.points[0], one.points[1:] or ((one.points[0][0] + 0.1, one.points[0][1]),)
    lines: list[cv.Path.PathElement] = [cv.Path.LineTo(x * scale, y * scale) for x, y in rest]
    return [cv.Path.MoveTo(x * scale, y * scale), *lines]
