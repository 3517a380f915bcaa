"""What a row says of an entry beside its words: scene and take, people, how it was kept, codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldlog.model.called import CERTAINTY, PRECISIONS, SPEECH
from fieldlog.ui.words.words import Words

Row = Mapping[str, Any]

LOOSE = ("about", "part-of-day", "day")
"""How a time is known where a row says so."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing of it. Of a person `group` is their group of departments, or "" where nobody knows; else None."""

    words: str
    group: str | None = None


Known = Mapping[str, Said]
"""People of the register by their codes, as rows name them: P11 Fang."""

NOBODY: Known = {}


def meta(row: Row, words: Words, known: Known = NOBODY) -> tuple[Said, ...]:
    """Scene and take, people, how speech was kept, how sure, the codes, and how well the time is known."""
    return tuple(_meta(row, words, known))


def _meta(row: Row, words: Words, known: Known) -> Iterator[Said]:
    if row["scene"]:
        yield Said(words=str(row["scene"]))
    if row.get("take"):
        yield Said(words=words("take {n}", n=row["take"]))
    yield from (known.get(code) or Said(words=str(code), group="") for code in row["people"])
    speech, certainty = str(row.get("speech")), str(row.get("certainty"))
    if speech in SPEECH:
        yield Said(words=words(SPEECH[speech]))
    if certainty in CERTAINTY:
        yield Said(words=words(CERTAINTY[certainty]))
    yield from (Said(words=str(code)) for code in row["codes"] if code)
    if row["precision"] in LOOSE:
        yield Said(words=words(PRECISIONS[row["precision"]]))


def joined(parts: tuple[Said, ...]) -> str:
    """All of it in one line."""
    return " · ".join(part.words for part in parts)
