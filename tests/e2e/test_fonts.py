"""Pictures from a real browser: rare names have ink, all of them different; English quotes are narrow."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from tests.e2e.browsers import a_context
from tests.fakes.rare import RARE

FONTS = Path(__file__).parent.parent.parent / "assets" / "fonts"
DRAW = """([chars, family]) => [...chars].map(char => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 48;
  const pen = canvas.getContext('2d');
  pen.font = `32px ${family}`; pen.fillText(char, 4, 36);
  const pixels = pen.getImageData(0, 0, 48, 48).data;
  let ink = 0, picture = '';
  for (let at = 3; at < pixels.length; at += 4) { ink += pixels[at] > 64; picture += pixels[at] > 64 ? '1' : '0'; }
  return {ink, picture, wide: pen.measureText(char).width / 32};
})"""
UNASSIGNED = "\u0378"


def faces(**fonts: str) -> str:
    """A page that knows these fonts and nothing else."""
    rules = [
        f"@font-face {{ font-family: {family}; src: url(data:font/otf;base64,"
        f"{base64.b64encode((FONTS / f'NotoSansSC-{name}.otf').read_bytes()).decode()}); }}"
        for family, name in fonts.items()
    ]
    return f"<style>{''.join(rules)}</style><p style='font-family:{','.join(fonts)}'>{RARE}“a”</p>"


async def drawn(chars: str, **fonts: str) -> list[dict[str, Any]]:
    async with a_context() as context:
        page = await context.new_page()
        await page.set_content(faces(**fonts))
        await page.evaluate("document.fonts.ready.then(() => document.fonts.size)")
        found: list[dict[str, Any]] = await page.evaluate(DRAW, [chars, ", ".join(fonts)])
        return found


async def test_rare_names_are_drawn_each_as_itself() -> None:
    *names, missing = await drawn(RARE + UNASSIGNED, FL="Regular", FLRare="Rare")
    pictures = [name["picture"] for name in names]
    assert len(set(pictures)) == len(RARE)
    assert missing["picture"] not in pictures
    assert min(name["ink"] for name in names) > 100
    assert {round(name["wide"], 2) for name in names} == {1.0}


async def test_english_quotes_are_narrow_in_both_weights_and_chinese_ones_are_marks_too() -> None:
    for weight in ("Regular", "Bold"):
        quotes = await drawn("‘’“”·", FL=weight)
        assert all(quote["ink"] > 0 and quote["wide"] < 0.65 for quote in quotes), quotes
        full = await drawn("，。《》", FL=weight)
        assert {round(mark["wide"], 2) for mark in full} == {1.0}
