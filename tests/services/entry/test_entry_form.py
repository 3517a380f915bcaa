"""What is changed about an entry later: one revision, told in the history, undone as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.register import people
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.undo import take_back


async def someone(work: Workspace, name: str, answer: str = "by-word") -> str:
    return (await people.quick_add(work, pseudonym=name, answer=answer)).made.id


async def test_caption_people_scene_codes_and_time_are_one_revision_and_one_undo(
    work: Workspace, clock: FakeClock
) -> None:
    lei, mei = await someone(work, "Lei"), await someone(work, "Mei")
    entry = await Capture(work).note("", Chips(kind="photo", people=(lei,)))
    before = dict(work.store.state.get(entry.id) or {})
    was = entry_form.form_of(work, entry.id)
    assert (was.people, was.when) == ((lei,), "08:00:00")
    form = replace(
        was, text="the tea urn", people=(mei,), scene="342", codes=("time.waiting", "metrics.roi"), when="07:40",
        kind="quote", speech="recalled", certainty="likely",
    )  # fmt: skip
    done = await entry_form.keep(work, entry.id, was, form)
    kept = entry_form.form_of(work, entry.id)
    assert kept == replace(form, scene="34-2", when="07:40:00", precision="minute")
    doc = work.store.state.get(entry.id)
    assert doc is not None
    assert doc["occurred"] == {"zone": "UTC", "source": "manual"}
    assert (doc["created_at"], doc["created"]) == (before["created_at"], before["created"])
    made, changed = await Editing(work).history(entry.id)
    assert set(changed.after) == {
        "text", "people", "scene", "codes", "occurred_at", "occurred", "precision", "kind", "speech", "certainty",
    }  # fmt: skip
    assert (changed.before["people"], changed.after["people"]) == ([lei], [mei])
    assert (made.kind, changed.kind) == ("new", "set")
    await take_back(done)
    assert entry_form.form_of(work, entry.id) == was


async def test_two_who_each_add_a_person_and_one_who_takes_one_away_all_win(work: Workspace) -> None:
    lei, mei, bo = [await someone(work, name) for name in ("Lei", "Mei", "Bo")]
    entry = await Capture(work).note("in the van", Chips(people=(lei, mei)))
    was = entry_form.form_of(work, entry.id)
    doc = work.store.state.get(entry.id)
    assert doc is not None
    # What another device, which has not heard of our change yet, wrote meanwhile.
    theirs = work.change("add", "entry", entry.id, {"people": [bo]}, base_of(doc, ()))
    await entry_form.keep(work, entry.id, was, replace(was, people=(mei,)))
    await work.save([theirs])
    assert entry_form.form_of(work, entry.id).people == (mei, bo)
    again = entry_form.form_of(work, entry.id)
    await entry_form.keep(work, entry.id, again, replace(again, people=(mei,)))
    assert entry_form.form_of(work, entry.id).people == (mei,)


async def test_what_somebody_else_changed_meanwhile_is_not_put_back(work: Workspace) -> None:
    entry = await Capture(work).note("8 done", Chips(codes=("time",)))
    was = entry_form.form_of(work, entry.id)
    await Editing(work).change(entry.id, {"text": "9 done"})
    await entry_form.keep(work, entry.id, was, replace(was, certainty="sure"))
    now = entry_form.form_of(work, entry.id)
    assert (now.text, now.certainty) == ("9 done", "sure")


async def test_a_form_that_changes_nothing_costs_no_line(work: Workspace) -> None:
    entry = await Capture(work).note("same", Chips(codes=("time",), scene="34-2"))
    was, ends = entry_form.form_of(work, entry.id), dict(work.store.ends)
    same = replace(was, when=f" {was.when} ", scene="34-2 ")
    assert (await entry_form.keep(work, entry.id, was, same)).back is None
    assert work.store.ends == ends


async def test_a_time_outside_its_session_takes_the_entry_to_its_own_day(
    work: Workspace, clock: FakeClock
) -> None:
    capture = Capture(work)
    await Sessions(work, capture).start("Script room")
    clock.advance(hours=20)
    second = (await Sessions(work, capture).start("Night shoot")).made
    clock.advance(minutes=30)
    entry = await capture.note("headnote")
    was = entry_form.form_of(work, entry.id)
    assert entry.session == second.id
    assert was.when.startswith("28:30")
    done = await entry_form.keep(work, entry.id, was, replace(was, when="2025-03-15 23:10", precision="about"))
    doc = work.store.state.get(entry.id) or {}
    assert ("session" in doc, doc["precision"], work.store.state.date(entry.id)) == (False, "about", "2025-03-15")
    await take_back(done)
    assert entry_form.form_of(work, entry.id) == was
    assert work.store.state.date(entry.id) == "2025-03-16"
    await entry_form.keep(work, entry.id, was, replace(was, when="28:10"))
    assert (work.store.state.get(entry.id) or {})["session"] == second.id


async def test_about_is_told_without_another_time(work: Workspace) -> None:
    entry = await Capture(work).note("roughly then")
    was = entry_form.form_of(work, entry.id)
    await entry_form.keep(work, entry.id, was, replace(was, precision="about"))
    doc = work.store.state.get(entry.id) or {}
    assert (doc["precision"], doc["occurred_at"]) == ("about", entry.occurred_at)


async def test_who_declined_can_not_be_named(work: Workspace) -> None:
    lei = await someone(work, "Lei", "declined")
    entry = await Capture(work).note("at the gate")
    was = entry_form.form_of(work, entry.id)
    with pytest.raises(NotUnderstood, match="someone"):
        await entry_form.keep(work, entry.id, was, replace(was, people=(lei,)))
    assert entry_form.form_of(work, entry.id) == was


@pytest.mark.parametrize(
    "wrong", [{"kind": "song"}, {"note_type": "PN"}, {"speech": "sung"}, {"precision": "ish"}, {"when": "late"}]
)
async def test_what_cannot_be_meant_is_refused_with_nothing_changed(
    work: Workspace, wrong: dict[str, str]
) -> None:
    entry = await Capture(work).note("x")
    was, ends = entry_form.form_of(work, entry.id), dict(work.store.ends)
    with pytest.raises(NotUnderstood):
        await entry_form.keep(work, entry.id, was, replace(was, scene="9-9", **wrong))  # type: ignore[arg-type]
    assert work.store.ends == ends


async def test_an_earlier_revision_brings_everything_back_that_it_said(work: Workspace) -> None:
    lei = await someone(work, "Lei")
    entry = await Capture(work).note("first", Chips(people=(lei,)))
    was = entry_form.form_of(work, entry.id)
    await entry_form.keep(work, entry.id, was, replace(was, text="second", people=(), certainty="unsure"))
    await Editing(work).bring_back(entry.id, (await Editing(work).history(entry.id))[0].u)
    assert entry_form.form_of(work, entry.id) == was
    assert datetime.fromisoformat((work.store.state.get(entry.id) or {})["created_at"]) == entry.when


async def test_a_date_alone_moves_a_note_to_that_day_and_a_time_lets_it_go_again(work: Workspace) -> None:
    entry = await Capture(work).note("the tea urn")
    was = entry_form.form_of(work, entry.id)
    await entry_form.keep(work, entry.id, was, replace(was, when="2025年3月14日"))
    kept, doc = entry_form.form_of(work, entry.id), work.store.state.get(entry.id) or {}
    assert (kept.when, kept.precision, doc["day_choice"]) == ("2025-03-14", "day", "2025-03-14")
    assert (doc["occurred_at"], work.store.state.date(entry.id)) == ("2025-03-14T06:00:00+00:00", "2025-03-14")
    await entry_form.keep(work, entry.id, kept, replace(kept, when="2025-03-15 9:05"))
    doc = work.store.state.get(entry.id) or {}
    assert (doc["occurred_at"], work.store.state.date(entry.id)) == ("2025-03-15T09:05:00+00:00", "2025-03-15")
    assert "day_choice" not in doc


async def test_what_was_typed_is_named_where_it_is_no_time(work: Workspace) -> None:
    entry = await Capture(work).note("the tea urn")
    was = entry_form.form_of(work, entry.id)
    with pytest.raises(NotUnderstood, match="“03/04/2025 10:00”"):
        await entry_form.keep(work, entry.id, was, replace(was, when="03/04/2025 10:00"))
    assert entry_form.form_of(work, entry.id) == was
