"""A QR code as a picture: black on white in every look, with the white around it that cameras need."""

from __future__ import annotations

from io import BytesIO

import flet as ft

from fieldlog.ui.parts.basics import tagged

SIDE, MARGIN = 256, 24
"""Of the code, and of the white at each side of it, in dp: more than the four squares that are asked for."""

DRAWN_SQUARE = 8


def qr_picture(identifier: str, data: str, label: str) -> ft.Control:
    """The code, in the middle of what is there."""
    import segno  # not before somebody asks for it

    made, drawn = segno.make(data, error="m", micro=False), BytesIO()
    made.save(drawn, kind="png", scale=DRAWN_SQUARE, border=0)
    picture = ft.Image(src=drawn.getvalue(), width=SIDE, height=SIDE, exclude_from_semantics=True)
    white = ft.Container(picture, bgcolor="#FFFFFF", padding=MARGIN, border_radius=16)
    return tagged(identifier, ft.Row([white], alignment=ft.MainAxisAlignment.CENTER), label, image=True)
