"""The history of an entry in words: what was done, and for each field what it said before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fieldlog.model import gate
from fieldlog.model.called import CERTAINTY, KINDS, NOTE_TYPES, PRECISIONS, SPEECH, Called
from fieldlog.model.moment import parse
from fieldlog.model.records import StoredEntry
from fieldlog.services.entry.revisions import Revision
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words, later

Named = Callable[[str, Any], str]
"""The code or name of the record that a field's value is the id of."""

FIELDS = {
    "kind": later("Kind"), "note_type": later("Kind of note"), "speech": later("Speech"),
    "certainty": later("Certainty"), "people": later("People"), "place": later("Place"), "scene": later("Scene"),
    "take": later("Take"), "codes": later("Codes"), "occurred_at": later("Time it happened"),
    "precision": later("How exactly"), "session": later("Session"), "count": later("Count"),
    "attachments": later("Files"), "day_choice": later("Day"),
}  # fmt: skip
"""What a field of an entry is called, in the order in which changes are told. The words stand by themselves."""

CLOSED: Mapping[str, Mapping[str, Called]] = {
    "kind": KINDS, "note_type": NOTE_TYPES, "speech": SPEECH, "certainty": CERTAINTY, "precision": PRECISIONS,
}  # fmt: skip

DONE = {
    "new": later("Written"), "set": later("Changed"), "del": later("Changed"), "add": later("Changed"),
    "erase": later("Erased for good"), "alias": later("Joined"), "fill": later("Filled in from an archive"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """What was done in one go. `text` is what the entry said after it, where that changed.

    `fields` has a line for each other field it changed, with what it said before and after.
    """

    u: str
    n: int
    said: str
    when: str
    text: str
    fields: tuple[str, ...]


def change_views(past: Iterable[Revision], zone: str, words: Words, named: Named) -> tuple[ChangeView, ...]:
    """A history, newest first."""
    found = []
    for n, one in enumerate(past):
        at = parse(one.at).astimezone(ZoneInfo(zone))
        who = words("this device") if one.here else words("another device, {writer}", writer=one.writer[:6])
        said = later("Removed") if one.hides else DONE.get(one.kind, one.kind)
        found.append(ChangeView(
            u=one.u, n=n, said=words(said), text=StoredEntry.of(one.after).text,
            when=f"{date_words(at.date().isoformat(), words)} {at:%H:%M:%S} · {who}",
            fields=() if one.kind == "new" else _fields(one, zone, words, named),
        ))  # fmt: skip
    return tuple(found[::-1])


def _fields(one: Revision, zone: str, words: Words, named: Named) -> tuple[str, ...]:
    lines = [
        words("{field}: {before} → {after}", field=words(FIELDS[name]), **{
            side: _value(name, values.get(name), zone, words, named)
            for side, values in (("before", one.before), ("after", one.after))
        })
        for name in FIELDS
        if name in one.after
    ]  # fmt: skip
    if "text" in one.after and not StoredEntry.of(one.after).text:
        lines.append(words("The words were taken out."))
    return tuple(lines)


def _value(name: str, value: Any, zone: str, words: Words, named: Named) -> str:
    if value in (None, "", [], ()):
        return "–"
    if name in CLOSED:
        return words(CLOSED[name].get(str(value), str(value)))
    if name == "occurred_at" and gate.instant(value) is None:
        at = parse(str(value)).astimezone(ZoneInfo(zone))
        return f"{date_words(at.date().isoformat(), words)} {at:%H:%M:%S}"
    if isinstance(value, list | tuple):
        return ", ".join(named(name, one) for one in value)
    return named(name, value)
