"""A production day as its notes tell it: heads, facts and words in order, before any form is given."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fieldlog.archive.day.content import DayContent
from fieldlog.archive.day.inert import one_line
from fieldlog.archive.day.labels import (
    CERTAINTY,
    FILES,
    KINDS,
    MAY_RECORD,
    NOTE_TYPES,
    OUTSIDE,
    RELS,
    SENSITIVITY,
    SPEECH,
    Labels,
    session_title,
)  # fmt: skip
from fieldlog.archive.day.media_files import MediaFile, paths_by_attachment
from fieldlog.archive.day.times import When, doubt, elsewhere, span, when_of, with_precision, written_later
from fieldlog.model.fold import conflicts
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.standing import said_again

Doc = Mapping[str, Any]


_RARE = frozenset({"certainty", "consent_hold", "starred", "figure", "count", "during", "override"})


class FileLine(NamedTuple):
    """A file, or why there is none, and what is said of it."""

    path: str
    about: str


class Item(NamedTuple):
    """An entry in order. `section` is the session's head where a new one begins, else empty.

    `head` and `facts` are on one line. `others` are values of the text that were written at the same time
    and stand undecided.
    """

    section: str
    head: str
    facts: str
    text: str
    others: list[str]
    files: list[FileLine]
    links: list[str]


class Page:
    """Everything the notes of one day say, worked out once for all their forms."""

    def __init__(self, content: DayContent, files: list[MediaFile]) -> None:
        self.content = content
        self.clock = ProductionClock(content.date, content.zone)
        self.labels = Labels(content)
        self.paths = paths_by_attachment(files)
        self.sessions = {session["id"]: session for session in content.sessions}
        self.heads = {session["id"]: self._session_head(session) for session in content.sessions}
        self.whens: list[When] = [when_of(entry, self.clock) for entry in content.entries]
        self.clocks = [self.clock.with_calendar(when.local) for when in self.whens]
        self.authors = {entry.get("author") for entry in content.entries}
        self._links = self._links_by_entry()

    def items(self) -> Iterator[Item]:
        begun: set[str] = set()
        current: str | None = None
        for entry, when, clock in zip(self.content.entries, self.whens, self.clocks, strict=True):
            session, section = entry.get("session", ""), ""
            if session != current:
                section = self.heads.get(session, session or OUTSIDE)
                section += " (continued 续)" if session in begun else ""
                current = session
                begun.add(session)
            yield Item(
                section, self._head(entry, clock), self._facts(entry, when), entry.get("text", ""),
                conflicts(entry).get("text", [])[1:] if said_again(entry) else [],
                self.files(entry) if "attachments" in entry else [], self._links.get(entry["id"], []),
            )  # fmt: skip

    def _session_head(self, session: Doc) -> str:
        """`09:30–12:10 meeting 会议: Access talk`."""
        return f"{span(self.clock, session.get('starts'), session.get('ends'))} {session_title(session)}".strip()

    def session_facts(self, session: Doc) -> str:
        labels, parts = self.labels, []
        if session.get("place"):
            parts.append(labels.names([session["place"]]))
        if session.get("people"):
            parts.append(labels.names(session["people"]))
        if session.get("scenes"):
            parts.append(f"scenes 场次 {labels.codes(session['scenes'])}")
        media = session.get("may_record", ()) or ("none",)
        allowed = ", ".join(MAY_RECORD.get(one, one) for one in media)
        parts.append(f"may record 可记录 {session.get('may_record_words') or allowed}")
        if session.get("access_note"):
            parts.append(str(session["access_note"]))
        parts += [f"{name}: {said}" for name, said in sorted((session.get("dimensions") or {}).items()) if said]
        return " · ".join(parts)

    def files(self, entry: Doc) -> list[FileLine]:
        """One line a file; segments of one memo share theirs."""
        found: dict[str, FileLine] = {}
        for name in entry["attachments"]:
            path = self.paths.get(name, "")
            found.setdefault(path or name, self.file(name, path))
        return list(found.values())

    def file(self, name: str, path: str) -> FileLine:
        doc = self.content.attachments.get(name)
        if doc is None:
            return FileLine("", "a file whose record is not here 缺少其记录的文件")
        kind = FILES.get(doc["kind"], FILES["document"])
        about = [kind if path else f"{kind}, bytes not here 文件不在此处"]
        about += [str(doc[field]) for field in ("caption", "problem") if doc.get(field)]
        if not path and doc.get("name"):
            about.append(str(doc["name"]))
        return FileLine(path, " · ".join(about))

    def _head(self, entry: Doc, clock: str) -> str:
        clock = with_precision(clock, entry.get("precision", "exact"))
        kind = entry.get("kind", "jotting")
        return f"{clock} · {KINDS.get(kind) or one_line(kind)}"

    def _facts(self, entry: Doc, when: When) -> str:
        labels, get = self.labels, entry.get
        parts: list[str] = [NOTE_TYPES.get(get("note_type", ""), "")]
        if people := get("people"):
            parts.append(labels.names(people))
        if (place := get("place")) and place != self.sessions.get(get("session", ""), {}).get("place"):
            parts.append(labels.names([place]))
        if scene := get("scene"):
            take = f" take 条 {labels.codes([take])}" if (take := get("take")) else ""
            parts.append(f"scene 场次 {labels.codes([scene])}{take}")
        if codes := get("codes"):
            parts.append(labels.codes(codes))
        parts += [SPEECH.get(get("speech", ""), ""), SENSITIVITY.get(get("sensitivity", ""), "")]
        parts += [written_later(entry, when), elsewhere(entry, when)]
        if "occurred" in entry:
            parts.append(one_line(doubt(entry)))
        if len(self.authors) > 1 or said_again(entry) or not _RARE.isdisjoint(entry):
            parts += map(one_line, self._rare(entry))
        parts.append(f"id {entry['id']}")
        return " · ".join([part for part in parts if part])

    def _rare(self, entry: Doc) -> Iterator[str]:
        if len(self.authors) > 1 and entry.get("author"):
            yield f"by 记录人 {entry['author']}"
        if sure := entry.get("certainty"):
            yield f"certainty 把握 {CERTAINTY.get(sure, sure)}"
        if entry.get("consent_hold"):
            yield "held until consent 待知情同意"
        if entry.get("starred"):
            yield "★"
        if entry.get("figure"):
            yield f"number 数字 {json.dumps(entry['figure'], ensure_ascii=False, sort_keys=True)}"
        if entry.get("count") is not None:
            yield f"counted 计数 {entry['count']}"
        if during := entry.get("during"):
            yield f"at {during.get('at')} s of the recording 录音中的时刻: {during.get('memo')}"
        if override := entry.get("override"):
            yield f"recorded without consent, because 未经同意而记录，缘由: {override.get('reason')}"
        if said_again(entry) and (open_fields := conflicts(entry)):
            yield f"undecided 未定: {', '.join(sorted(open_fields))}"

    def _links_by_entry(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for link in self.content.links:
            rel = RELS.get(link["rel"], link["rel"])
            found[link["source"]].append(f"→ {rel}: {link['target']}")
            found[link["target"]].append(f"← {rel}: {link['source']}")
        return found
