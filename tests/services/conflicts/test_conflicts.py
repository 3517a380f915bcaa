"""Two devices change one field: both stay until a person settles it, and that is taken back like any change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from fieldlog.model.entry import Attachment
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import conflicts
from fieldlog.model.records import StoredEntry, StoredFile, StoredPerson, StoredSession
from fieldlog.services.capture.capture import Capture
from fieldlog.services.conflicts.open_fields import Conflict, count, fields_of, read
from fieldlog.services.conflicts.settle import keep_one, keep_text
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.entry_form import Form
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.register import people
from tests.fakes.erased import everything
from tests.fakes.exchange import Device, Stick, are_equal
from tests.fakes.undo import take_back

WAS, OURS, THEIRS = "Wen waits in the van.", "Wen waits in the fog.", "Wen waits in the rain, alone."


@pytest.fixture
async def phone() -> AsyncIterator[Device]:
    device = await Device.new(1)
    yield device
    await device.work.close()


@pytest.fixture
async def laptop() -> AsyncIterator[Device]:
    device = await Device.new(2)
    yield device
    await device.work.close()


@pytest.fixture
async def tablet() -> AsyncIterator[Device]:
    device = await Device.new(3)
    yield device
    await device.work.close()


@pytest.fixture
def stick() -> Stick:
    return Stick()


async def meet(stick: Stick, *devices: Device) -> None:
    for device in (*devices, *devices):
        await device.sync(stick.target)


async def reword(device: Device, entry: str, text: str) -> None:
    """The later the higher the device's number is."""
    device.clock.advance(hours=device.n)
    await Editing(device.work).reword(entry, text)


async def edited_apart(stick: Stick, one: Device, other: Device, was: str = WAS) -> str:
    """A note that both have and both changed; they have met since."""
    note = await one.note(was)
    await meet(stick, one, other)
    await reword(one, note, OURS)
    await reword(other, note, THEIRS)
    await meet(stick, one, other)
    return note


async def the_only(device: Device) -> Conflict:
    (found,) = await read(device.work)
    return found


def text_of(device: Device, record: str) -> Any:
    return (device.work.store.state.get(record) or {}).get("text")


