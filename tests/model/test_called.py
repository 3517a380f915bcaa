"""Each stored value is called by one word in each language, and no face has a table of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import fieldlog
from fieldlog.model import called, vocabulary
from fieldlog.model.called import Called
from fieldlog.ui.words.words import Words

WORD = re.compile(r"[^#]{2}")
"""No single letter, and no colour."""

HOUSE = Path(fieldlog.__file__).parent
FACES = [path for room in ("ui", "archive", "cli") for path in (HOUSE / room).rglob("*.py")]
TABLES = {
    "KINDS": vocabulary.ENTRY_KINDS,
    **{
        name: values
        for name, values in vars(vocabulary).items()
        if name.isupper() and isinstance(values, tuple) and name not in {"ENTRY_KINDS", "LANES"}
    },
}


@pytest.mark.parametrize("name", TABLES)
def test_every_stored_value_has_one_word_in_each_language(name: str) -> None:
    table = getattr(called, name)
    assert set(table) == set(TABLES[name])
    for said in table.values():
        assert said.en.strip()
        assert said.zh.strip()


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"NOTE_TYPES"}))
def test_no_two_values_of_a_list_are_called_alike(name: str) -> None:
    table = getattr(called, name)
    for language in ("en", "zh"):
        assert len({getattr(said, language) for said in table.values()}) == len(table)


def test_a_screen_says_it_in_its_language_and_an_archive_in_both() -> None:
    said = called.CERTAINTY["likely"]
    assert (Words("en")(said), Words("zh")(said)) == ("fairly sure", "较有把握")
    assert str(called.KINDS["quote"]) == "quote 引语"
    assert Words("zh")(called.TAKE_RESULTS["OK"]) == "OK"


def tables_of_its_own(source: str) -> Iterator[tuple[str, ...]]:
    """Keys of each dictionary that gives words to values of a list. Letters, icons, other values are no words."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Dict) or len(node.keys) < 2:
            continue
        keys = {one.value for one in node.keys if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if len(keys) != len(node.keys) or not any(keys <= set(values) for values in TABLES.values()):
            continue
        leads_on = [one for one in node.values if isinstance(one, ast.Constant) and one.value in keys]
        if len(leads_on) < len(node.values) and all(is_words(one) for one in node.values):
            yield tuple(sorted(keys))


def is_words(value: ast.expr) -> bool:
    said = value.args[0] if isinstance(value, ast.Call) and value.args else value
    return isinstance(said, ast.Constant) and isinstance(said.value, str) and bool(WORD.match(said.value))


def test_no_face_has_a_table_of_its_own() -> None:
    found = {(file.name, keys) for file in FACES for keys in tables_of_its_own(file.read_text("utf-8"))}
    assert found == set()


def test_a_second_table_would_be_seen() -> None:
    assert list(tables_of_its_own('X = {"sure": later("sure"), "unsure": later("unsure")}')) == [
        ("sure", "unsure")
    ]
    assert list(tables_of_its_own('X = {"ON": "ON 观察", "TN": "TN 解释"}')) == [("ON", "TN")]
    assert list(tables_of_its_own('X = {"yes": ft.Icons.CIRCLE, "no": ft.Icons.CLOSE}')) == []


def test_what_is_not_a_stored_value_is_said_by_the_catalogue() -> None:
    assert Words("zh")("Now") == "此刻"
    assert isinstance(called.KINDS["voice"], Called)
