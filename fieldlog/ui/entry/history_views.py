"""The history of an entry in words: what was done, and for each field what it said before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fieldlog.model.moment import parse
from fieldlog.model.records import StoredEntry
from fieldlog.services.entry.revisions import Revision
from fieldlog.ui.words.fields import Named, field_words, value_words
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words, later

TOLD = (
    "kind", "note_type", "speech", "certainty", "people", "place", "scene", "take", "codes", "occurred_at",
    "precision", "session", "count", "attachments", "day_choice",
)  # fmt: skip
"""The fields of which it is told what they said, in this order."""

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
        if one.kind == "set" and not one.after:
            said = later("Settled: one version")
        found.append(ChangeView(
            u=one.u, n=n, said=words(said), text=StoredEntry.of(one.after).text,
            when=f"{date_words(at.date().isoformat(), words)} {at:%H:%M:%S} · {who}",
            fields=() if one.kind == "new" else _fields(one, zone, words, named),
        ))  # fmt: skip
    return tuple(found[::-1])


def _fields(one: Revision, zone: str, words: Words, named: Named) -> tuple[str, ...]:
    lines = [
        words("{field}: {before} → {after}", field=field_words(name, words), **{
            side: value_words(name, values.get(name), zone, words, named)
            for side, values in (("before", one.before), ("after", one.after))
        })
        for name in TOLD
        if name in one.after
    ]  # fmt: skip
    if "text" in one.after and not StoredEntry.of(one.after).text:
        lines.append(words("The words were taken out."))
    return tuple(lines)
