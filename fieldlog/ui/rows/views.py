"""What screens show, as plain values: no Flet, no deciding. Times are on the study's wall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fieldlog.model.called import (
    CERTAINTY,
    DAY_TYPES,
    FAULTY,
    KINDS,
    NOTE_TYPES,
    PRECISIONS,
    SESSION_TYPES,
    SPEECH,
    VERDICTS,
)
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.records import StoredEntry
from fieldlog.services.capture.chips import Chips
from fieldlog.ui.words.words import Words, later

Row = Mapping[str, Any]

LOOSE = ("about", "part-of-day", "day")
"""How a time is known where a row says so."""

BACKS = (
    (0, later("now")), (15, later("−15 s")), (60, later("−1 min")), (300, later("−5 min")),
    (1800, later("−30 min")),
)  # fmt: skip
"""The back-time chips: seconds, and what they say."""

WEEKDAYS = (
    later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"),
)  # fmt: skip
MONTHS = (
    later("Jan"), later("Feb"), later("Mar"), later("Apr"), later("May"), later("Jun"),
    later("Jul"), later("Aug"), later("Sep"), later("Oct"), later("Nov"), later("Dec"),
)  # fmt: skip


_CLOCK = re.compile(r"(?:(?:(\d+)[:：])?(\d+)[:：])?(\d+(?:[.,]\d+)?)")


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A memo that can be played: `entry` names it, `sha256` its first piece, `seconds` all of it."""

    entry: str
    sha256: str
    seconds: float

    @property
    def length(self) -> str:
        return clock_of(self.seconds)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Where in a memo something was made: the memo's entry, and seconds into its sound."""

    memo: str
    at: float


@dataclass(frozen=True, kw_only=True)
class StreamRow:
    """An entry as a row. `clock` counts on past midnight: 25:41. `label` is what a screen reader says."""

    id: str
    date: str
    clock: str
    kind: str
    note_type: str
    type_words: str
    text: str
    meta: str
    states: str
    photos: tuple[str, ...]
    sound: Sound | None
    session: str | None
    label: str
    heard: Heard | None = None


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """A production day as a row of the month."""

    code: str
    date: str
    when: str
    title: str
    type: str
    type_words: str
    entries: int
    voices: int
    photos: int
    numbered: bool

    @property
    def counts(self) -> str:
        return f"{self.entries} · {self.voices} · {self.photos}"


def clock_of(seconds: float) -> str:
    """A length: 12:08, or 1:02:08 from an hour on."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def seconds_of(text: str) -> float:
    """Seconds of 1:05, 01:05.5, 1:02:08 or 65. Raises `NotUnderstood`."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise NotUnderstood("A part goes from one time to a later one, like 1:05 to 1:20.")
    hours, minutes, seconds = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds.replace(",", "."))


def date_words(day: str, words: Words) -> str:
    """Sun 16 Mar, or 3月16日 周日."""
    at = date.fromisoformat(day)
    weekday = words(WEEKDAYS[at.weekday()])
    if words.chinese:
        return f"{at.month}月{at.day}日 {weekday}"
    return f"{weekday} {at.day} {words(MONTHS[at.month - 1])}"


def bytes_words(count: int) -> str:
    """12 bytes, 4.2 kB, 31 MB, 7.3 GB."""
    size, units = float(count), ["B", "kB", "MB", "GB"]
    while size >= 999.5 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] in ("B", "MB") or size >= 99.95 else f"{size:.1f} {units[0]}"


def stream_row(row: Row, zone: str, words: Words) -> StreamRow:
    """An entry's row from what reading says of it."""
    kind, note_type = str(row["kind"]), str(row["note_type"])
    files = [one for one in row["attachments"] if one["sha256"]]
    photos = tuple(one["sha256"] for one in files if one["kind"] == "photo")
    clock = ProductionClock(row["date"], zone).said(parse(row["occurred_at"]))
    type_words = words(NOTE_TYPES[note_type]) if note_type in ("TN", "MN", "PN") else ""
    meta = meta_words(row, words)
    parts = (clock, words(KINDS.get(kind, kind)), type_words, row["text"][:200], meta)
    return StreamRow(
        id=row["id"], date=row["date"], clock=clock, kind=kind, note_type=note_type, type_words=type_words,
        text=text_words(row, words), meta=meta, states=states_words(row, words), photos=photos,
        sound=_sound(row["id"], files), session=row["session_id"], label=", ".join(part for part in parts if part),
        heard=heard_in(row),
    )  # fmt: skip


