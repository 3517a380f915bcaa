"""How what stands on a sheet is laid out."""

from __future__ import annotations

import flet as ft


def sheet_column(*inside: ft.Control) -> ft.Control:
    return ft.Column(list(inside), spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def wrapped(chips: list[ft.Control]) -> ft.Control:
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=0)
