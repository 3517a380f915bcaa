"""What screens show, as plain values: no Flet, no deciding. Times are on the study's wall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fieldlog.model.called import (
    FAULTY,
    KINDS,
    NOTE_TYPES,
    SESSION_TYPES,
    SPEECH,
    VERDICTS,
)
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.rows.strips import MIDNIGHT
from fieldlog.ui.rows.meta import NOBODY, Known, Said, joined, meta
from fieldlog.ui.words.times import clock_of, date_words
from fieldlog.ui.words.words import Words

Row = Mapping[str, Any]


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
    """An entry as a row. `clock` counts on past midnight, 25:41, where it is `past`; from 48:00 on it is
    2025-03-18 00:30. `flags` are seconds of its sound that were marked.
    `runs` are its words in parts, each with whether it was looked for; `why` says what else it was found by.
    `label` is what a screen reader says."""

    id: str
    date: str
    clock: str
    kind: str
    note_type: str
    type_words: str
    text: str
    meta: tuple[Said, ...]
    states: str
    photos: tuple[str, ...]
    sound: Sound | None
    session: str | None
    label: str
    heard: Heard | None = None
    past: bool = False
    flags: tuple[float, ...] = ()
    runs: tuple[tuple[str, bool], ...] = ()
    why: str = ""


def stream_row(row: Row, zone: str, words: Words, known: Known = NOBODY) -> StreamRow:
    """An entry's row from what reading says of it; people that are `known` by their names."""
    kind, note_type = str(row["kind"]), str(row["note_type"])
    files = [one for one in row["attachments"] if one["sha256"]]
    photos = tuple(one["sha256"] for one in files if one["kind"] == "photo")
    counted, at = ProductionClock(row["date"], zone), parse(row["occurred_at"])
    clock = counted.said(at)
    type_words = words(NOTE_TYPES[note_type]) if note_type in ("TN", "MN", "PN") else ""
    beside = meta(row, words, known)
    parts = (clock, words(KINDS.get(kind, kind)), type_words, row["text"][:200], joined(beside))
    return StreamRow(
        id=row["id"], date=row["date"], clock=clock, kind=kind, note_type=note_type, type_words=type_words,
        text=text_words(row, words), meta=beside, states=states_words(row, words), photos=photos,
        sound=_sound(row["id"], files), session=row["session_id"], label=", ".join(part for part in parts if part),
        heard=heard_in(row), past=counted.minutes(at) >= MIDNIGHT,
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


def stream_rows(rows: Iterable[Row], zone: str, words: Words, known: Known = NOBODY) -> tuple[StreamRow, ...]:
    return tuple(stream_row(row, zone, words, known) for row in rows)


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """A session as the head above its entries. `key` tells apart two stretches of one session; the later ones are
    `again`. `past` says that it stands past midnight."""

    id: str
    title: str
    type_words: str
    hours: str
    going_on: bool
    key: str = ""
    again: bool = False
    past: bool = False
    type: str = "other"


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """An entry whole. `facts` are names and values, in the reader's words. One that can't be read, and is set
    `aside`, is shown as far as it can be; nobody can change it."""

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
    aside: bool = False


def session_row(row: Row, day: str, zone: str, words: Words) -> SessionRow:
    """A session's header from what reading says of it."""
    clock = ProductionClock(day, zone)
    starts, ends = clock.said(parse(row["starts"])), clock.said(parse(row["ends"])) if row["ends"] else ""
    type_words = words(SESSION_TYPES.get(row["type"], str(row["type"])))
    return SessionRow(
        id=row["id"], title=row["title"] or type_words, type_words=type_words, hours=f"{starts}–{ends}",
        going_on=row["going_on"], type=row["type"],
    )  # fmt: skip


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
        facts=tuple((name, str(value)) for name, value in facts if value), aside=bool(row.get("unread")),
    )  # fmt: skip


def figure_words(figure: Mapping[str, Any], words: Words) -> str:
    """A figure as one sentence: 完播率 61 % of viewers at 3 s · shown, on the wall · P05."""
    head = " ".join(str(figure.get(part) or "") for part in ("name", "value", "unit", "of")).split()
    mode = {"shown": words("shown"), "said": words("said")}.get(str(figure.get("mode")), "")
    return " · ".join(part for part in (" ".join(head), mode, str(figure.get("by") or "")) if part)
