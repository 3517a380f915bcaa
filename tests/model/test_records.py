"""Reading stored records: a view of a document, which copies nothing, and what of it a person may see."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from fieldlog.model.errors import NotFound
from fieldlog.model.fold import folded, live
from fieldlog.model.ids import uuid7
from fieldlog.model.op import WHOLE, Op
from fieldlog.model.readable import NOUNS, part
from fieldlog.model.records import (
    StoredCode,
    StoredDay,
    StoredEntry,
    StoredPerson,
    StoredPlace,
    StoredRecord,
    StoredSession,
    known,
)
from fieldlog.model.standing import added, changed_since, ever_said, filled_in, made, names_of, stamp_of, tombstone
from fieldlog.model.state import ENTRIES, TABLES, State

NOTE, OTHER, PERSON, SESSION, UNKNOWN = (uuid7(n, b"0123456789") for n in range(1, 6))
WHEN = "2025-03-16T09:00:00+08:00"


def new(record: str, kind: str, u: str = "n", /, **said: Any) -> Op:
    return Op(u=u, t=f"1{u}", r=kind, e=record, k="new", v=said)


def note(record: str = NOTE, u: str = "n", **said: Any) -> Op:
    return new(record, "entry", u, **{"occurred_at": WHEN, "created_at": WHEN, "kind": "jotting", **said})


def removal(doc: dict[str, Any]) -> Op:
    return Op(u="d", t="5d", r="entry", e=doc["id"], k="del", base={WHOLE: sorted(live(doc))})


def erasing(record: str) -> Op:
    return Op(u="e", t="6e", r="entry", e=record, k="erase", v={"occurred_at": WHEN})


def state_of(*ops: Op) -> State:
    state = State()
    state.apply(ops)
    return state


@pytest.fixture
def state() -> State:
    """One of each that tables hold, and two notes of which one was removed."""
    state = state_of(
        note(text="rain", people=[PERSON]), note(OTHER, "o", text="sleet"),
        new(PERSON, "person", "p", code="P07", pseudonym="Lan"), new(SESSION, "session", "s", starts=WHEN),
    )  # fmt: skip
    state.apply([removal(state.get(OTHER) or {})])
    return state


def test_a_view_reads_the_document_it_was_made_of_and_copies_nothing() -> None:
    doc = {"id": NOTE, "text": "rain", "people": ["lan"], "occurred_at": WHEN}
    view = StoredEntry.of(doc)
    assert view.doc is doc
    assert (view.id, view.text, view.people, view.occurred_at) == (NOTE, "rain", ("lan",), WHEN)
    assert vars(view) == {}


def test_what_a_document_does_not_say_reads_as_in_a_new_noun_and_what_it_must_say_as_nothing() -> None:
    view = StoredEntry.of({"id": NOTE})
    assert (view.kind, view.note_type, view.session, view.people, view.figure) == ("jotting", "none", None, (), {})
    assert (view.occurred_at, StoredDay.of({"date": "2025-03-16"}).id) == ("", "")


def test_a_view_is_read_and_never_set() -> None:
    view = StoredEntry.of({"id": NOTE})
    for name in ("text", "doc", "odd"):
        with pytest.raises(FrozenInstanceError):
            setattr(view, name, "x")


def kinds(kind: type[StoredRecord] = StoredRecord) -> list[type[StoredRecord]]:
    return [one for under in kind.__subclasses__() for one in (under, *kinds(under))]


def test_every_noun_has_a_view_that_reads_each_of_its_fields_from_the_table_where_it_lies() -> None:
    views = {one.kind_of_record: one for one in kinds() if hasattr(one, "kind_of_record")}
    assert views.keys() == NOUNS.keys()
    for kind, view in views.items():
        assert view.table == TABLES.get(kind, ENTRIES)
        for field in fields(NOUNS[kind]):
            assert getattr(view.of({field.name: "said"}), field.name) in ("said", tuple("said"))


def test_a_session_whose_words_allow_nothing_allows_nothing() -> None:
    assert StoredSession.of({"id": SESSION}).may_record == ("notes",)
    assert StoredSession.of({"id": SESSION, "may_record_words": "none"}).may_record == ()
    assert StoredSession.of({"id": SESSION, "may_record": []}).may_record == ()


def test_a_record_is_found_by_its_kind_and_id(state: State) -> None:
    assert state.find(StoredEntry, NOTE).text == "rain"
    assert state.find(StoredPerson, PERSON).code == "P07"
    for kind, record in ((StoredPerson, NOTE), (StoredEntry, PERSON), (StoredPlace, PERSON), (StoredEntry, "x")):
        with pytest.raises(NotFound, match=r"not .* any more"):
            state.find(kind, record)


def test_what_was_removed_is_found_only_by_whoever_asks_for_it_too(state: State) -> None:
    with pytest.raises(NotFound, match=r"This entry is not here any more\."):
        state.find(StoredEntry, OTHER)
    found = state.find(StoredEntry, OTHER, removed=True)
    assert (found.text, found.removed, found.shown) == ("sleet", True, False)


def test_what_was_erased_is_found_by_nobody_and_only_its_tombstone_read(state: State) -> None:
    state.apply([erasing(NOTE)])
    for removed in (False, True):
        with pytest.raises(NotFound):
            state.find(StoredEntry, NOTE, removed=removed)
    view = state.read(StoredEntry, NOTE)
    assert view
    assert (view.erased, view.shown, view.text, tombstone(view.doc)["u"]) == (True, False, "", "e")


def test_what_was_only_changed_so_far_or_cant_be_read_is_not_found() -> None:
    state = state_of(Op(u="x", t="3x", r="entry", e=UNKNOWN, k="set", v={"text": "?"}), note(occurred_at="noon"))
    for record in (UNKNOWN, NOTE):
        with pytest.raises(NotFound):
            state.find(StoredEntry, record, removed=True)
    waiting = state.read(StoredEntry, UNKNOWN)
    assert waiting
    assert not made(waiting.doc)
    assert not waiting.shown
    assert state.read(StoredEntry, None) is None
    assert state.read(StoredEntry, NOTE) is None


def test_of_each_kind_come_those_that_a_person_may_see(state: State) -> None:
    (table,) = state.entry_tables()
    assert [one.id for one in state.each(StoredEntry)] == [NOTE]
    assert [one.id for one in state.each(StoredEntry, table)] == [NOTE]
    assert [one.id for one in state.each(StoredEntry, f"{ENTRIES}2025-03-17")] == []
    assert [one.code for one in state.each(StoredPerson)] == ["P07"]


def test_of_every_record_the_hidden_ones_come_too(state: State) -> None:
    person = state.get(PERSON) or {}
    state.apply([Op(u="g", t="7g", r="person", e=PERSON, k="del", base={WHOLE: sorted(live(person))})])
    assert list(state.each(StoredPerson)) == []
    assert [one.code for one in state.every(StoredPerson)] == ["P07"]


def test_a_study_without_a_record_reads_as_usual() -> None:
    assert (State().about.title, State().about.day_boundary_hour) == ("", 6)
    assert state_of(new(UNKNOWN, "study", title="Night shoot")).about.title == "Night shoot"


def test_one_is_known_by_id_or_by_any_name_in_any_case() -> None:
    code = StoredCode.of({"id": "c", "code": "metrics", "label": "Numbers", "label_zh": "数字"})
    person = StoredPerson.of({"id": "p", "code": "P07", "pseudonym": "Lan"})
    assert [known([code], said) for said in ("c", "Metrics", " numbers ", "数字", "money")] == [*[code] * 4, None]
    assert known([person], "lan") is person
    assert known([StoredDay.of({"id": "d", "date": "2025-03-16"})], "2025-03-16") is None


def test_devices_that_say_a_field_anew_without_each_other_dispute_it() -> None:
    doc = folded(None, note(text="rain"))
    one = Op(u="a", t="2a", r="entry", e=NOTE, k="set", v={"text": "hail"}, base={"text": ["n"]})
    other = Op(u="b", t="2b", r="entry", e=NOTE, k="set", v={"text": "hail"}, base={"text": ["n"]})
    assert not StoredEntry.of(folded(doc, one)).disputed("text")
    both = StoredEntry.of(folded(folded(doc, one), other))
    assert both.disputed("text")
    assert not both.disputed("kind")
    assert ever_said(both.doc, "text") == {"n", "a", "b"}


def test_what_folding_keeps_beside_the_fields_is_told_by_what_it_means() -> None:
    doc = folded(None, note(text="rain"))
    more = folded(doc, Op(u="a", t="2a", r="entry", e=NOTE, k="add", v={"people": ["lan"]}))
    assert (changed_since(doc), changed_since(more)) == (False, True)
    assert (added(doc, "people"), added(more, "people")) == (set(), {"lan"})
    assert names_of(more) == {"occurred_at", "created_at", "kind", "text", "people"}
    assert (stamp_of(more), stamp_of({"id": NOTE}), filled_in(more)) == ("1n", "", False)
    fill = Op(u="f", t="1o", r="entry", e=OTHER, k="fill", v=note(text="lost").v, of="o")
    assert StoredEntry.of(folded(None, fill)).filled_in


def test_what_can_be_read_of_a_record_that_is_set_aside_is_read_by_its_view() -> None:
    view = StoredEntry.of(part("entry", {"id": NOTE, "text": "rain", "occurred_at": "noon"}))
    assert (view.text, view.created_at[:4], view.when.year) == ("rain", "1970", 1970)


def test_of_a_record_whose_time_cannot_be_read_stands_the_time_at_which_it_was_written() -> None:
    written = "2025-03-16T23:41:00+08:00"
    view = StoredEntry.of(part("entry", {"id": NOTE, "occurred_at": "noon", "created_at": written}))
    assert (view.occurred_at, view.created_at) == (written, written)