async def test_both_wordings_are_there_with_who_said_them_and_what_they_came_from(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await edited_apart(stick, phone, laptop)
    for device, here in ((phone, [False, True]), (laptop, [True, False])):
        found = await the_only(device)
        assert (found.record, found.kind, found.field, found.lane) == (note, "entry", "text", "team")
        assert [one.value for one in found.versions] == [THEIRS, OURS]
        assert [one.here for one in found.versions] == here
        assert found.base is not None
        assert found.base.value == WAS
        assert (count(device.work), fields_of(device.work, note)) == (1, ["text"])
    at = [one.at for one in (await the_only(phone)).versions]
    assert at == [one.at for one in (await the_only(laptop)).versions]
    assert at == ["2025-03-16T10:02:00+00:00", "2025-03-16T09:03:00+00:00"]


async def test_both_together_have_what_each_changed(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await phone.note(WAS)
    await meet(stick, phone, laptop)
    await reword(phone, note, "Old Wen waits in the van.")
    await reword(laptop, note, "Wen waits in the van, alone.")
    await meet(stick, phone, laptop)
    found = (await the_only(phone)).together()
    assert (found.text, found.clashes) == ("Old Wen waits in the van, alone.", 0)


@pytest.mark.parametrize(("n", "text"), [(0, THEIRS), (1, OURS)])
async def test_one_is_kept_and_after_the_next_meeting_everybody_has_it(
    phone: Device, laptop: Device, stick: Stick, n: int, text: str
) -> None:
    note = await edited_apart(stick, phone, laptop)
    done = await keep_one(phone.work, await the_only(phone), n)
    assert done.said == "Settled: one version."
    await meet(stick, phone, laptop)
    for device in (phone, laptop):
        assert (text_of(device, note), await read(device.work)) == (text, [])
        assert await device.work.store.verify() == []
    assert await are_equal(phone, laptop)
    past = await Editing(laptop.work).history(note)
    assert {one.after["text"] for one in past if "text" in one.after} == {WAS, OURS, THEIRS}


async def test_what_was_typed_over_both_is_kept(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await edited_apart(stick, phone, laptop)
    await keep_text(laptop.work, await the_only(laptop), "Wen waits in fog and rain, alone.")
    await meet(stick, phone, laptop)
    assert text_of(phone, note) == "Wen waits in fog and rain, alone."
    assert await are_equal(phone, laptop)


async def test_taken_back_both_are_there_again_as_they_were(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await edited_apart(stick, phone, laptop)
    before = await the_only(phone)
    await take_back(await keep_one(phone.work, before, 1))
    for _ in range(2):
        after = await the_only(phone)
        assert text_of(phone, note) == THEIRS
        assert [(one.value, one.at, one.writer, one.here) for one in after.versions] == [
            (one.value, one.at, one.writer, one.here) for one in before.versions
        ]
        assert (after.base, after.together()) == (before.base, before.together())
        await take_back(await keep_text(phone.work, after, "neither"))
    await meet(stick, phone, laptop)
    assert await are_equal(phone, laptop)
    assert len((await the_only(laptop)).versions) == 2


async def test_settled_twice_at_once_the_second_does_nothing(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await edited_apart(stick, phone, laptop)
    found = await the_only(phone)
    await keep_one(phone.work, found, 1)
    again = await keep_one(phone.work, found, 0)
    assert (again.said, again.back, text_of(phone, note)) == ("", None, OURS)


async def test_what_came_while_one_looked_stays_beside_what_was_chosen(
    phone: Device, laptop: Device, tablet: Device, stick: Stick
) -> None:
    note = await phone.note(WAS)
    await meet(stick, phone, laptop, tablet)
    for device, text in ((phone, OURS), (laptop, THEIRS), (tablet, "nobody waits")):
        await reword(device, note, text)
    await meet(stick, phone, laptop)
    looked_at = await the_only(phone)
    await meet(stick, tablet, phone)
    await keep_one(phone.work, looked_at, 1)
    found = await the_only(phone)
    assert {one.value for one in found.versions} == {OURS, "nobody waits"}


async def test_of_three_versions_one_is_kept_and_all_three_are_in_what_they_say_together(
    phone: Device, laptop: Device, tablet: Device, stick: Stick
) -> None:
    note = await phone.note(WAS)
    await meet(stick, phone, laptop, tablet)
    for device, text in ((phone, OURS), (laptop, THEIRS), (tablet, "Old Wen waits in the van.")):
        await reword(device, note, text)
    await meet(stick, phone, laptop, tablet)
    found = await the_only(tablet)
    assert len(found.versions) == 3
    together = found.together()
    assert all(word in together.text for word in ("fog", "rain, alone", "Old Wen"))
    await keep_one(tablet.work, found, 2)
    await meet(stick, phone, laptop, tablet)
    assert [len(await read(device.work)) for device in (phone, laptop, tablet)] == [0, 0, 0]
    assert await are_equal(phone, laptop, tablet)
    assert text_of(phone, note) == found.versions[2].value


async def test_both_settle_it_apart_and_what_they_chose_is_to_be_settled_again(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await edited_apart(stick, phone, laptop)
    await keep_one(phone.work, await the_only(phone), 0)
    await keep_one(laptop.work, await the_only(laptop), 1)
    await meet(stick, phone, laptop)
    assert {one.value for one in (await the_only(phone)).versions} == {OURS, THEIRS}
    await keep_one(phone.work, await the_only(phone), 0)
    await meet(stick, phone, laptop)
    assert await read(laptop.work) == []


async def test_people_tags_and_codes_added_on_two_devices_both_stay_and_are_nothing_to_settle(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await phone.note(WAS)
    lei, wen = [(await people.quick_add(phone.work, pseudonym=name)).made.id for name in ("Lei", "Wen")]
    begun = (await Sessions(phone.work, Capture(phone.work)).start("Roof")).made
    await meet(stick, phone, laptop)
    for device, who, code in ((phone, lei, "light"), (laptop, wen, "waiting")):
        device.clock.advance(minutes=1)
        was = entry_form.form_of(device.work, note)
        await entry_form.keep(device.work, note, was, Form(**{**vars(was), "people": (who,), "codes": (code,)}))
        session = device.work.store.state.find(StoredSession, begun.id)
        await device.work.set(session, {"people": [who], "scenes": [code]}, "said")
    await meet(stick, phone, laptop)
    for device in (phone, laptop):
        state = device.work.store.state
        stored, session = state.find(StoredEntry, note), state.find(StoredSession, begun.id)
        assert set(stored.people) == set(session.people) == {lei, wen}
        assert {entry_form.code_of(device.work, one) for one in stored.codes} == {"light", "waiting"}
        assert set(session.scenes) == {"light", "waiting"}
        assert (await read(device.work), count(device.work)) == ([], 0)
    assert await are_equal(phone, laptop)


async def test_a_time_is_settled_with_what_was_said_of_it(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await phone.note(WAS)
    await meet(stick, phone, laptop)
    for device, when in ((phone, "15:30"), (laptop, "15:45")):
        device.clock.advance(minutes=1)
        was = entry_form.form_of(device.work, note)
        precision = "about" if device is laptop else "minute"
        await entry_form.keep(device.work, note, was, Form(**{**vars(was), "when": when, "precision": precision}))
    await meet(stick, phone, laptop)
    found = await the_only(phone)
    assert found.field == "occurred_at"
    assert not found.is_text
    n = next(n for n, one in enumerate(found.versions) if "15:30" in one.value)
    done = await keep_one(phone.work, found, n)
    doc = phone.work.store.state.get(note) or {}
    assert (doc["occurred_at"][11:16], doc["precision"], conflicts(doc)) == ("15:30", "minute", {})
    await take_back(done)
    assert sorted(conflicts(phone.work.store.state.get(note) or {})) == ["occurred_at", "precision"]


async def test_a_private_note_is_settled_in_its_own_lane(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await phone.note(WAS, private=True)
    await meet(stick, phone, laptop)
    await reword(phone, note, OURS)
    await reword(laptop, note, THEIRS)
    await meet(stick, phone, laptop)
    found = await the_only(phone)
    assert found.lane == "mine"
    team = phone.work.store.ends[phone.work.store.own_writers["team"]]
    await take_back(await keep_one(phone.work, found, 1))
    assert phone.work.store.ends[phone.work.store.own_writers["team"]] == team


async def test_what_belongs_to_a_private_note_stays_as_private(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    name = phone.work.machine.new_id()
    made = phone.work.op(Attachment(id=name, kind="photo", caption="Wen"), lane="mine")
    await phone.work.save([made], lane="mine")
    await meet(stick, phone, laptop)
    for device, caption in ((phone, "Wen in the fog"), (laptop, "Wen in the rain")):
        await device.work.set(
            device.work.store.state.find(StoredFile, name), {"caption": caption}, "", lane="mine"
        )
    await meet(stick, phone, laptop)
    assert (await the_only(phone)).lane == "mine"


async def test_names_in_the_register_are_settled_and_must_say_something(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await meet(stick, phone, laptop)
    study = next(iter(phone.work.store.state.docs("study")))["id"]
    for device, title in ((phone, "The Long Take"), (laptop, "A Long Take")):
        device.clock.advance(minutes=1)
        await device.work.set(device.work.store.state.about, {"title": title + " 2"}, "said")
    await meet(stick, phone, laptop)
    found = await the_only(phone)
    assert (found.record, found.kind, found.field) == (study, "study", "title")
    with pytest.raises(NotUnderstood):
        await keep_text(phone.work, found, "  ")
    await keep_text(phone.work, found, " One Long Take ")
    await meet(stick, phone, laptop)
    assert laptop.work.store.state.about.title == "One Long Take"


async def test_what_a_person_agreed_to_is_not_settled_here(phone: Device, laptop: Device, stick: Stick) -> None:
    lei = (await people.quick_add(phone.work, pseudonym="Lei")).made.id
    await meet(stick, phone, laptop)
    for device, answer in ((phone, "yes"), (laptop, "no")):
        device.clock.advance(minutes=1)
        person = device.work.store.state.find(StoredPerson, lei)
        scopes = {"state": "granted", "scopes": {"audio": answer}}
        await device.work.set(person, {"consent": scopes}, "said")
    await meet(stick, phone, laptop)
    found = await the_only(phone)
    assert (found.field, found.settles) == ("consent", False)
    with pytest.raises(NotUnderstood):
        await keep_one(phone.work, found, 0)


async def test_a_closed_word_is_chosen_and_never_typed(phone: Device, laptop: Device, stick: Stick) -> None:
    note = await phone.note(WAS)
    await meet(stick, phone, laptop)
    for device, kind in ((phone, "quote"), (laptop, "memo")):
        await Editing(device.work).change(note, {"kind": kind})
    await meet(stick, phone, laptop)
    found = await the_only(phone)
    with pytest.raises(NotUnderstood):
        await keep_text(phone.work, found, "poem")
    await keep_one(phone.work, found, 0)
    assert (phone.work.store.state.get(note) or {})["kind"] == found.versions[0].value


async def test_what_was_erased_meanwhile_is_not_settled_and_does_not_come_back(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await edited_apart(stick, phone, laptop)
    found = await the_only(phone)
    done = await keep_one(phone.work, found, 0)
    await phone.erase(note)
    with pytest.raises(NotFound):
        await keep_one(phone.work, found, 0)
    await take_back(done)
    assert phone.texts == []
    assert not [name for name, data in (await everything(phone.disk)).items() if b"rain, alone" in data]
    assert await read(phone.work) == []


async def test_where_the_journals_lost_it_both_are_compared_all_the_same_and_private_stays_private(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    note = await phone.note(WAS, private=True)
    await meet(stick, phone, laptop)
    await reword(phone, note, OURS)
    await reword(laptop, note, THEIRS)
    await meet(stick, phone, laptop)
    for name, file in phone.disk._medium.files.items():
        if name.startswith("journals/"):
            file.present[:] = b"\n"
    found = await the_only(phone)
    assert (found.base, found.lane, [one.here for one in found.versions]) == (None, "mine", [False, True])
    assert found.together().text == "Wen waits in the [rain, alone / fog]."
