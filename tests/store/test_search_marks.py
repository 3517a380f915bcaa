"""What is marked in a text as written is what it was found by."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.store.search import normalised, plain
from fieldlog.store.search_marks import marked, pieces, spots

SIGNS = [
    "a",
    "é",
    "e\u0301",
    "ﬁ",
    "…",
    "½",
    "ß",
    "Ａ",
    "ｶﾞ",
    "か\u3099",
    "開",
    "开",
    "雨",
    " ",
    "🦐",
    "İ",
    "한",
    "\u200d",
]
_texts = st.lists(st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cs"]), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("text", "word", "marks"),
    [
        ("Rain on the ＲＡＩＮ", "rain", ["Rain", "ＲＡＩＮ"]),
        ("cafe\u0301 and café", "CAFÉ", ["cafe\u0301", "café"]),
        ("the ﬁlm", "film", ["ﬁlm"]),
        ("the ﬁlm", "f", ["ﬁ"]),
        ("wait… what", "...", ["…"]),
        ("\u1112\u1161\u11ab글", "한", ["\u1112\u1161\u11ab"]),
        ("\uffbe\uffc2", "하", ["\uffbe\uffc2"]),
        ("ｶﾞｰﾄﾞ", "ガ", ["ｶﾞ"]),
        ("❤\ufe0f!", "❤", ["❤\ufe0f"]),
        ("卡点，卡点", "卡", ["卡", "卡"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("🦐 完播率", "完播率", ["完播率"]),
        ("nothing", "snow", []),
    ],
)
def test_the_hits_are_marked_as_written(text: str, word: str, marks: list[str]) -> None:
    assert [text[start:end] for start, end, _ in spots(text, [word])] == marks


def test_traditional_is_marked_for_a_simplified_word_where_both_are_one() -> None:
    assert marked("還在開拍", ["开拍"], fold=True) == [("還在", False), ("開拍", True)]
    assert marked("還在開拍", ["开拍"]) == [("還在開拍", False)]


def test_marks_that_overlap_are_drawn_as_one_text() -> None:
    assert marked("rainbow", ["rain", "inbo"]) == [("rain", True), ("bo", True), ("w", False)]


@given(_texts, st.integers(0, 11), st.integers(1, 4), st.booleans())
def test_what_is_marked_is_the_word_and_no_more_than_it_takes(text: str, at: int, length: int, fold: bool) -> None:
    word = plain(text, fold=fold)[at : at + length]
    found = spots(text, [word], fold=fold)
    assert bool(found) == bool(plain(word, fold=fold) and plain(word, fold=fold) in plain(text, fold=fold))
    for start, end, _ in found:
        assert plain(word, fold=fold) in plain(text[start:end], fold=fold)
        inside = [(low + start, high + start) for low, high in pieces(text[start:end])]
        if (start, end) != (0, len(text)) and all(_is_one(text[low:high]) for low, high in inside):
            assert plain(text[start:end], fold=fold) == plain(word, fold=fold)


def _is_one(piece: str) -> bool:
    return len(normalised(piece)) == 1


@given(_texts, st.lists(st.sampled_from([*SIGNS, "a b"]), max_size=3))
def test_the_runs_together_are_the_text(text: str, words: list[str]) -> None:
    runs = marked(text, words)
    assert "".join(run for run, _ in runs) == text
    assert all(run for run, _ in runs)


@given(_texts)
def test_the_pieces_are_the_text_and_nothing_clings_to_the_next(text: str) -> None:
    found = [text[start:end] for start, end in pieces(text)]
    assert "".join(found) == text
    assert not any(unicodedata.combining(piece[0]) for piece in found[1:])
