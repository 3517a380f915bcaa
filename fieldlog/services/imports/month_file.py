"""Reading a month file (`fieldlog-sample/1`): what it says, as records of ours with ids made from theirs.

The same file gives the same ids and the same operations on every device, so importing it twice, or on
two devices that later meet, changes nothing. What it says beyond our fields is kept in `extra`. Real
names are left out: they belong in an encrypted identity key, never in the log.

A file in which anything can't be what it claims to be is refused whole, field and value named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from fieldlog.model.called import CONSENT_SCOPES
from fieldlog.model.entry import Attachment, Entry, Link
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.gate import Impossible
from fieldlog.model.ids import day_id, hash_bits, imported_id
from fieldlog.model.imported import created
from fieldlog.model.moment import parse, unix_ms
from fieldlog.model.op import Op
from fieldlog.model.readable import unread
from fieldlog.model.record import Record
from fieldlog.model.register import Code, ConsentEvent, Person, Place, Scene, Take
from fieldlog.model.sentence import Sentence
from fieldlog.model.session import Session, strictly_allowed
from fieldlog.model.study import ProductionDay, Study
from fieldlog.model.vocabulary import IMPORTED_KINDS
from fieldlog.services.imports.month_gate import check_month, label_of

FORMAT = "fieldlog-sample/1"
Source = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A record the file holds, and what the file says of it (`said`); `ms` is when it was made, Unix ms, 0 where
    no time is told, and `file` what lies beside it."""

    record: Record
    said: Source
    ms: int = 0
    file: str | None = None

    def created(self) -> Op:
        """The operation that makes the record. A file beside it is named by its bytes."""
        beside = getattr(self.record, "sha256", None) if self.file else None
        return created(self.record, self.ms, [self.said, beside])


