"""What fields of records are called, and how their values are said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fieldlog.model import gate
from fieldlog.model.called import (
    CERTAINTY,
    DAY_TYPES,
    KINDS,
    NOTE_TYPES,
    PRECISIONS,
    SENSITIVITY,
    SESSION_TYPES,
    SPEECH,
    TAKE_RESULTS,
    Called,
)
from fieldlog.model.moment import parse
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words, later

Named = Callable[[str, Any], str]
"""The code or name of the record that a field's value is the id of."""

RECORDS = {
    "study": later("Study"), "day": later("Day"), "session": later("Session"),
    "planned-session": later("In the plan"), "entry": later("Entry"), "attachment": later("File"),
    "link": later("Link"), "person": later("Person"), "consent-event": later("Step of a consent"),
    "place": later("Place"), "scene": later("Scene"), "take": later("Take"), "code": later("Code"),
}  # fmt: skip

FIELDS = {
    "text": later("Words"), "kind": later("Kind"), "note_type": later("Kind of note"), "speech": later("Speech"),
    "certainty": later("Certainty"), "people": later("People"), "place": later("Place"), "scene": later("Scene"),
    "take": later("Take"), "codes": later("Codes"), "occurred_at": later("Time it happened"),
    "precision": later("How exactly"), "session": later("Session"), "count": later("Count"),
    "attachments": later("Files"), "day_choice": later("Day"), "figure": later("Number"), "stage": later("Stage"),
    "sensitivity": later("Sensitivity"), "type": later("Type"), "title": later("Title"), "name": later("Name"),
    "title_zh": later("Title in Chinese"), "name_zh": later("Name in Chinese"), "pseudonym": later("Pseudonym"),
    "pseudonym_zh": later("Pseudonym in Chinese"), "role": later("Role"), "role_zh": later("Role in Chinese"),
    "dept": later("Department"), "consent": later("What was agreed to"), "withdrawal": later("Withdrawal"),
    "minor": later("Under 18"), "same_as": later("Is the same as"), "code": later("Code"), "label": later("Label"),
    "label_zh": later("Label in Chinese"), "memo": later("What it means"), "synopsis": later("What happens in it"),
    "caption": later("Caption"), "note": later("Note"), "starts": later("Begins"), "ends": later("Ends"),
    "date": later("Date"), "at": later("Time"), "until": later("Until"), "weather": later("Weather"),
    "call": later("Call"), "first_shot": later("First shot"), "summary": later("Summary"),
    "may_record": later("What may be recorded"), "default_tz": later("Time zone"), "result": later("Result"),
    "day_boundary_hour": later("The day turns at"), "quick": later("Quick buttons"),
    "templates": later("Templates"), "groups": later("Groups of departments"),
}  # fmt: skip
"""The words stand by themselves. A field that is not here is called as it is stored."""

CLOSED: Mapping[str, Mapping[str, Called]] = {
    "kind": KINDS, "note_type": NOTE_TYPES, "speech": SPEECH, "certainty": CERTAINTY, "precision": PRECISIONS,
    "sensitivity": SENSITIVITY, "type": {**DAY_TYPES, **SESSION_TYPES}, "result": TAKE_RESULTS,
}  # fmt: skip

_MOMENTS = frozenset({"occurred_at", "created_at", "captured_at", "starts", "ends", "goes_on", "at"})


def field_words(name: str, words: Words) -> str:
    return words(FIELDS[name]) if name in FIELDS else name


def value_words(name: str, value: Any, zone: str, words: Words, named: Named) -> str:
    """A field's value as it is read; "–" for none. Times are on the wall of `zone`."""
    if value in (None, "", [], (), {}):
        return "–"
    if name in CLOSED:
        return words(CLOSED[name].get(str(value), str(value)))
    if name in _MOMENTS and gate.instant(value) is None:
        at = parse(str(value)).astimezone(ZoneInfo(zone))
        return f"{date_words(at.date().isoformat(), words)} {at:%H:%M:%S}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(named(name, one) for one in value)
    return named(name, value)
