"""What is only on this device: told from the journals at the start, kept up with every save."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fieldlog.model.errors import Cancelled
from fieldlog.services.bundle import import_bundle, make_bundle
from fieldlog.services.capture import Capture, Chips
from fieldlog.services.copies import (
    KEPT_COPIES,
    Copies,
    proposed_archive,
    proposed_path,
    remember_archive,
)
from fieldlog.services.editing import Editing
from fieldlog.services.importing import import_month
from fieldlog.services.machine import laptop
from fieldlog.services.open import Workspace, open_study
from tests.month.scaled import BASE
from tests.services.test_capture import FakeClock


async def again(work: Workspace) -> tuple[int, object]:
    """What somebody who opens the study now would be told."""
    fresh = await Copies.open(work)
    return fresh.count, fresh.oldest


async def test_a_note_is_only_here_until_a_copy_was_read_back(work: Workspace, tmp_path: Path) -> None:
    copies = await Copies.open(work)
    assert (copies.count, copies.oldest) == (0, None)
    first = await Capture(work).note("one")
    await Capture(work).note("two")
    assert copies.count == 2
    assert copies.oldest is not None
    assert await again(work) == (2, copies.oldest)
    made = await make_bundle(work, tmp_path / "copy.zip")
    await copies.reload()
    assert (await again(work))[0] == copies.count == 0
    (copy,) = copies.copies
    assert (copy.path, copy.lines, copy.bytes) == (str(tmp_path / "copy.zip"), made.lines, made.bytes)
    assert copy.at == work.machine.clock().at
    await Editing(work).reword(first.id, "one, put better")
    assert copies.count == 1
    assert await again(work) == (1, copies.oldest)


async def test_the_oldest_is_the_first_made_here_that_is_in_no_copy(
    work: Workspace, clock: FakeClock, tmp_path: Path
) -> None:
    copies = await Copies.open(work)
    await Capture(work).note("in the copy")
    await make_bundle(work, tmp_path / "copy.zip")
    await copies.reload()
    entries = [await Capture(work).note(f"note {n}") for n in range(3)]
    oldest = copies.oldest
    assert oldest is not None
    assert await again(work) == (3, oldest)
    await work.save([work.change("erase", "entry", entries[0].id, {"occurred_at": entries[0].occurred_at})])
    assert copies.count == 2
    assert await again(work) == (2, copies.oldest)


async def test_a_removed_note_is_only_here_until_its_removal_is_copied(work: Workspace, tmp_path: Path) -> None:
    copies = await Copies.open(work)
    entry = await Capture(work).note("never mind")
    await make_bundle(work, tmp_path / "copy.zip")
    await copies.reload()
    await Editing(work).remove(entry.id)
    assert copies.count == 1


async def test_a_copy_for_the_team_leaves_the_personal_notes_only_here(work: Workspace, tmp_path: Path) -> None:
    copies = await Copies.open(work)
    await Capture(work).note("for all")
    await Capture(work).note("I was afraid", Chips(note_type="PN"))
    await make_bundle(work, tmp_path / "team.zip", team_only=True)
    await copies.reload()
    assert copies.count == 1
    assert copies.copies[0].team_only
    made = await make_bundle(work, tmp_path / "rest.zip", since_last=True)
    await copies.reload()
    assert (copies.count, made.lines) == (0, 1)


async def test_copies_since_the_last_cover_all_of_them_together(work: Workspace, tmp_path: Path) -> None:
    copies = await Copies.open(work)
    for n in range(3):
        await Capture(work).note(f"note {n}")
        await make_bundle(work, tmp_path / f"{n}.zip", since_last=True)
        await copies.reload()
        assert copies.count == 0
    assert [copy.path for copy in copies.copies] == [str(tmp_path / f"{n}.zip") for n in (2, 1, 0)]


async def test_what_others_wrote_is_not_only_here(work: Workspace, tmp_path: Path) -> None:
    phone = laptop(tmp_path / "phone")
    theirs = await open_study(phone, work.store.project, write=True)
    await Capture(theirs).begin()
    entry = await Capture(theirs).note("from the phone")
    await make_bundle(theirs, tmp_path / "phone.zip")
    await theirs.close()
    desk = laptop(tmp_path / "desk")
    ours = await open_study(desk, work.store.project, write=True)
    await Capture(ours).begin()
    await Capture(ours).note("from the desk")
    await ours.close()
    await import_bundle(desk, tmp_path / "phone.zip")
    ours = await open_study(desk, work.store.project, write=True)
    copies = await Copies.open(ours)
    assert copies.count == 1
    await Editing(ours).reword(entry.id, "from the phone, put better at the desk")
    assert copies.count == 2
    await ours.close()


async def test_what_comes_in_while_the_study_is_open_is_not_only_here(work: Workspace, tmp_path: Path) -> None:
    theirs = await open_study(laptop(tmp_path / "phone"), work.store.project, write=True)
    await Capture(theirs).note("from the phone")
    writer = theirs.store.own_writers["team"]
    raws = (await theirs.store.disk.read(f"journals/{writer}/000001.jsonl")).split(b"\n")
    await theirs.close()
    copies = await Copies.open(work)
    await work.store.merge(writer, [raw for raw in raws if raw])
    assert copies.count == 0
    await Capture(work).note("here")
    assert copies.count == 1


async def test_erasing_shortens_the_journal_and_hides_nothing_that_came_after_the_copy(
    work: Workspace, tmp_path: Path
) -> None:
    gone = await Capture(work).note("of someone who withdrew, at some length " * 20)
    await Capture(work).note("stays")
    await make_bundle(work, tmp_path / "copy.zip")
    later = await Capture(work).note("after the copy")
    await work.save([work.change("erase", "entry", gone.id, {"occurred_at": gone.occurred_at})])
    await work.store.erase_bodies({gone.id}, by="R1", at=work.machine.clock().text())
    copies = await Copies.open(work)
    assert copies.count == 1
    assert copies.oldest is not None
    await Editing(work).remove(later.id)
    assert copies.count == 1


async def test_a_stopped_copy_is_not_in_the_ledger(work: Workspace, tmp_path: Path) -> None:
    copies = await Copies.open(work)
    await Capture(work).note("one")
    with pytest.raises(Cancelled):
        await make_bundle(work, tmp_path / "copy.zip", cancelled=lambda: True)
    await copies.reload()
    assert (copies.count, copies.copies) == (1, [])


async def test_the_last_twenty_copies_are_kept(work: Workspace, clock: FakeClock, tmp_path: Path) -> None:
    for n in range(KEPT_COPIES + 2):
        clock.advance(minutes=1)
        await make_bundle(work, tmp_path / f"{n}.zip", since_last=True)
    kept = (await Copies.open(work)).copies
    assert len(kept) == KEPT_COPIES
    assert kept[0].at - kept[-1].at == timedelta(minutes=KEPT_COPIES - 1)


async def test_an_imported_month_is_only_here_until_it_is_copied(tmp_path: Path) -> None:
    await import_month(laptop(tmp_path / "data"), BASE)
    work = await open_study(laptop(tmp_path / "data"), write=True)
    copies = await Copies.open(work)
    assert copies.count == len(list(work.store.state.entries()))
    await make_bundle(work, tmp_path / "month.zip")
    await copies.reload()
    assert copies.count == 0
    await work.close()


async def test_a_place_is_proposed_that_no_file_has_and_every_machine_can_name(
    work: Workspace, tmp_path: Path
) -> None:
    first = proposed_path(work, tmp_path)
    assert first.suffix == ".zip"
    assert first.parent.name == "copies"
    first.parent.mkdir(parents=True)
    first.touch()
    second = proposed_path(work, tmp_path)
    assert second != first
    assert not second.exists()
    made = work.store.state.study()
    title = '竖屏/的:日子 "?* ' + "长" * 60
    if made is None:
        await work.save([work.change("new", "study", work.store.project, {"title": title})])
    else:
        await work.save([work.change("set", "study", made["id"], {"title": title})])
    named = proposed_archive(work, tmp_path).parent.name
    assert named.startswith("竖屏 的 日子")
    assert len(named.encode()) <= 60
    assert not set(named) & set('/\\:*?"<>|')


async def test_where_the_archive_lies_and_what_the_last_check_found_is_remembered(work: Workspace) -> None:
    copies = await Copies.open(work)
    assert (copies.archive_folder, copies.archive_written_at, copies.archive_faults) == (None, None, None)
    now = work.machine.clock()
    await remember_archive(work, folder="/stick/archive", written_at=now.text())
    await remember_archive(work, verified_at=now.text(), faults=2)
    await copies.reload()
    assert (copies.archive_folder, copies.archive_faults) == ("/stick/archive", 2)
    assert copies.archive_written_at == copies.archive_verified_at == now.at
