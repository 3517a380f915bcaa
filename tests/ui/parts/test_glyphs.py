"""No blank glyphs: what a font has is shown, what none has is shown as its code."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.ui.parts.glyphs import drawable
from tests.fakes.rare import RARE


def test_both_scripts_their_marks_and_rare_names_are_drawn_as_they_are() -> None:
    text = f"Fang’s board: “15 scheduled” · 8 done – 第十四天，《雨停之前请签字》……¥1,200 ①→✓\n\t{RARE}"
    assert len(set(RARE)) == 50
    assert drawable(text.replace("✓", "")) == text.replace("✓", "")


def test_what_no_font_has_is_shown_as_its_code() -> None:
    assert drawable("𠮷 and 🎬") == "[U+20BB7] and [U+1F3AC]"
    assert drawable("a\x00b\x7f") == "a[U+0000]b[U+007F]"


@given(st.text(st.characters(codec="gbk", exclude_categories=["Cc", "Co"])))
def test_every_character_of_gbk_is_drawn(text: str) -> None:
    assert drawable(text) == text


@given(st.text())
def test_the_words_can_be_had_back_from_their_codes(text: str) -> None:
    shown = drawable(text)
    plain = re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda code: chr(int(code[1], 16)), shown)
    assert plain == re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda code: chr(int(code[1], 16)), text)
    assert not [char for char in shown if unicodedata.category(char) in {"Cs", "Cn"}]
