"""What was found, as rows with the hits marked, and as numbers by which it can be narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fieldlog.model.called import KINDS
from fieldlog.services.register.people import PersonRow
from fieldlog.services.review.find import Counts, Found
from fieldlog.services.review.marks import marked
from fieldlog.services.review.query import chips, taken_off
from fieldlog.ui.find.state import Chip, Narrowing
from fieldlog.ui.rows.meta import Known
from fieldlog.ui.rows.views import StreamRow, stream_row
from fieldlog.ui.words.words import Words

BEFORE, MOST = 60, 400
"""Characters shown before the first hit of a long text, and in all."""

MOST_PEOPLE = 12


def found_row(row: dict[str, Any], found: Found, zone: str, words: Words, known: Known) -> StreamRow:
    """An entry as a row, its hits marked in the text as written; and why it was found, where that is not there."""
    made = stream_row(row, zone, words, known)
    runs = _around(marked(made.text, found.words, fold=found.fold)) if found.words else ()
    why = " · ".join(words.told(one) for one in row["why"])
    label = words(", ").join(part for part in (made.label, why) if part)
    return replace(made, runs=tuple(runs), why=why, label=label)


def _around(runs: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The runs of a long text from a little before its first hit on, and not more than is read in a row."""
    kept: list[tuple[str, bool]] = []
    left = MOST
    for n, (words, hit) in enumerate(runs):
        shown = words
        if n == 0 and not hit and len(runs) > 1 and len(words) > BEFORE:
            shown = f"…{words[-BEFORE:]}"
        if len(shown) > left:
            kept.append((f"{shown[:left]}…", hit))
            break
        left -= len(shown)
        kept.append((shown, hit))
    return kept


def chips_of(typed: str, found: Found) -> tuple[Chip, ...]:
    """The filters of a query, each with the query that is left without it."""
    return tuple(
        Chip(words=typed[part.start : part.end].strip(), typed=taken_off(typed, part))
        for part in chips(found.query)
    )


def people_of(counts: Counts, everyone: Sequence[PersonRow], *, chinese: bool) -> tuple[Narrowing, ...]:
    """Who is named in what was found, the most often first."""
    by_id = {one.id: one for one in everyone}
    most = sorted(counts.people.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Narrowing(words=one.named(chinese=chinese), n=n, filter=f"person:{one.code}", group=one.group)
        for who, n in most if (one := by_id.get(who)) and not one.declined
    )[:MOST_PEOPLE]  # fmt: skip


def kinds_of(counts: Counts, words: Words) -> tuple[Narrowing, ...]:
    """Of which kinds what was found is."""
    most = sorted(counts.kinds.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Narrowing(words=words(KINDS.get(kind, kind)), n=n, filter=f"kind:{kind}", icon=kind) for kind, n in most
    )