def heard_in(row: Row) -> Heard | None:
    """The second of the memo that ran, where one did."""
    during = row.get("during") or {}
    return Heard(memo=str(during["memo"]), at=float(during["at"])) if during.get("memo") else None


def text_words(row: Row, words: Words) -> str:
    """What a row says: a count with its number in front."""
    return f"{row['count']} × {row['text']}".rstrip(" ×") if row.get("count") is not None else str(row["text"])


def _sound(entry: str, files: list[Row]) -> Sound | None:
    heard = [one for one in files if one["kind"] == "audio"]
    if not heard:
        return None
    return Sound(entry=entry, sha256=heard[0]["sha256"], seconds=sum(one["duration"] or 0 for one in heard))


def meta_words(row: Row, words: Words) -> str:
    """Scene and take, people, how speech was kept, how sure, the codes, and how well the time is known."""
    speech, certainty = str(row.get("speech")), str(row.get("certainty"))
    take = words("take {n}", n=row["take"]) if row.get("take") else None
    parts = [row["scene"], take, *row["people"], words(SPEECH[speech]) if speech in SPEECH else None]
    parts += [words(CERTAINTY[certainty]) if certainty in CERTAINTY else None, *row["codes"]]
    parts += [words(PRECISIONS[row["precision"]]) if row["precision"] in LOOSE else None]
    return " · ".join(str(part) for part in parts if part)


def states_words(row: Row, words: Words) -> str:
    """Only what is not as it should be."""
    verdicts = {one["integrity"] for one in row["attachments"]} & FAULTY
    found = [words.told(row["unread"])] if row.get("unread") else []
    found += [words("filled in from an archive")] if row.get("filled") else []
    found += [words("time doubtful")] if row["suspect"] else []
    found += [words(VERDICTS[verdict]) for verdict in sorted(verdicts)]
    if any(not one["sha256"] for one in row["attachments"]):
        found.append(words("its file is not on this device"))
    return " · ".join(found)


def stream_rows(rows: Iterable[Row], zone: str, words: Words) -> tuple[StreamRow, ...]:
    return tuple(stream_row(row, zone, words) for row in rows)


