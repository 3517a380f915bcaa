"""The fonts are there, small enough for a phone, with their licence and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

FONTS = Path(__file__).parents[3] / "assets" / "fonts"


@pytest.mark.parametrize(("name", "most"), [("Regular", 2.6e6), ("Bold", 2.6e6), ("Rare", 5.5e6)])
def test_each_font_is_of_a_size_a_phone_can_load_and_need_not_be_unpacked_at_each_start(
    name: str, most: float
) -> None:
    data = (FONTS / f"NotoSansSC-{name}.otf").read_bytes()
    assert data[:4] == b"OTTO"
    assert 500_000 < len(data) < most


def test_licence_and_origin_lie_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "fonts-noto-cjk" in (FONTS / "ORIGIN.md").read_text(encoding="utf-8")
