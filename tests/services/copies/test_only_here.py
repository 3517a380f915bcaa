"""What is only on this device: told from the journals at the start, kept up with every save."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.errors import Cancelled
from fieldlog.services.archive.proposed import proposed_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.ledger import remember_archive, remember_copy
from fieldlog.services.copies.only_here import KEPT_COPIES, Copies, Copy, proposed_path
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.phone import Phone
from tests.month.scaled import BASE


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
    assert [copies.archive] == [None]
    now = work.machine.clock()
    await remember_archive(work, "/stick/archive", at=now.at)
    await remember_archive(work, "/stick/archive", verified_at=now.at, faults=2)
    await copies.reload()
    assert copies.archive
    assert (copies.archive.path, copies.archive.faults) == ("/stick/archive", 2)
    assert copies.archive.at == copies.archive.verified_at == now.at


async def test_what_was_saved_while_the_copy_was_made_is_not_in_it(work: Workspace) -> None:
    copies = await Copies.open(work)
    await Capture(work).note("before")
    covered = dict(work.store.ends)
    await Capture(work).note("meanwhile")
    at = work.machine.clock().at
    copy = Copy(at=at, path="/stick/1.zip", lines=2, bytes=9, team_only=False)
    await remember_copy(work, copy.row(), covered)
    await copies.reload()
    assert copies.count == 1
    assert await again(work) == (1, copies.oldest)


async def test_a_plan_and_a_session_are_no_entries(work: Workspace) -> None:
    copies = await Copies.open(work)
    await Plan(work).days("2025-03-16", 28)
    await Sessions(work, Capture(work)).start("Night shoot", kind="shoot")
    assert copies.count == 0
    assert await again(work) == (0, None)


async def test_the_ledger_is_there_after_a_kill(clock: FakeClock, tmp_path: Path) -> None:
    phone = Phone(clock)
    desk = await phone.begun()
    assert desk.capture
    assert desk.work
    await desk.capture.note("one")
    await make_bundle(desk.work, tmp_path / "first.zip")
    clock.advance(days=1)
    await make_bundle(desk.work, tmp_path / "second.zip")
    await desk.capture.note("two")
    again = await phone.killed(desk)
    assert again.copies
    assert [Path(copy.path).name for copy in again.copies.copies] == ["second.zip", "first.zip"]
    assert again.copies.copies[0].at == clock.wall
    assert again.copies.count == 1
    await again.close()


async def test_where_the_ledger_cannot_be_read_everything_is_only_here(work: Workspace, tmp_path: Path) -> None:
    await Capture(work).note("one")
    await make_bundle(work, tmp_path / "copy.zip")
    await work.store.disk.replace("settings.json", b'{"copies":[{"at"')
    copies = await Copies.open(work)
    assert (copies.count, copies.copies) == (1, [])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("8/10: the rain?", "8 10 the rain"),
        ("雨停之前：请签字", "雨停之前：请签字"),
        ("“Quiet” 🎬 set", "“Quiet” 🎬 set"),
        ("../../etc/passwd", "etc passwd"),
        ("  ...  ", "study"),
        ("a\nb\x00c", "a b c"),
        ("竖屏的日子" * 30, "竖屏的日子" * 4),
    ],
)
async def test_a_copy_is_called_like_its_study(clock: FakeClock, tmp_path: Path, title: str, name: str) -> None:
    work = await open_study(machine_of(clock), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(work).begin(title=title)
    path = proposed_path(work, tmp_path)
    assert path == tmp_path / "FieldLog" / name / "copies" / f"{name}-2025-03-16-0800.zip"
    path.parent.mkdir(parents=True)
    assert Path((await make_bundle(work, path)).path).is_file()
    await work.close()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_title_leads_out_of_the_folder_or_makes_a_name_too_long(title: str) -> None:
    async def proposed() -> tuple[Path, Path]:
        work = await open_study(machine_of(FakeClock()), "01950000-0000-7000-8000-000000000001", write=True)
        await Capture(work).begin(title=title)
        return proposed_path(work, Path("/nowhere")), proposed_archive(work, Path("/nowhere"))

    copy, archive = asyncio.run(proposed())
    assert archive.parent == copy.parent.parent
    assert archive.parent.parent == Path("/nowhere/FieldLog")
    for part in (copy.name, archive.parent.name):
        assert part not in ("", ".", "..")
        assert len(part.encode()) <= 100
        assert not set(part) & set('\\/:*?"<>|\0\n\r\t')
        assert part == part.strip().rstrip(".")


async def test_however_many_copies_are_made_in_a_minute_none_is_proposed_over_another(
    work: Workspace, tmp_path: Path
) -> None:
    for _ in range(105):
        path = proposed_path(work, tmp_path)
        assert not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
