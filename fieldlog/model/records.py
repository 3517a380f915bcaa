"""What is read of stored records: for each noun a view of its folded document, which reads a field when asked.

A view copies nothing and never changes: folding makes a new document. It has the fields of its noun and their
types, so that a name that no noun has is an error of types. What was not said reads as in a new noun; what a noun
must say and the document does not is "".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, fields, is_dataclass
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from fieldlog.model.entry import Attachment, Entry, Link
from fieldlog.model.fold import ALIAS, heads
from fieldlog.model.register import Code, ConsentEvent, Person, Place, Scene, Take
from fieldlog.model.sentence import sentence
from fieldlog.model.session import PlannedSession, Session
from fieldlog.model.standing import erased, filled_in, removed, shown, stamp_of
from fieldlog.model.study import ProductionDay, Study

Doc = Mapping[str, Any]


class StoredRecord:
    """A view of `doc`, the folded document of a record, mixed into its noun.

    `table` is where such records lie; `gone` what is said where one is not there. `called` are the names, beside
    its id, by which one is asked for.
    """

    __slots__ = ("doc",)

    table: ClassVar[str]
    gone: ClassVar[str]
    kind_of_record: ClassVar[str]
    id: str
    doc: Doc

    def __init_subclass__(cls) -> None:
        noun: Any = cls
        for field in fields(noun) if is_dataclass(noun) else ():
            if field.name not in cls.__dict__:
                setattr(cls, field.name, property(_reading(field)))

    @classmethod
    def of(cls, doc: Doc) -> Self:
        """The view of a folded document, or of what can be read of one; it is not copied."""
        view = cls.__new__(cls)
        _look_at(view, doc)
        return view

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise FrozenInstanceError(f"{name} is read, never set")

    @property
    def called(self) -> tuple[str | None, ...]:
        return ()

    @property
    def shown(self) -> bool:
        """Whether a person may see the record."""
        return shown(self.doc)

    @property
    def removed(self) -> bool:
        """Whether it was taken out of sight; it can be brought back."""
        return removed(self.doc)

    @property
    def erased(self) -> bool:
        """Whether it was erased for good."""
        return erased(self.doc)

    @property
    def filled_in(self) -> bool:
        """Whether something of it was lost, and an archive's day stands in for it."""
        return filled_in(self.doc)

    @property
    def stamp(self) -> str:
        """The stamp of the operation that made it; "" where that is not here."""
        return stamp_of(self.doc)

    @property
    def joined_to(self) -> str | None:
        """The id of the record that this one was said to be; `State.real` follows it to the end."""
        found: str | None = self.doc.get(ALIAS)
        return found

    def disputed(self, name: str) -> bool:
        """Whether devices said a field anew without knowing of each other, be it to the same effect."""
        return len(heads(self.doc, name)) > 1


V = TypeVar("V", bound=StoredRecord)
_look_at: Callable[[StoredRecord, Doc], None] = StoredRecord.__dict__["doc"].__set__


def _reading(field: Field[Any]) -> Callable[[StoredRecord], Any]:
    """What reads a field of a noun from the document of a view."""
    name, usual = field.name, field.default
    if isinstance(usual, tuple):
        return lambda view: tuple(view.doc.get(name, usual))
    if field.default_factory is not MISSING:
        return lambda view: view.doc.get(name) or {}
    if usual is MISSING:
        usual = ""
    return lambda view: view.doc.get(name, usual)


# -- single fields, for loops over a whole study: there a view would only cost time


def id_of(doc: Doc) -> str:
    found: str = doc["id"]
    return found


def kind_of(doc: Doc) -> str | None:
    found: str | None = doc.get("kind")
    return found


def device_of(doc: Doc) -> str | None:
    """The id of the device that made a record."""
    found: str | None = doc.get("device")
    return found


def files_of(entry: Doc) -> Sequence[str]:
    """The ids of an entry's attachments, in their order."""
    found: Sequence[str] = entry.get("attachments", ())
    return found


