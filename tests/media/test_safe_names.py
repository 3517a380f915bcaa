"""File names that every computer can hold."""

from __future__ import annotations

import pytest

from fieldlog.media.safe_names import MOST_CHARACTERS, name_fault


@pytest.mark.parametrize("name", ["CON.txt", "con", "Lpt1.wav", "nul.tar.gz", "COM¹.csv", "aux .txt"])
def test_a_name_windows_keeps_for_itself_is_none_for_a_file(name: str) -> None:
    assert name_fault(name) == "reserved"


@pytest.mark.parametrize("name", ["sound/../x", "a:b.wav", "who?.jpg", "trailing.", "tab\t.txt", ""])
def test_some_characters_stand_in_no_name(name: str) -> None:
    assert name_fault(name) == "forbidden"


@pytest.mark.parametrize("name", ["console.txt", "scene 34-2 第三条.wav", "🎬.jpg", ".hidden"])
def test_an_ordinary_name_is_left_alone(name: str) -> None:
    assert name_fault(name) == ""


def test_a_name_is_no_longer_than_an_archive_needs() -> None:
    assert name_fault("长" * MOST_CHARACTERS) == ""
    assert name_fault("长" * (MOST_CHARACTERS + 1)) == "long"
