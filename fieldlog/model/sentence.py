"""Sentences for a person that can still be said in another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldlog.model.called import Called


class Sentence(str):
    """An English sentence whose blanks are filled in. `said` has the blanks, `values` what stands in them.

    It can be said in another language by `said`. A value may be a sentence itself, or `Called`: of that a sentence
    in English says the English word.
    """

    __slots__ = ("said", "values")

    said: str
    values: dict[str, object]

    def __new__(cls, said: str, /, **values: object) -> Sentence:
        made = super().__new__(cls, said.format(**_in_english(values)))
        made.said, made.values = said, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.said,), self.values


class Counted(Sentence):
    """A sentence about `n` things, one or more of them. `said` is of one, `more` of more; both have `{n}`."""

    __slots__ = ("more", "n")

    more: str
    n: int

    def __new__(cls, one: str, more: str, n: int, /, **values: object) -> Counted:
        made = str.__new__(cls, (one if n == 1 else more).format(n=n, **_in_english(values)))
        made.said, made.more, made.n, made.values = one, more, n, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.said, self.more, self.n), self.values


def joined(*parts: object, by: str = " · ") -> Sentence:
    """Parts in a row, each said as the value of a sentence is: `P08 Lei · of age`."""
    values = {f"part{n}": part for n, part in enumerate(parts)}
    return Sentence(by.join(f"{{{name}}}" for name in values), **values)


def sentence(said: str) -> str:
    """Marks a sentence that is filled in where it is said, so that it is found for translation."""
    return said


def _in_english(values: Mapping[str, object]) -> dict[str, object]:
    return {name: one.en if isinstance(one, Called) else one for name, one in values.items()}
