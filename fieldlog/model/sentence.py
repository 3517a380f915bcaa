"""Sentences for a person that can still be said in another language."""

from __future__ import annotations

from typing import Any


class Sentence(str):
    """An English sentence whose blanks are filled in. `said` has the blanks, `values` what stands in them.

    A refusal raised with one can be translated by `said`; a value may be a sentence itself.
    """

    __slots__ = ("said", "values")

    said: str
    values: dict[str, object]

    def __new__(cls, said: str, /, **values: object) -> Sentence:
        made = super().__new__(cls, said.format(**values))
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
        made = str.__new__(cls, (one if n == 1 else more).format(n=n, **values))
        made.said, made.more, made.n, made.values = one, more, n, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.said, self.more, self.n), self.values


def sentence(said: str) -> str:
    """Marks a sentence that is filled in where it is said, so that it is found for translation."""
    return said