def people_of(entry: Doc) -> Sequence[str]:
    found: Sequence[str] = entry.get("people", ())
    return found


def codes_of(entry: Doc) -> Sequence[str]:
    found: Sequence[str] = entry.get("codes", ())
    return found


def place_of(entry: Doc) -> str | None:
    found: str | None = entry.get("place")
    return found


def scene_of(entry: Doc) -> str | None:
    found: str | None = entry.get("scene")
    return found


def session_of(entry: Doc) -> str | None:
    found: str | None = entry.get("session")
    return found


def original_of(file: Doc) -> str | None:
    """The sha256 of the bytes that an attachment names; None where they are not known."""
    found: str | None = file.get("sha256")
    return found


def ends_of(session: Doc) -> str | None:
    found: str | None = session.get("ends")
    return found


def title_of(session: Doc) -> str:
    found: str = session.get("title", "")
    return found


def name_of(place: Doc) -> str:
    found: str = place.get("name", "")
    return found


def code_of(doc: Doc) -> str:
    """The code of a record of the register, or of a day."""
    found: str = doc.get("code", "")
    return found


def date_of(day: Doc) -> str:
    found: str = day["date"]
    return found


# -- the views


class Registered(StoredRecord):
    """A record of the register: it has a code."""

    __slots__ = ()

    code: str


class StoredStudy(StoredRecord, Study):
    table, gone = "study", sentence("This store has no study yet.")


class StoredDay(StoredRecord, ProductionDay):
    table, gone = "days", sentence("This is not in the plan any more.")


class StoredSession(StoredRecord, Session):
    table, gone = "sessions", sentence("This session is not here any more.")

    @property
    def may_record(self) -> tuple[str, ...]:
        """Where nothing was ever said, notes; of words that allow nothing, nothing is kept beside them."""
        usual = () if self.may_record_words else ("notes",)
        return tuple(self.doc.get("may_record", usual))

    @property
    def called(self) -> tuple[str | None, ...]:
        return self.source_id, self.title


class StoredPlan(StoredRecord, PlannedSession):
    table, gone = "planned", sentence("This is not in the plan any more.")


class StoredEntry(StoredRecord, Entry):
    table, gone = "entries-", sentence("This entry is not here any more.")


class StoredFile(StoredRecord, Attachment):
    table, gone = "attachments", sentence("This file is not here any more.")


class StoredLink(StoredRecord, Link):
    table, gone = "links", sentence("This entry is not here any more.")


class StoredPerson(Registered, Person):
    table, gone = "people", sentence("This person is not in the register any more.")

    @property
    def called(self) -> tuple[str | None, ...]:
        return self.code, self.pseudonym, self.pseudonym_zh


class StoredStep(StoredRecord, ConsentEvent):
    table, gone = "consents", sentence("This person is not in the register any more.")


class StoredPlace(Registered, Place):
    table, gone = "places", sentence("This place is not in the register any more.")

    @property
    def called(self) -> tuple[str | None, ...]:
        return self.code, self.name, self.name_zh


class StoredScene(Registered, Scene):
    table, gone = "scenes", sentence("This is not in the register any more.")

    @property
    def called(self) -> tuple[str | None, ...]:
        return (self.code,)


class StoredTake(StoredRecord, Take):
    table, gone = "takes", sentence("This take is not here any more.")


class StoredCode(Registered, Code):
    table, gone = "codes", sentence("This is not in the register any more.")

    @property
    def called(self) -> tuple[str | None, ...]:
        return self.code, self.label, self.label_zh


REGISTER: Mapping[str, type[Registered]] = {
    kind.table: kind for kind in (StoredPerson, StoredPlace, StoredScene, StoredCode)
}  # fmt: skip
"""The kinds of the register, by their tables."""


def known(records: Iterable[V], wanted: str) -> V | None:
    """The record that `wanted` names by id or by what it is called; None where none does."""
    plain = wanted.strip().casefold()
    for one in records:
        if one.id == wanted or any((name or "").casefold() == plain for name in one.called):
            return one
    return None
