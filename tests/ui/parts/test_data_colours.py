"""The colours of data stand out from what they lie on, in every look."""

from __future__ import annotations

import pytest

from fieldlog.model.departments import GROUPS
from fieldlog.ui.parts.theme import BLACKOUT, LOOKS, Look
from tests.e2e.looking import contrast

every_look = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def ratio(one: str, two: str) -> float:
    return contrast(rgb(one), rgb(two))


def colours(look: Look) -> list[str]:
    data = look.data
    inks = [data.dark, data.on_dark, data.rest_line, *data.heat, *data.heat_ink]
    return [*inks, *data.bars.values(), *data.bars_past.values(), *data.departments.values()]


@every_look
def test_words_past_midnight_and_on_heat_are_read(look: Look) -> None:
    assert ratio(look.data.dark, look.data.on_dark) >= 7
    for ground, ink in zip(look.data.heat, look.data.heat_ink, strict=True):
        assert ratio(ground, ink) >= 5, ground


@every_look
def test_departments_stand_out_on_the_surface_and_on_the_cursor(look: Look) -> None:
    assert tuple(look.data.departments) == GROUPS
    for group, ink in look.data.departments.items():
        for ground in (look.surface, look.low, look.primary_container):
            assert ratio(ground, ink) >= 3.8, (group, ground)


@every_look
def test_bars_stand_out_on_both_sides_of_midnight(look: Look) -> None:
    for kind, ink in look.data.bars_past.items():
        assert ratio(look.data.dark, ink) >= 3, kind
    seen = {**look.data.bars, "rest": look.data.rest_line}
    for kind, ink in seen.items():
        assert ratio(look.surface, ink) >= 3, kind


@every_look
def test_heat_only_grows_and_its_middle_is_a_leap(look: Look) -> None:
    away = [ratio(look.surface, step) for step in look.data.heat]
    assert away == sorted(away)
    assert ratio(look.data.heat[2], look.data.heat[3]) >= 2.5


@every_look
def test_where_midnight_is_shows(look: Look) -> None:
    assert ratio(look.surface, look.data.dark) >= 1.4


@every_look
def test_departments_differ_and_one_nobody_knows_is_slate(look: Look) -> None:
    assert len(set(look.data.departments.values())) == len(GROUPS)
    assert look.data.department("") == look.data.department("catering") == look.data.departments["production"]


def test_nothing_on_dark_set_is_brighter_than_its_accent_nor_darker_than_its_surface() -> None:
    for one in colours(BLACKOUT):
        assert ratio("#000000", one) <= ratio("#000000", BLACKOUT.primary), one
        assert ratio("#000000", one) >= ratio("#000000", BLACKOUT.surface), one
