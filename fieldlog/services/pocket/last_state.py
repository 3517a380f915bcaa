"""What Python leaves for the page's next first half second, in `last.json` beside what the page keeps.

    {"version","language","look","mirrored","zone","day":{"code","date","until"},"session":{"id","title"},"newest",
     "audio":[{"kind","person","name","name_zh"}],
     "open":{"id","text","at","zone","mono","boot","session","back","kept"}}

`until` is when that day must be over if nobody says so, `newest` the Unix ms of this device's newest
entry, for telling a clock that jumped. `audio` is what speaks against recording sound now, as `permission` tells
it. `open` is the text of the composer, so that a return can go on in it; times are ISO with offset, `back`
seconds. What there is none of is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from fieldlog.model.line import compact
from fieldlog.model.moment import from_ms, iso, parse, unix_ms
from fieldlog.model.ports import Disk
from fieldlog.model.production_day import next_boundary
from fieldlog.model.records import StoredSession
from fieldlog.model.state import State
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.open_text.writing import Writing
from fieldlog.services.capture.permission import objections
from fieldlog.services.rows.days import code_of
from fieldlog.services.study.workspace import Workspace

LAST, VERSION = "last.json", 1
"""What it says is only ever written here; the page takes one of another version for none (quick_worker.js)."""


async def leave(
    disk: Disk, work: Workspace, capture: Capture, writing: Writing, *, language: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Leave for the page how things stand; what was left, of which the page wants to hear the look at once.

    `disk` has the page's folder as its root. `language` is what the screen speaks where nobody chose one.
    """
    left = last(work, capture, writing, language=language)
    await work.room.needed(lambda: disk.replace(LAST, compact(left) + b"\n"))
    return left


def last(work: Workspace, capture: Capture, writing: Writing, *, language: str = "") -> dict[str, Any]:
    """How things stand, for the page."""
    now, state, liked = capture.now().at, work.store.state, work.device.preferences
    session = capture.session_at(now)
    stored = state.read(StoredSession, session)
    return {
        "version": VERSION, "language": liked.get("language") or language, "look": liked.get("look") or "system",
        "mirrored": liked.get("mirrored") == "yes", "zone": work.zone, "day": _day(state, session, now),
        "session": {"id": session, "title": stored.title} if stored else None,
        "newest": capture.newest_ms, "audio": [asdict(one) for one in objections(work, "audio", session)],
        "open": _open(writing),
    }  # fmt: skip


def _day(state: State, session: str | None, now: datetime) -> dict[str, Any]:
    """The production day that is being worked, and when it must be over."""
    calendar = state.calendar
    date = calendar.sessions.get(session or "") or calendar.date_at(now)
    span = calendar.span_at(unix_ms(now))
    if span is not None and span.date == date:
        until = from_ms(span.ends, calendar.zone)
    else:
        until = next_boundary(now, calendar.zone, calendar.boundary_hour)
    return {"code": code_of(state, date), "date": date, "until": iso(until)}


def _open(writing: Writing) -> dict[str, Any] | None:
    """The open text, as soon as it is on the disk: only that can be gone on with."""
    held: Mapping[str, Any] | None = writing.held
    if held is None or "kept" not in held:
        return None
    began, chips = held["began"], held["chips"]
    return {
        "id": held["id"], "text": held["text"], "at": iso(parse(began["at"])), "zone": began.get("zone"),
        "mono": began.get("mono_ms"), "boot": began.get("boot"), "session": held.get("session"),
        "back": chips.get("back") or 0, "kept": held["kept"],
    }  # fmt: skip
