"""What is typed into Find, as a tree: words, "phrases", -without, one OR other, (groups) and key:value.

A query is never wrong: a key that nobody knows is a word like any other, a quote or a bracket that is not closed
goes on to the end, and a filter without a value is still being typed. `a OR b c` is a or b, and c. Each part keeps
where it stands in what was typed, so that it can be taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fieldlog.services.review.keys import KEYS, known

CLOSING = {'"': '"', "＂": "＂", "“": "”", "”": "”", "「": "」", "『": "』"}
"""What opens a phrase, and what closes it."""
_WITHOUT = "-－"
_COLON, _OTHER, _RANGE = re.compile("[:：]"), ",，|｜", ".."
_OR = "OR"
MOST_GROUPS = 20
"""In one another; a bracket in more of them is a letter."""


@dataclass(frozen=True)
class Word:
    """A word or phrase to be found as it stands."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Value:
    """One of a filter's values; a range reaches from `text` to `last`, and is open where that is ""."""

    text: str
    last: str | None = None

    def __str__(self) -> str:
        return self.text if self.last is None else f"{self.text}{_RANGE}{self.last}"


@dataclass(frozen=True)
class Filter:
    """`key` is one of `KEYS`, `called` what was typed for it; any of the values is enough, and without one it is
    still being typed."""

    key: str
    values: tuple[Value, ...]
    called: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Without:
    part: Part
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Part, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class AllOf:
    parts: tuple[Part, ...]
    start: int = 0
    end: int = 0


Part = Word | Filter | Without | AnyOf | AllOf


def parse(typed: str) -> AllOf:
    """The tree of a query."""
    return _Reader(typed).group()


def chips(query: AllOf) -> Iterator[Part]:
    """The filters of a query and what is to be without, outermost: each can be shown, and taken off."""
    for part in query.parts:
        if not isinstance(part, Word):
            yield part


def taken_off(typed: str, part: Part) -> str:
    """What was typed without one of its parts."""
    return f"{typed[: part.start].rstrip()} {typed[part.end :].lstrip()}".strip()


class _Reader:
    """Reads from left to right; `at` is where."""

    def __init__(self, typed: str) -> None:
        self._typed, self._at, self._depth = typed, 0, 0

    def group(self) -> AllOf:
        """Everything up to the bracket that closes it, or the end."""
        start, parts, joins = self._at, list[Part](), False
        while (part := self._part()) is not None:
            if part == _OR:
                joins = bool(parts)
                continue
            assert not isinstance(part, str)
            if joins:
                before = parts.pop()
                others = before.parts if isinstance(before, AnyOf) else (before,)
                part = AnyOf((*others, part), before.start, part.end)
            joins = False
            parts.append(part)
        return AllOf(tuple(parts), start, self._at)

    def _part(self) -> Part | str | None:
        """The next part, or `OR`; None at the end of the group."""
        while self._at < len(self._typed):
            start, sign = self._at, self._typed[self._at]
            if sign.isspace():
                self._at += 1
            elif sign == ")" and self._depth:
                return None
            elif sign in _WITHOUT and self._begins_a_part(start + 1):
                self._at += 1
                part = self._one()
                if part:
                    return Without(part, start, self._at)
            elif part := self._one():
                return _OR if part == Word(_OR, start, start + 2) else part
        return None

    def _begins_a_part(self, at: int) -> bool:
        """Whether something stands here that the sign before it can leave out."""
        return at < len(self._typed) and not self._typed[at].isspace() and self._typed[at] not in _WITHOUT + ")"

    def _one(self) -> Part | None:
        """A group, a phrase, a filter or a word; None for one in which nothing stands."""
        start, sign = self._at, self._typed[self._at]
        if sign == "(" and self._depth < MOST_GROUPS:
            self._at += 1
            self._depth += 1
            found = self.group()
            self._depth -= 1
            self._at = min(self._at + 1, len(self._typed))
            return AllOf(found.parts, start, self._at) if found.parts else None
        if sign in CLOSING:
            text = self._phrase()
            return Word(text, start, self._at) if text.strip() else None
        key = self._key()
        if key:
            called = self._typed[start : self._at - 1]
            return Filter(key, tuple(self._values()), called, start, self._at)
        text = self._run("")
        return Word(text, start, self._at)

    def _key(self) -> str | None:
        """The key of the filter that begins here, and behind it; None where none does."""
        colon = _COLON.search(self._typed, self._at)
        if not colon or any(map(str.isspace, self._typed[self._at : colon.start()])):
            return None
        key = known(KEYS, self._typed[self._at : colon.start()])
        if key:
            self._at = colon.end()
        return key

    def _values(self) -> Iterator[Value]:
        """The alternatives behind a colon."""
        while True:
            first, is_plain = self._value()
            if is_plain and _RANGE in first:
                low, _, high = first.partition(_RANGE)
                yield Value(low, high)
            elif first.strip():
                yield Value(first)
            if self._at >= len(self._typed) or self._typed[self._at] not in _OTHER:
                return
            self._at += 1

    def _value(self) -> tuple[str, bool]:
        """One value, and whether it stands without marks."""
        if self._at < len(self._typed) and self._typed[self._at] in CLOSING:
            return self._phrase(), False
        return self._run(_OTHER), True

    def _phrase(self) -> str:
        """What stands between marks; they are passed."""
        closing = CLOSING[self._typed[self._at]]
        end = self._typed.find(closing, self._at + 1)
        start, end = self._at + 1, len(self._typed) if end < 0 else end
        self._at = min(end + 1, len(self._typed))
        return self._typed[start:end]

    def _run(self, stops: str) -> str:
        """Everything up to a space, one of `stops`, or the bracket that closes the group and was opened before."""
        start, opened = self._at, 0
        while self._at < len(self._typed):
            sign = self._typed[self._at]
            opened += sign == "("
            if sign.isspace() or sign in stops or (sign == ")" and self._depth and not opened):
                break
            opened -= sign == ")" and opened > 0
            self._at += 1
        return self._typed[start : self._at]
