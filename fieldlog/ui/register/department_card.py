"""On a person's page: the department they are in, and to which of the eight groups the study counts it."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import DEPARTMENTS
from fieldlog.services.register.people import PersonRow
from fieldlog.ui.parts.basics import asks, card, tagged, text
from fieldlog.ui.parts.layout import square
from fieldlog.ui.parts.theme import LABEL, META, RAIL_CHIP, Look
from fieldlog.ui.register.actions import RegisterJourney


def department_card(journey: RegisterJourney, look: Look, one: PersonRow) -> ft.Control:
    """The department in words, and eight groups, each with its colour; one tap is for everybody in it."""
    words = journey.words
    title = words("Department")
    if not one.dept:
        said = words("None yet. The pencil above adds one.")
        return card(look, text(said, LABEL, look.meta), title=title)
    groups: list[ft.Control] = [_group(journey, look, one, group) for group in DEPARTMENTS]
    told = words("The study counts it among:") if one.group else words("No group yet. The study counts it among:")
    return card(
        look,
        ft.Row([square(look, one.group, 12), text(one.dept, LABEL, look.words, expand=True)], spacing=8),
        text(told, META, look.meta),
        ft.Row(groups, wrap=True, spacing=8, run_spacing=0),
        title=title,
    )


def _group(journey: RegisterJourney, look: Look, one: PersonRow, group: str) -> ft.Control:
    chosen = one.group == group
    ink = look.on_primary_container if chosen else look.words
    face = ft.Container(
        ft.Row([square(look, group), text(journey.words(DEPARTMENTS[group]), LABEL, ink)], spacing=6, tight=True),
        height=look.grown(RAIL_CHIP),
        border_radius=8,
        padding=ft.Padding.symmetric(horizontal=12),
        bgcolor=look.chosen_fill if chosen else look.chip_fill,
        border=ft.Border.all(1, look.primary if chosen else look.hairline),
    )
    around = ft.Padding.symmetric(vertical=(look.target - RAIL_CHIP) / 2)
    target = ft.Container(face, padding=around, on_click=asks(journey.set_group, one.dept, group), border_radius=8)
    return tagged(f"person-group-{group}", target, None, button=True, selected=chosen)
