"""What a time, a date, a zone, an id is; and that a value which is none is named with its field."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model import gate
from fieldlog.model.gate import Impossible, taken
from fieldlog.model.moment import from_ms, parse
from fieldlog.model.readable import NOUNS, check
from fieldlog.model.record import checks
from fieldlog.model.strict_json import read_json
from tests.fakes.store_desk import note

FINE: list[tuple[gate.Check, Any]] = [
    (gate.instant, "2025-03-16T16:05:12+08:00"), (gate.instant, "2025-03-16T16:05:12.345Z"),
    (gate.instant, "1900-01-01T00:00:00+14:00"), (gate.instant, "2200-12-31T23:59:59-12:00"),
    (gate.instant, "2025-03-16T16:05"), (gate.iso_date, "2025-03-16"), (gate.zone, "Asia/Shanghai"),
    (gate.zone, "UTC"), (gate.zone, "PRC"), (gate.hour, 0), (gate.hour, 23),
    (gate.identifier, "01950000-0000-7000-8000-000000000001"), (gate.identifier, "a" * 64), (gate.text, ""),
    (gate.writer, "0123456789abcdef"), (gate.writer, "0123456789abcdef~0123456789abcdef"),
    (gate.texts, ["a"]), (gate.seconds, 2.5), (gate.sha256, "0" * 64),
]  # fmt: skip
REFUSED: list[tuple[gate.Check, Any]] = [
    (gate.instant, "9999-12-31T23:59:59-12:00"), (gate.instant, "0001-01-01T00:00:00+12:00"),
    (gate.instant, "1899-12-30T23:59:59Z"), (gate.instant, "2201-01-02T00:00:00Z"), (gate.instant, "soon"),
    (gate.instant, 5), (gate.instant, None), (gate.instant, "2025-02-30T10:00:00Z"), (gate.instant, ""),
    (gate.iso_date, "2025-02-30"), (gate.iso_date, "2025-W11-7"), (gate.iso_date, "20250316"),
    (gate.iso_date, "1899-12-31"), (gate.iso_date, "2201-01-01"), (gate.iso_date, "２０２５-03-16"),
    (gate.zone, "Mars/Olympus"), (gate.zone, "Asia"), (gate.zone, "../etc"), (gate.zone, "/etc/localtime"),
    (gate.zone, ""), (gate.zone, "CST-8"), (gate.zone, "a\0b"), (gate.zone, 8), (gate.hour, "6"), (gate.hour, 24),
    (gate.hour, -1), (gate.hour, True), (gate.hour, 6.0), (gate.identifier, "../../../pwn"), (gate.identifier, ""),
    (gate.identifier, "a/b"), (gate.identifier, "a" * 65), (gate.identifier, "a\n"), (gate.identifier, "."),
    (gate.identifier, "a~b"), (gate.writer, ".."), (gate.writer, "a~b"), (gate.text, 5), (gate.text, ["a"]),
    (gate.texts, "abc"), (gate.texts, [5]), (gate.seconds, -1), (gate.seconds, float("nan")), (gate.seconds, True),
    (gate.number, float("inf")), (gate.whole, 2**64), (gate.sha256, "../x"),
]  # fmt: skip


@pytest.mark.parametrize(("look", "value"), FINE)
def test_what_is_so_passes(look: gate.Check, value: Any) -> None:
    assert look(value) is None
    assert taken(look, "field", value) is value


@pytest.mark.parametrize(("look", "value"), REFUSED)
def test_what_cannot_be_is_refused_with_field_and_value(look: gate.Check, value: Any) -> None:
    with pytest.raises(Impossible) as refused:
        taken(look, "occurred_at", value)
    assert str(refused.value).startswith(f"occurred_at says {gate.brief(value)}: ")
    assert str(refused.value).endswith(" Nothing was changed.")


@given(st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2300, 1, 1)), st.integers(-840, 840))  # noqa: DTZ001
def test_an_instant_that_passes_is_shown_by_every_zone(at: datetime, offset: int) -> None:
    said = (at.replace(tzinfo=UTC) - timedelta(minutes=offset)).isoformat()
    if gate.instant(said) is None:
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Shanghai"):
            assert parse(said).astimezone(ZoneInfo(zone)).year >= 1899


def test_every_zone_there_is_shows_the_ends_of_time() -> None:
    for zone in available_timezones():
        assert gate.zone(zone) is None
        for end in (gate.FIRST, gate.LAST):
            from_ms(round(end.timestamp() * 1000), zone)


def test_every_field_of_every_noun_has_its_gate() -> None:
    for noun in NOUNS.values():
        assert checks(noun).keys() == {one.name for one in fields(noun)}
    assert {name for noun in NOUNS.values() for name, look in checks(noun).items() if look is gate.instant} == {
        "occurred_at", "created_at", "captured_at", "starts", "ends", "goes_on", "at",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"occurred_at": "9999-12-31T23:59:59-12:00"},
        {"created_at": "soon"},
        {"day_choice": "2025-02-30"},
        {"text": 5},
    ],
)
def test_a_note_that_says_what_cannot_be_is_not_saved(said: dict[str, Any]) -> None:
    check(note(1))
    with pytest.raises(Impossible):
        check(note(1, **said))


@pytest.mark.parametrize(
    "said",
    ["NaN", "-Infinity", "1e999", "[" * 3000 + "]" * 3000, "[" * 30 + "]" * 30, '{"a":', "", "\ufeff", "\xff"],
)
def test_json_that_could_not_be_written_again_is_none(said: str) -> None:
    with pytest.raises(ValueError):
        read_json(said.encode("latin-1", "replace"))


def test_half_a_character_becomes_the_sign_for_it() -> None:
    assert read_json(r'{"a":"\ud83c!","b":"\ud83c\udfac","c":"\u2028"}') == {
        "a": "\ufffd!",
        "b": "🎬",
        "c": "\u2028",
    }


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inside),
))  # fmt: skip
def test_all_other_json_is_read_as_it_is(value: Any) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value
