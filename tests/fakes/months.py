"""A month.json as folded state, the way an import would make it, and media that give its bytes."""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from fieldlog.model.entry import Attachment
from fieldlog.model.errors import MissingFile
from fieldlog.model.ids import day_id, imported_id
from fieldlog.model.line import encode, first_prev
from fieldlog.model.moment import parse, unix_ms
from fieldlog.model.op import Op, content_digest, stamp
from fieldlog.model.state import State
from fieldlog.model.vocabulary import IMPORTED_KINDS

T = TypeVar("T")
Fields = dict[str, Any]
CHUNK = 1 << 20


class Converter:
    """Makes operations of a month.json. Ids of its own become UUIDs, made from what they name."""

    def __init__(self, month: Mapping[str, Any]) -> None:
        self.month = month
        self.study = imported_id(0, "study", month["study"]["id"])
        self.dates = {day["n"]: day["date"] for day in month["days"]}
        self.ops: list[Op] = []

    def id(self, kind: str, source: str | None, ms: int = 0) -> str | None:
        return imported_id(ms, self.study, kind, source) if source else None

    def add(self, kind: str, record: str | None, fields: Fields) -> None:
        assert record
        known = {name: value for name, value in fields.items() if value not in (None, [], {}, "")}
        u = imported_id(0, self.study, kind, record, content_digest(known))
        self.ops.append(Op(u=u, t=stamp(len(self.ops), 0, "import"), r=kind, e=record, k="new", v=known))

    def run(self) -> list[Op]:
        month = self.month
        study = {**month["study"], "source_id": month["study"].pop("id", None)}
        study.pop("id", None)
        self.add("study", self.study, study)
        for day in month["days"]:
            place = self.id("place", day.get("place"))
            self.add("day", day_id(self.study, day["date"]), {**day, "place": place})
        for name, kind in (("people", "person"), ("places", "place"), ("codes", "code")):
            for noun in month[name]:
                fields = {field: value for field, value in noun.items() if field != "id"}
                self.add(kind, self.id(kind, noun["id"]), {**fields, "code": noun["id"]})
        for scene in month["scenes"]:
            fields = {field: value for field, value in scene.items() if field != "id"}
            place = self.id("place", scene["place"])
            self.add("scene", self.id("scene", scene["id"]), {**fields, "code": scene["id"], "place": place})
        for take in month["takes"]:
            name = f"{take['scene']}/{take['take']}"
            scene, date = self.id("scene", take["scene"]), self.dates[take["day"]]
            fields = {**take, "scene": scene, "take": str(take["take"]), "day": date}
            self.add("take", self.id("take", name), fields)
        for session in month["sessions"]:
            self._session(session)
        for attachment in month["attachments"]:
            self._attachment(attachment)
        self._entries()
        return self.ops

    def _session(self, session: Fields) -> None:
        fields = {name: value for name, value in session.items() if name != "id"}
        fields["day"] = self.dates[session["day"]]
        fields["place"] = self.id("place", session["place"])
        fields["people"] = [self.id("person", name) for name in session["people"]]
        fields["scenes"] = [self.id("scene", name) for name in session["scenes"]]
        fields["may_record_words"], fields["may_record"] = session["may_record"], ["notes"]
        self.add("session", self.id("session", session["id"]), fields)

    def _attachment(self, found: Fields) -> None:
        audio = found["kind"] == "audio"
        fields = {
            "kind": found["kind"], "sha256": found.get("sha256"), "bytes": found.get("bytes"),
            "extension": {"photo": "jpg", "audio": "wav"}.get(found["kind"], "csv"), "name": found.get("filename"),
            "caption": found.get("caption"), "captured_at": found.get("taken") or found.get("recorded"),
            "rate": found.get("rate") if audio else None, "duration": found.get("seconds") if audio else None,
            "place": self.id("place", found.get("place")), "source_id": found["id"],
        }  # fmt: skip
        self.add("attachment", self.id("attachment", found["id"]), fields)

    def _entries(self) -> None:
        ids = {
            entry["id"]: self.id("entry", entry["id"], unix_ms(parse(entry["created_at"])))
            for entry in self.month["entries"]
        }
        for entry in self.month["entries"]:
            fields = {name: value for name, value in entry.items() if name not in ("id", "day")}
            fields["source_id"] = entry["id"]
            fields["kind"] = IMPORTED_KINDS.get(entry["kind"], entry["kind"])
            for name, kind in (("session", "session"), ("place", "place"), ("scene", "scene")):
                fields[name] = self.id(kind, entry.get(name))
            for name, kind in (("people", "person"), ("codes", "code"), ("attachments", "attachment")):
                fields[name] = [self.id(kind, one) for one in entry[name]]
            fields["take"] = str(entry["take"]) if entry.get("take") else None
            if entry.get("clock_suspect"):
                fields["occurred"] = {"suspect": True, "wall": entry["device_clock"]}
            self.add("entry", ids[entry["id"]], fields)
        for link in self.month["links"]:
            fields = {"source": ids[link["from"]], "target": ids[link["to"]], "rel": link["rel"]}
            self.add("link", self.id("link", "/".join(link.values())), fields)


def state_of(ops: Iterable[Op]) -> State:
    state = State()
    state.apply(ops)
    return state


def wav(pcm: bytes, rate: int = 16000) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(pcm)
    return made.getvalue()


class HeldMedia:
    """A vault in a dict, sha256 to bytes; joins segments with the standard library's `wave`."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.asked: list[str] = []

    async def chunks(self, pieces: tuple[Attachment, ...]) -> AsyncIterator[bytes]:
        found = []
        for piece in pieces:
            self.asked.append(piece.id)
            if piece.sha256 not in self.files:
                raise MissingFile(str(piece.sha256))
            found.append(self.files[str(piece.sha256)])
        data = found[0] if len(found) == 1 else wav(b"".join(one[44:] for one in found))
        for at in range(0, len(data), CHUNK):
            yield data[at : at + CHUNK]


class HeldJournals:
    """Journal lines by writer, one a record, as an import writes them."""

    def __init__(self, lines: Mapping[str, bytes]) -> None:
        self.lines = dict(lines)

    def writers(self) -> list[str]:
        return sorted(self.lines)

    async def size(self, writer: str) -> int:
        return len(self.lines[writer])

    async def chunks(self, writer: str) -> AsyncIterator[bytes]:
        data = self.lines[writer]
        for at in range(0, len(data), CHUNK):
            yield data[at : at + CHUNK]

    async def digest(self, writer: str) -> tuple[str, int]:
        return hashlib.sha256(self.lines[writer]).hexdigest(), len(self.lines[writer])


def journal(project: str, writer: str, ops: Sequence[Op]) -> bytes:
    lines, prev = [], first_prev(project, writer)
    for n, op in enumerate(ops, 1):
        line, prev = encode(writer=writer, lane="team", n=n, prev=prev, salt="00" * 8, ops=[op])
        lines.append(line)
    return b"".join(lines)


async def here(work: Callable[..., T], /, *frozen: object) -> T:
    """The browser's `Offload`: in place."""
    return work(*frozen)
