"""File names that every computer can hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.names import MOST_CHARACTERS, name_fault, safe_name


@pytest.mark.parametrize("name", ["CON.txt", "con", "Lpt1.wav", "nul.tar.gz", "COM¹.csv", "aux .txt"])
def test_a_name_windows_keeps_for_itself_gets_a_mark(name: str) -> None:
    assert name_fault(name) == "reserved"
    assert safe_name(name) != name


@pytest.mark.parametrize("name", ["sound/../x", "a:b.wav", "who?.jpg", "trailing.", "tab\t.txt", ""])
def test_a_name_with_forbidden_characters_is_cleaned(name: str) -> None:
    assert name_fault(name) == "forbidden"


@pytest.mark.parametrize("name", ["console.txt", "scene 34-2 第三条.wav", "🎬.jpg", ".hidden"])
def test_an_ordinary_name_is_left_alone(name: str) -> None:
    assert name_fault(name) == ""
    assert safe_name(name) == name


def test_a_long_name_keeps_its_extension_and_never_ends_inside_a_character() -> None:
    assert safe_name("长" * 80 + ".wav").endswith("长.wav")
    for before in range(40, MOST_CHARACTERS):
        for whole in ("👨\u200d👩\u200d👧", "e\u0301"):
            safe = safe_name("a" * before + whole * 20 + ".txt").removesuffix(".txt")
            assert safe.replace(whole, "").strip("a") == ""


@given(st.text(max_size=120))
def test_any_name_becomes_one_that_stays(name: str) -> None:
    safe = safe_name(name)
    assert name_fault(safe) == ""
    assert len(safe) <= MOST_CHARACTERS
    assert safe_name(safe) == safe
