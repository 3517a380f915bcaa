"""Fields and what they say, in the reader's words."""

from __future__ import annotations

from typing import Any

import pytest

from fieldlog.model.readable import NOUNS
from fieldlog.services.conflicts.open_fields import ELSEWHERE, GO_TOGETHER, TEXTS
from fieldlog.ui.words.fields import CLOSED, FIELDS, RECORDS, field_words, value_words
from fieldlog.ui.words.words import Words

EN, ZH = Words("en"), Words("zh")
KNOWN = {name for noun in NOUNS.values() for name in noun.__dataclass_fields__} | {"same_as"}


def said(name: str, value: Any, words: Words = EN) -> str:
    return value_words(name, value, "Asia/Shanghai", words, lambda _, one: f"<{one}>")


def test_every_kind_of_record_has_a_word() -> None:
    assert RECORDS.keys() == NOUNS.keys()


@pytest.mark.parametrize(
    "named", [FIELDS, CLOSED, TEXTS, ELSEWHERE, GO_TOGETHER, {"occurred", "may_record_words"}]
)
def test_every_field_that_is_spoken_of_is_one(named: Any) -> None:
    assert set(named) <= KNOWN


def test_what_people_write_themselves_is_text() -> None:
    for noun in NOUNS.values():
        for name in TEXTS & noun.__dataclass_fields__.keys():
            assert noun.__dataclass_fields__[name].type in ("str", "str | None"), name


def test_a_field_that_is_not_known_here_is_called_as_it_is_stored() -> None:
    assert [field_words(name, EN) for name in ("text", "mood")] == ["Words", "mood"]


def test_values_are_said_as_people_say_them() -> None:
    assert [said("kind", "quote"), said("kind", "quote", ZH), said("type", "shoot")] == ["Quote", "引语", "Shoot"]
    assert said("starts", "2025-03-16T14:00:00+00:00") == "Sun 16 Mar 22:00:00"
    assert said("at", "25:10") == "<25:10>"
    assert said("people", ["a", "b"]) == "<a>, <b>"
    assert said("figure", {"name": "ROI", "value": "3"}) == "name: ROI, value: 3"
    nothing: list[Any] = [None, "", [], {}]
    assert {said("place", one) for one in nothing} == {"–"}
