"""Damage: what is valid, hurt a little, so that it passes the first look; and how often a parser was tried on it.

Noise alone is refused by its first bytes. What is nearly right reaches the places where something is believed.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldlog.model.errors import FieldLogError

T = TypeVar("T")
ALL = list(HealthCheck)
CODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "gb18030",
    "big5",
    "cp1252",
    "shift_jis",
)
SIGNS = (
    "\0", "\x07", "\x1b[31m", "\x1f", "\x85", "\u2028", "\u202e", "\u200b", "\ufeff", "\ufffd", "\ud83c", "🦐",
    "e\u0301", "İ", "ﷺ", "١٢", "²", "①", "１２", "\u3000", "\xa0", "百", '"', "'", "\\", "\r", "\n", "\t", ",",
    ";", "=1+1", "%s", "{x}", "{0}", "../../../pwn", "CON", "-", "−", ":", "：",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "00", "9" * 5, "9" * 13, "9" * 30, "1e9", "1e999", "-1e-999", "0x10", "1_000", "NaN",
    "inf", "-Infinity", "2147483648", "4294967295", "18446744073709551616", "0.1", "45732.5", "60", "24:00",
    "1900", "2200", "9999-12-31T23:59:59-12:00", "0001-01-01", "2025-02-29", "2025-W11-7", "2025-03-16",
    "昭和60年",
)  # fmt: skip
ODD_TEXT = st.one_of(
    st.sampled_from(SIGNS), st.sampled_from(NUMBERS), st.text(max_size=20),
    st.lists(st.sampled_from(SIGNS + NUMBERS), max_size=4).map("".join),
    st.sampled_from("9x夜\0").map(lambda one: one * 5000),
)  # fmt: skip
ODD_VALUE = st.one_of(
    ODD_TEXT,
    st.sampled_from([
        None, True, False, 0, -1, 1.5, 2**31, 2**53 + 1, 2**63, 10**400, 1e300, math.nan, math.inf, [], {}, [[]],
        [None], [5], [{}], ["x", 5], {"a": []}, {"": ""}, {"_u": 5, "id": []}, {"at": "x"},
        json.loads("[" * 60 + "]" * 60),
    ]),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wound:
    """One change to some bytes: `how`, `at` which part of them, with which `wrong` bytes or to how `much`."""

    how: str
    at: float
    wrong: bytes
    much: int

    def on(self, data: bytes) -> bytes:
        at = int(self.at * len(data))
        before, behind = data[:at], data[at:]
        match self.how:
            case "flip" if behind:
                return before + bytes([behind[0] ^ 1 << self.much % 8]) + behind[1:]
            case "over":
                return before + self.wrong + behind[len(self.wrong) :]
            case "into":
                return before + self.wrong + behind
            case "out":
                return before + behind[self.much :]
            case "cut":
                return before
            case "again":
                return before + behind[: self.much] * 2 + behind[self.much :]
            case "swap":
                return before + behind[self.much : 2 * self.much] + behind[: self.much] + behind[2 * self.much :]
            case "full":
                return before + b"\xff" * min(self.much, len(behind)) + behind[self.much :]
            case "empty":
                return before + bytes(min(self.much, len(behind))) + behind[self.much :]
        return data


WOUND = st.builds(
    Wound,
    how=st.sampled_from(["flip", "flip", "over", "into", "out", "cut", "again", "swap", "full", "empty"]),
    at=st.floats(0, 1), much=st.integers(1, 40),
    wrong=st.binary(min_size=1, max_size=8)
    | st.sampled_from((*SIGNS, *NUMBERS)).map(lambda one: one.encode("utf-8", "replace")),
)  # fmt: skip


def hurt(whole: Sequence[bytes] | st.SearchStrategy[bytes], most: int = 4) -> st.SearchStrategy[bytes]:
    """One of these, changed in up to so many places; now and then not at all."""
    valid = whole if isinstance(whole, st.SearchStrategy) else st.sampled_from(list(whole))

    def wounded(data: bytes, wounds: list[Wound]) -> bytes:
        for wound in wounds:
            data = wound.on(data)
        return data

    return st.builds(wounded, valid, st.lists(WOUND, max_size=most))


def hurt_json(whole: Any, most: int = 3) -> st.SearchStrategy[Any]:
    """A JSON value in which up to so many values, names or whole branches are others."""

    def changed(seed: int, odd: list[Any]) -> Any:
        dice, value = Random(seed), copy.deepcopy(whole)
        for one in odd:
            _put(value, one, dice)
        return value

    return st.builds(changed, st.integers(0, 2**32), st.lists(ODD_VALUE, min_size=1, max_size=most))


def _put(value: Any, odd: Any, dice: Random) -> None:
    """Put something odd somewhere into a value: in place of what is there, beside it, or under an odd name."""
    while True:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = dice.choice(keys)
        inside = value[key]
        if isinstance(inside, dict | list) and inside and dice.random() < 0.85:
            value = inside
            continue
        match dice.randrange(6):
            case 0 if isinstance(value, dict):
                del value[key]
            case 0 if isinstance(value, list):
                value.append(copy.deepcopy(inside))
            case 1 if isinstance(value, dict) and isinstance(odd, str):
                value[odd] = inside
            case _:
                value[key] = copy.deepcopy(odd)
        return


def hurt_table(
    rows: Sequence[Sequence[Any]], cells: st.SearchStrategy[Any] = ODD_TEXT
) -> st.SearchStrategy[list[list[Any]]]:
    """A table whose rows and cells were exchanged, left out, said twice or made odd; its headings mostly stand."""

    def changed(seed: int, odd: list[Any]) -> list[list[Any]]:
        dice, table = Random(seed), [list(row) for row in rows]
        for one in odd:
            row = (
                table[0 if dice.random() < 0.08 else dice.randrange(1, len(table))] if len(table) > 1 else table[0]
            )
            at = dice.randrange(len(row) + 1)
            match dice.randrange(5):
                case 0:
                    row.insert(at, one)
                case 1 if row and len(table) > 1:
                    other = dice.choice(table[1:])
                    if other and row is not table[0]:
                        place, there = dice.randrange(len(row)), dice.randrange(len(other))
                        row[place], other[there] = other[there], row[place]
                case 2 if row is not table[0]:
                    table.append(list(row))
                case _ if row:
                    row[min(at, len(row) - 1)] = one
        return table

    return st.builds(changed, st.integers(0, 2**32), st.lists(cells, max_size=5))


def at_once(made: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that waits for nothing but the turns of others."""
    while True:
        try:
            made.send(None)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]


class Fuzz:
    """Tries a parser on what a strategy makes; how often, and how often it refused, is told at the end."""

    def __init__(self, count: Callable[[int, int], int], told: Callable[[str, object], None]) -> None:
        self._count, self._told = count, told

    def __call__(
        self, made: st.SearchStrategy[T], look: Callable[[T], object], *, reduced: int = 120, full: int = 20_000
    ) -> None:
        """Only a sentence of ours may leave `look`; anything else is a fault."""
        seen = {"tried": 0, "refused": 0}

        @settings(max_examples=self._count(reduced, full), deadline=None, database=None, suppress_health_check=ALL)
        @given(made)
        def one(value: T) -> None:
            seen["tried"] += 1
            try:
                look(value)
            except FieldLogError as refusal:
                seen["refused"] += 1
                assert str(refusal).strip()

        one()
        self._told("fuzz", f"{seen['tried']} tried, {seen['refused']} refused")


def told_of(reports: Iterable[Any]) -> list[str]:
    """The counts that tests told, a line each."""
    return [
        f"{value}: {one.nodeid.partition('::')[2]}"
        for one in reports for name, value in getattr(one, "user_properties", ()) if name == "fuzz"
    ]  # fmt: skip