@dataclass
class Month:
    """A month file opened for reading, all of it checked.

    `here` are ids of studies and records that are there already: what is one of them, but for a time in its id,
    has that id. Raises `Impossible` for a value that can't be, `NotUnderstood` for what is no month file.
    """

    shape: Source
    here: Collection[str] = ()
    study: Study = field(init=False)

    def __post_init__(self) -> None:
        known = isinstance(self.shape, dict) and self.shape.get("format") == FORMAT
        if not known or not isinstance(self.shape.get("study"), dict):
            raise NotUnderstood(
                Sentence("This is not a month file ({format}). Nothing was changed.", format=FORMAT)
            )
        check_month(self.shape)
        said = self.shape["study"]
        self._here = {hash_bits(one): one for one in sorted(self.here, reverse=True)}
        self._days = {day["n"]: day["date"] for day in self.shape.get("days", ())}
        self.study = Study(
            id=self._known("study", str(said["id"]), str(said.get("title"))),
            source_id=str(said["id"]), series_title=said.get("working_title_series"),
            notice=self.shape.get("notice"),
            researchers=tuple(said.get("researchers") or ()), devices=tuple(said.get("devices") or ()),
            **_same(said, "title", "title_zh", "default_tz", "day_boundary_hour", "numbering", "ethics"),
        )  # fmt: skip
        self._all = list(self._read())

    def id_of(self, kind: str, source_id: Any) -> str:
        """The id of a record the file calls `source_id`."""
        return self._known(self.study.id, kind, str(source_id))

    def _known(self, *parts: str) -> str:
        made = imported_id(0, *parts)
        return self._here.get(hash_bits(made), made)

    def records(self) -> Iterator[Found]:
        """Everything the file holds, what is referred to before what refers to it."""
        return iter(self._all)

    def _read(self) -> Iterator[Found]:
        yield _checked(Found(record=self.study, said=self.shape["study"]), "study", self.study.source_id)
        readers: tuple[tuple[str, Callable[[Source], Found]], ...] = (
            ("days", self._day), ("places", self._place), ("people", self._person), ("codes", self._code),
            ("scenes", self._scene), ("takes", self._take), ("sessions", self._session),
            ("attachments", self._attachment), ("entries", self._entry), ("links", self._link),
        )  # fmt: skip
        for name, reader in readers:
            for said in self.shape.get(name, ()):
                yield _checked(reader(said), name, label_of(said))
        for said in self.shape.get("people", ()):
            if (said.get("withdrawal") or {}).get("asked_at") is not None:
                yield _checked(self._withdrawn(said), "people", label_of(said))

    def _ref(self, kind: str, source_id: Any) -> str | None:
        return self.id_of(kind, source_id) if source_id is not None else None

    def _refs(self, kind: str, ids: Any) -> tuple[str, ...]:
        return tuple(self.id_of(kind, source_id) for source_id in ids or ())

    def _day(self, said: Source) -> Found:
        plain = _same(
            said, "date", "n", "code", "type", "title", "starts", "ends", "shoot_day", "weather",
            "scenes_scheduled", "scenes_done", "call", "first_shot", "summary",
        )  # fmt: skip
        place = self._ref("place", said.get("place"))
        day = ProductionDay(id=day_id(self.study.id, said["date"]), place=place, **plain)
        return Found(record=day, said=said)

    def _place(self, said: Source) -> Found:
        plain = _same(said, "name", "name_zh", "kind", "lat", "lon")
        return Found(record=Place(id=self.id_of("place", said["id"]), code=said["id"], **plain), said=said)

    def _person(self, said: Source) -> Found:
        plain = _same(
            said,
            "pseudonym",
            "pseudonym_zh",
            "role",
            "role_zh",
            "dept",
            "consent",
            "withdrawal",
            "minor",
            "guardian",
        )
        return Found(record=Person(id=self.id_of("person", said["id"]), code=said["id"], **plain), said=said)

    def _withdrawn(self, said: Source) -> Found:
        """The step by which somebody took back elsewhere what they had agreed to: until then it had held."""
        told, consent = said["withdrawal"], said.get("consent") or {}
        ended = _ended(consent, told.get("erase") or ())
        step = ConsentEvent(
            id=self.id_of("consent-event", f"{said['id']}/withdrawn"), person=self.id_of("person", said["id"]),
            at=told["asked_at"], action="withdrawn", state=consent.get("state") or "withdrawn",
            scopes=dict.fromkeys(ended, "no"), was=dict.fromkeys(ended, "yes"),
            erase=tuple(told.get("erase") or ()), keep=tuple(told.get("keep") or ()),
            **_same(told, "channel", "words"),
        )  # fmt: skip
        source = {"id": said["id"], "consent": consent, "withdrawal": told}
        return Found(record=step, said=source, ms=unix_ms(parse(told["asked_at"])))

    def _code(self, said: Source) -> Found:
        plain = _same(said, "label", "label_zh", "memo", "colour", "status")
        return Found(record=Code(id=self.id_of("code", said["id"]), code=said["id"], **plain), said=said)

    def _scene(self, said: Source) -> Found:
        plain = _same(said, "episode", "ie", "dn", "synopsis")
        place = self._ref("place", said.get("place"))
        return Found(
            record=Scene(id=self.id_of("scene", said["id"]), code=said["id"], place=place, **plain), said=said
        )

    def _take(self, said: Source) -> Found:
        name = f"{said['day']}/{said['scene']}/{said['take']}"
        take = Take(
            id=self.id_of("take", name), scene=self.id_of("scene", said["scene"]), take=str(said["take"]),
            day=self._days.get(said["day"]), **_same(said, "result", "secs", "note"),
        )  # fmt: skip
        return Found(record=take, said=said)

    def _session(self, said: Source) -> Found:
        words = said.get("may_record")
        session = Session(
            id=self.id_of("session", said["id"]), source_id=said["id"], day=self._days.get(said.get("day")),
            place=self._ref("place", said.get("place")), people=self._refs("person", said.get("people")),
            scenes=self._refs("scene", said.get("scenes")), may_record_words=words,
            may_record=strictly_allowed(words) if words else ("notes",),
            extra=_rest(said, _SESSION), **_same(said, "type", "title", "starts", "ends"),
        )  # fmt: skip
        return Found(record=session, said=said)

    def _attachment(self, said: Source) -> Found:
        file = said.get("file")
        name = said.get("filename") or (PurePosixPath(file).name if file else None)
        attachment = Attachment(
            id=self.id_of("attachment", said["id"]), source_id=said["id"], kind=said["kind"], name=name,
            captured_at=said.get("taken") or said.get("recorded"), duration=said.get("seconds"),
            width=said.get("w"), height=said.get("h"), place=self._ref("place", said.get("place")),
            people=self._refs("person", said.get("people")), extra=_rest(said, _ATTACHMENT),
            **_same(said, "caption", "rate", "channels", "speech", "lang", "sha256", "bytes"),
        )  # fmt: skip
        return Found(record=attachment, said=said, file=file)

    def _entry(self, said: Source) -> Found:
        note_type = said.get("note_type") or "none"
        clock = {"suspect": True, "source": "corrected"} if said.get("clock_suspect") else {}
        if said.get("device_clock"):
            clock["wall"] = said["device_clock"]
        if said.get("tz"):
            clock["zone"] = said["tz"]
        entry = Entry(
            id=self.id_of("entry", said["id"]), source_id=said["id"], note_type=note_type,
            kind=str(IMPORTED_KINDS.get(said["kind"], said["kind"])), occurred=clock,
            session=self._ref("session", said.get("session")), place=self._ref("place", said.get("place")),
            people=self._refs("person", said.get("people")), scene=self._ref("scene", said.get("scene")),
            take=str(said["take"]) if said.get("take") is not None else None,
            codes=self._refs("code", said.get("codes")), lang=tuple(said.get("lang") or ()),
            attachments=self._refs("attachment", said.get("attachments")), extra=_rest(said, _ENTRY),
            **_same(
                said, "occurred_at", "created_at", "precision", "author", "device", "speech", "sensitivity",
                "consent_hold", "text", "starred", "certainty",
            ),
        )  # fmt: skip
        return Found(record=entry, said=said, ms=unix_ms(parse(said["created_at"])))

    def _link(self, said: Source) -> Found:
        name = f"{said['from']}/{said['to']}/{said['rel']}"
        source, target = (self.id_of("entry", said[end]) for end in ("from", "to"))
        return Found(
            record=Link(id=self.id_of("link", name), source=source, target=target, rel=said["rel"]), said=said
        )


