"""The gate of month files: what their tables must be like before anything is made of them.

Here stands what reading them relies on; what the nouns made of them may hold, the nouns say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldlog.model import gate
from fieldlog.model.gate import Check, Impossible
from fieldlog.model.sentence import Sentence
from fieldlog.model.vocabulary import NOTE_TYPES

LONGEST_NAME = 255


def _take(value: Any) -> Sentence | None:
    """The slate's number, as a number or as a text."""
    return gate.text(value) if isinstance(value, str) else gate.amount(value)


def _note_type(value: Any) -> Sentence | None:
    return None if value in NOTE_TYPES else Sentence("it is none of {known}", known=", ".join(NOTE_TYPES))


def _path(value: Any) -> Sentence | None:
    """A path that a file system can be asked for."""
    if type(value) is not str:
        return gate.text(value)
    fits = "\0" not in value and all(len(part.encode()) <= LONGEST_NAME for part in value.split("/"))
    return None if fits else Sentence("no file can be called so")


_WITHDRAWAL = gate.shape(
    asked_at=gate.instant, channel=gate.text, words=gate.text, erase=gate.texts, keep=gate.texts
)
_REFERS: Mapping[str, Check] = {
    "id": gate.text, "day": gate.amount, "place": gate.text, "session": gate.text, "scene": gate.text,
    "people": gate.texts, "scenes": gate.texts, "codes": gate.texts, "attachments": gate.texts, "kind": gate.text,
    "take": _take, "n": gate.amount, "date": gate.iso_date, "starts": gate.instant, "ends": gate.instant,
    "occurred_at": gate.instant, "created_at": gate.instant, "may_record": gate.text, "file": _path,
    "filename": gate.text, "note_type": _note_type, "device_clock": gate.text, "tz": gate.text,
    "from": gate.text, "to": gate.text, "rel": gate.text, "withdrawal": _WITHDRAWAL,
}  # fmt: skip
"""Fields of all tables that are called the same in each. `lang` is a list in entries and a text elsewhere."""

_MUST: Mapping[str, tuple[str, ...]] = {
    "days": ("n", "date"), "places": ("id",), "people": ("id",), "codes": ("id",), "scenes": ("id",),
    "takes": ("day", "scene", "take"), "sessions": ("id", "starts"), "attachments": ("id", "kind"),
    "entries": ("id", "kind", "occurred_at", "created_at"), "links": ("from", "to", "rel"),
}  # fmt: skip
_STUDY: Mapping[str, Check] = {
    "id": gate.text, "title": gate.text, "researchers": gate.listed(gate.mapping),
    "devices": gate.listed(gate.mapping),
}  # fmt: skip


def check_month(shape: Mapping[str, Any]) -> None:
    """Raises `Impossible` for the first thing that can't be read, with its table and what the record is called."""
    _look("study", shape["study"], _STUDY, ("id", "title"))
    for table, must in _MUST.items():
        if table not in shape:
            continue
        gate.taken(gate.listed(gate.mapping), table, shape[table])
        checks = {**_REFERS, "lang": gate.texts} if table == "entries" else _REFERS
        for said in shape[table]:
            _look(f"{table} {label_of(said)}", said, checks, must)


def label_of(said: Mapping[str, Any]) -> str:
    """What a record of the file is called, for naming it."""
    found = next((said[name] for name in ("id", "code", "n", "from") if said.get(name) is not None), "?")
    return gate.brief(found)


def _look(called: str, said: Mapping[str, Any], checks: Mapping[str, Check], must: tuple[str, ...]) -> None:
    for name in must:
        if said.get(name) is None:
            raise Impossible(f"{called}: {name}", said.get(name), gate.MISSING)
    for name, value in said.items():
        check = checks.get(name)
        if check is not None and value is not None:
            gate.taken(check, f"{called}: {name}", value)