def day_row(row: Row, words: Words) -> DayRow:
    """A day's row from what reading says of it."""
    return DayRow(
        code=row["code"], date=row["date"], when=date_words(row["date"], words), title=row["title"] or "",
        type=row["type"], type_words=words(DAY_TYPES.get(row["type"], str(row["type"]))), entries=row["entries"],
        voices=row["voices"], photos=row["photos"], numbered=row["n"] is not None,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """A session as the header above its entries. `key` tells apart two stretches of one session."""

    id: str
    title: str
    type_words: str
    hours: str
    going_on: bool
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class RevisionView:
    """One change of an entry, newest first in a history; `text` is what it said after it."""

    u: str
    n: int
    said: str
    when: str
    text: str


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """An entry whole. `facts` are names and values, in the reader's words."""

    id: str
    day: str
    clock: str
    when: str
    kind_words: str
    note_type: str
    text: str
    facts: tuple[tuple[str, str], ...]
    states: str
    photos: tuple[str, ...]
    sound: Sound | None


def session_row(row: Row, day: str, zone: str, words: Words) -> SessionRow:
    """A session's header from what reading says of it."""
    clock = ProductionClock(day, zone)
    starts, ends = clock.said(parse(row["starts"])), clock.said(parse(row["ends"])) if row["ends"] else ""
    type_words = words(SESSION_TYPES.get(row["type"], str(row["type"])))
    return SessionRow(
        id=row["id"], title=row["title"] or type_words, type_words=type_words, hours=f"{starts}–{ends}",
        going_on=row["going_on"],
    )  # fmt: skip


def day_items(rows: Iterable[StreamRow], sessions: Mapping[str, SessionRow]) -> list[SessionRow | StreamRow]:
    """A day's entries in their order, with a header wherever the session changes."""
    items: list[SessionRow | StreamRow] = []
    before: str | None = None
    for row in rows:
        head = sessions.get(row.session or "")
        if row.session != before and head is not None:
            items.append(replace(head, key=row.id))
        before = row.session
        items.append(row)
    return items


def entry_view(row: Row, zone: str, words: Words) -> EntryView:
    """An entry whole, from what reading says of it."""
    shown = stream_row(row, zone, words)
    occurred = parse(row["occurred_at"]).astimezone(ZoneInfo(zone))
    created = parse(row["created_at"]).astimezone(ZoneInfo(zone))
    facts = [
        (words("Session"), row["session"]), (words("Place"), row["place"]), (words("Scene"), row["scene"]),
        (words("People"), ", ".join(row["people"])), (words("Codes"), ", ".join(row["codes"])),
        (words("Speech"), words(SPEECH.get(str(row["speech"]), "–")) if row["speech"] else ""),
        (words("Files"), ", ".join(one["name"] for one in row["attachments"] if one["name"])),
        (words("Written"), f"{date_words(created.date().isoformat(), words)} {created:%H:%M:%S}"),
    ]  # fmt: skip
    kinds = [words(KINDS.get(shown.kind, shown.kind)), shown.type_words]
    return EntryView(
        id=row["id"], day=row["day"], clock=shown.clock, text=row["text"], note_type=shown.note_type,
        when=f"{date_words(occurred.date().isoformat(), words)} {occurred:%H:%M:%S}",
        kind_words=" · ".join(filter(None, kinds)), states=shown.states, photos=shown.photos, sound=shown.sound,
        facts=tuple((name, str(value)) for name, value in facts if value),
    )  # fmt: skip


REVISIONS = {
    "new": later("Written"), "set": later("Changed"), "del": later("Removed"), "add": later("Added to"),
    "erase": later("Erased for good"), "alias": later("Joined"), "fill": later("Filled in from an archive"),
}  # fmt: skip


def revision_views(past: Iterable[Any], zone: str, words: Words) -> tuple[RevisionView, ...]:
    """A history, newest first."""
    found = []
    for n, one in enumerate(past):
        at = parse(one.at).astimezone(ZoneInfo(zone))
        who = words("this device") if one.here else words("another device, {writer}", writer=one.writer[:6])
        found.append(RevisionView(
            u=one.u, n=n, said=words(REVISIONS.get(one.kind, one.kind)), text=StoredEntry.of(one.after).text,
            when=f"{date_words(at.date().isoformat(), words)} {at:%H:%M:%S} · {who}",
        ))  # fmt: skip
    return tuple(found[::-1])


def time_words(chips: Chips, day: str, zone: str, words: Words) -> str:
    """What the time chip says: now, −5 min, about −30 min, about Sat 15 Mar 16:00, Sat 15 Mar."""
    if chips.day is not None:
        return date_words(chips.day, words)
    if chips.at is not None:
        clock = ProductionClock(day, zone)
        said = clock.said(chips.at) if clock.counts(chips.at) else moment_words(chips.at, zone, words)
    else:
        seconds = int(chips.back.total_seconds())
        said = words(dict(BACKS).get(seconds, "")) or clock_of(-seconds)
    return words("about {time}", time=said) if chips.precision == "about" else said


def day_of(at: datetime, zone: str) -> str:
    """The ISO date on the wall."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def figure_words(figure: Mapping[str, Any], words: Words) -> str:
    """A figure as one sentence: 完播率 61 % of viewers at 3 s · shown, on the wall · P05."""
    head = " ".join(str(figure.get(part) or "") for part in ("name", "value", "unit", "of")).split()
    mode = {"shown": words("shown"), "said": words("said")}.get(str(figure.get("mode")), "")
    return " · ".join(part for part in (" ".join(head), mode, str(figure.get("by") or "")) if part)


def moment_words(at: datetime, zone: str, words: Words) -> str:
    """Sun 16 Mar 23:41, on the study's wall."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_words(local.date().isoformat(), words)} {local:%H:%M}"
