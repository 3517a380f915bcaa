"""Every visible word is there in every language, and the compiled words are those of the text."""

from __future__ import annotations

import ast
import re

import pytest

import words as made
from fieldlog.model.errors import DiskFull, NotUnderstood
from fieldlog.model.sentence import Sentence
from fieldlog.services.wall import NO_TIME
from fieldlog.ui.words import LANGUAGES, Words

POS = sorted(made.LOCALE.glob("*/LC_MESSAGES/fieldlog.po"))
NAMES = re.compile(r"\{(\w+)\}")


def test_every_language_but_the_source_has_its_words() -> None:
    assert {po.parts[-3] for po in POS} == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("po", POS, ids=lambda po: po.parts[-3])
def test_nothing_the_source_says_is_left_in_english(po) -> None:  # type: ignore[no-untyped-def]
    assert made.missing(po) == {}


@pytest.mark.parametrize("po", POS, ids=lambda po: po.parts[-3])
def test_the_compiled_words_are_those_of_the_text(po) -> None:  # type: ignore[no-untyped-def]
    assert po.with_suffix(".mo").read_bytes() == made.compiled(made.translated(po))


@pytest.mark.parametrize("po", POS, ids=lambda po: po.parts[-3])
def test_a_translation_has_the_same_blanks_to_fill(po) -> None:  # type: ignore[no-untyped-def]
    for (one, more), forms in made.translated(po).items():
        for form in forms if one else ():
            assert set(NAMES.findall(form)) == set(NAMES.findall(more or one)), one


def test_the_language_of_a_window_can_be_chosen() -> None:
    assert Words("en")("Now") == "Now"
    assert Words("zh")("Now") == "此刻"
    assert Words("zh").many("{n} photo kept", "{n} photos kept", 3) == "已存 3 张照片"
    assert Words("en").many("{n} photo kept", "{n} photos kept", 1) == "1 photo kept"


def test_a_refusal_is_said_in_the_windows_language_where_there_are_words_for_it() -> None:
    assert Words("zh").told(DiskFull()).startswith("未保存")
    assert Words("en").told(DiskFull()) == str(DiskFull())
    assert Words("zh").told(ValueError("{half} a sentence")) == "{half} a sentence"


def test_a_word_left_out_is_seen() -> None:
    (call,) = (node for node in ast.walk(ast.parse('words("Left out")')) if isinstance(node, ast.Call))
    assert list(made.said(call)) == [("Left out", "")]


def test_what_was_typed_is_named_in_either_language_and_is_not_translated_itself() -> None:
    why = Sentence(NO_TIME, typed="Now")
    said = Sentence("Line {line} of {name} was left out: {why}", line=2, name="a.csv", why=why)
    assert str(said).startswith("Line 2 of a.csv was left out: “Now” is no time.")
    assert Words("zh").told(NotUnderstood(said)).startswith("a.csv 第 2 行已略过：“Now”不是时间。")
    assert Words("en").told(said) == said
