"""Sentences for a person that can still be said in another language."""

from __future__ import annotations


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


def sentence(said: str) -> str:
    """Marks a sentence that is filled in where it is said, so that it is found for translation."""
    return said
