"""Each stored value is called by one word in each language, and no face has a table of its own."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import fieldlog
import words as made
from fieldlog.archive.day import labels
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


def alike(table: Mapping[str, Called]) -> list[tuple[str, ...]]:
    """Values of a table that one language calls by one word."""
    found = []
    for language in ("en", "zh"):
        by_word: dict[str, list[str]] = defaultdict(list)
        for value, said in table.items():
            by_word[getattr(said, language).casefold()].append(value)
        found += [tuple(values) for values in by_word.values() if len(values) > 1]
    return found


@pytest.mark.parametrize("name", [*TABLES, "CONSENT_MODES", "CONSENT_LETTERS"])
def test_a_word_of_a_list_means_one_value(name: str) -> None:
    assert alike(getattr(called, name)) == []


def test_two_values_called_alike_would_be_seen() -> None:
    assert alike({"ON": Called("Observation", "观察"), "none": Called("No type", "观察")}) == [("ON", "none")]


@pytest.mark.parametrize(
    "name",
    ["KINDS", "SESSION_TYPES", "DAY_TYPES", "SPEECH", "CERTAINTY", "TAKE_RESULTS", "MAY_RECORD", "SENSITIVITY"],
)
def test_an_archive_calls_a_value_as_screens_and_terminal_do(name: str) -> None:
    table: dict[str, str] = getattr(labels, name)
    assert table == {value: str(getattr(called, name)[value]) for value in table}
    assert set(getattr(called, name)) - set(table) <= {"normal"}
    assert len(set(table.values())) == len(table)


NOUNS = {"session": "时段", "scene": "场次", "production day": "制作日"}
OTHER_WORDS = ("工作日", "场合", "场号", "场次号", "原话", "回忆", "未安排", "未计划", "空拍")
"""What these three, and some values, were called on one face or another."""

PAIR = re.compile(r"(?i)(session|scene|production day)s?(?: types?)? [\u4e00-\u9fff]*?(时段|场次|制作日)")


def misnamed(text: str) -> list[str]:
    """Nouns that a text calls otherwise than every other text does: alone, or beside the English one."""
    pairs = [f"{en} {zh}" for en, zh in PAIR.findall(text) if NOUNS[en.lower()] != zh]
    return [*pairs, *(word for word in OTHER_WORDS if word in text)]


def test_archive_app_and_terminal_have_one_chinese_word_for_a_session_a_scene_and_a_day() -> None:
    root = HOUSE.parent
    texts = [*(HOUSE / "archive").rglob("*.py"), *root.glob("docs/*.zh.md"), root / "assets/pocket/quick.html"]
    found = {path.name: misnamed(path.read_text("utf-8")) for path in texts}
    for (one, more), forms in made.translated(next(made.LOCALE.glob("*/LC_MESSAGES/fieldlog.po"))).items():
        said, english = " ".join(forms), f"{one} {more}".lower()
        found[one] = [word for word in OTHER_WORDS if one and word in said]
        for noun, other in (("session", "scene"), ("scene", "session")):
            found[one] += [noun] if noun in english and other not in english and NOUNS[other] in said else []
    assert {where: words for where, words in found.items() if words} == {}


def test_a_session_called_a_scene_would_be_seen() -> None:
    assert misnamed('"Session types 场次类型"') == ["Session 场次"]
    assert misnamed("Outside any session 不在场次内") == ["session 场次"]
    assert misnamed("归入其工作日") == ["工作日"]
    assert misnamed("Scenes 场次, Sessions 时段, Production days 制作日") == []


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