_SESSION = {"id", "day", "type", "title", "starts", "ends", "place", "people", "scenes", "may_record"}
_ATTACHMENT = {
    "id", "kind", "file", "filename", "taken", "recorded", "seconds", "w", "h", "place", "people", "caption",
    "rate", "channels", "speech", "lang", "sha256", "bytes",
}  # fmt: skip
_ENTRY = {
    "id", "kind", "note_type", "session", "place", "people", "scene", "take", "codes", "lang", "attachments",
    "occurred_at", "created_at", "precision", "author", "device", "speech", "sensitivity", "consent_hold", "text",
    "starred", "certainty", "device_clock", "clock_suspect", "tz",
}  # fmt: skip


def _ended(consent: Source, erase: Collection[str]) -> list[str]:
    """The scopes that a withdrawal ended: of those refused now the ones that are named by what is to be erased,
    "photos with face"; all of them where something of it names none, or where everything was withdrawn and none is
    named."""
    scopes = consent.get("scopes") or {}
    refused = [scope for scope in CONSENT_SCOPES if scopes.get(scope) == "no"]
    named = [_scopes_in(said) for said in erase]
    ended = [scope for scope in refused if any(scope in some for some in named)] if all(named) else refused
    return ended or (refused if consent.get("state") == "withdrawn" else [])


def _scopes_in(said: str) -> list[str]:
    return [
        scope for scope in CONSENT_SCOPES
        if any(word in said.casefold() for word in (scope, *CONSENT_SCOPES[scope], *_ALSO_SAID.get(scope, ())))
    ]  # fmt: skip


_ALSO_SAID = {"audio": ("record", "memo", "voice")}


def _checked(found: Found, table: str, label: str | None) -> Found:
    """Raises `Impossible` where the record says what can't be."""
    record = found.record
    fault = unread(record.kind_of_record, {**record.fields(), "id": record.id})
    if fault:
        name, value, why = fault
        raise Impossible(f"{table} {label}: {name}", value, why)
    return found


def _same(said: Source, *names: str) -> dict[str, Any]:
    """The fields that are called the same in the file and here, as far as they are said."""
    return {name: said[name] for name in names if said.get(name) is not None}


def _rest(said: Source, read: set[str]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in read}
