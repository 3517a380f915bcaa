"""What was changed on two devices at once: the list, both versions, and three ways to settle it."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from fieldlog.model.fold import conflicts
from fieldlog.model.records import StoredEntry, StoredPerson
from fieldlog.services.capture.capture import Capture
from fieldlog.services.conflicts import open_fields
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.register import people
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.window.backs import TWICE_SECONDS
from tests.fakes.headless import Seen, a_window

WAS, OURS, THEIRS = "Wen waits in the van.", "Wen waits in the fog.", "Wen waits in the rain, alone."
LIST = "/archive/conflicts"


async def apart(work: Workspace, entry: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two changes of which neither knew of the other."""
    stored = work.store.state.find(StoredEntry, entry)
    await work.save([work.setting(stored, one)], [work.setting(stored, other)])


@pytest.fixture
async def note(work: Workspace) -> str:
    made = await Capture(work).note(WAS)
    await apart(work, made.id, {"text": OURS}, {"text": THEIRS})
    return made.id


async def follow(seen: Seen) -> str:
    """The browser goes where the window asked it to; where that is."""
    route = str(seen.journeys.rows.landing._asked)
    await seen.go(route)
    return route


def said(work: Workspace, entry: str) -> dict[str, Any]:
    return work.store.state.get(entry) or {}


async def put_together(seen: Seen, note: str, text: str) -> None:
    """From anywhere: both versions of a note as one text, and in its place this, not saved yet."""
    await seen.go(f"{LIST}/{note}/text")
    await seen.tap("conflict-together")
    await seen.type("conflict-field", text)


def marked(seen: Seen, n: int) -> list[str]:
    """The words of a version that stand out, by more than colour."""
    spans = seen.inside(f"conflict-version-{n}", ft.Column).controls[1].spans
    found = [one for one in spans if one.style.decoration == ft.TextDecoration.UNDERLINE]
    assert all("Bold" in one.style.font_family for one in found)
    return [one.text for one in found]


@pytest.mark.parametrize("width", [412, 1280])
async def test_the_list_says_how_many_and_leads_to_both_versions(
    desk: Desk, work: Workspace, note: str, width: int
) -> None:
    async with a_window(desk, width=width) as seen:
        await seen.go(LIST)
        assert seen.tags()["conflicts-count"].label == (
            "1 thing to settle. All versions are kept, and nothing waits for it."
        )
        assert {OURS, THEIRS} <= set(seen.words().splitlines())
        assert "PD14 16:00" in seen.words()
        await seen.tap("conflict-0")
        assert await follow(seen) == f"{LIST}/{note}/text"
        assert marked(seen, 0) == ["rain, alone"]
        assert marked(seen, 1) == ["fog"]
        assert (seen.tags()["conflict-before"].label, "Keep this" in seen.words()) == (WAS, True)
        assert not seen.crashed


async def test_where_nothing_is_open_the_list_says_so(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go(LIST)
        assert "Nothing to settle" in seen.words()
        await seen.go(f"{LIST}/nothing/text")
        assert "This is settled" in seen.words()
        await seen.tap("conflict-back")
        assert await follow(seen) == LIST


@pytest.mark.parametrize(("n", "text"), [(0, THEIRS), (1, OURS)])
async def test_one_is_kept_and_taken_back_both_are_there_again(
    desk: Desk, work: Workspace, note: str, n: int, text: str
) -> None:
    async with a_window(desk) as seen:
        await seen.go(LIST)
        await seen.tap("conflict-0")
        await follow(seen)
        await seen.tap(f"conflict-keep-{n}")
        assert (said(work, note)["text"], conflicts(said(work, note))) == (text, {})
        assert await follow(seen) == LIST
        assert "Nothing to settle" in seen.words()
        assert seen.window.shell.undo == "Settled: one version."
        await seen.tap("undo")
        assert (said(work, note)["text"], conflicts(said(work, note))) == (THEIRS, {"text": [THEIRS, OURS]})
        assert "conflict-0" in seen.tags()


async def test_both_together_can_be_changed_before_they_are_saved(desk: Desk, work: Workspace, note: str) -> None:
    async with a_window(desk) as seen:
        await seen.go(f"{LIST}/{note}/text")
        await seen.tap("conflict-together")
        assert seen.inside("conflict-field", ft.TextField).value == "Wen waits in the [rain, alone / fog]."
        assert "1 place was changed in both" in seen.words()
        await seen.type("conflict-field", "Wen waits in rain and fog.")
        assert conflicts(said(work, note))
        await seen.tap("conflict-save")
        assert (said(work, note)["text"], conflicts(said(work, note))) == ("Wen waits in rain and fog.", {})
        assert await follow(seen) == LIST


async def test_changes_in_different_places_are_joined_without_a_question(desk: Desk, work: Workspace) -> None:
    note = (await Capture(work).note(WAS)).id
    await apart(work, note, {"text": "Old Wen waits in the van."}, {"text": "Wen waits in the van, alone."})
    async with a_window(desk) as seen:
        await seen.go(f"{LIST}/{note}/text")
        await seen.tap("conflict-together")
        assert seen.inside("conflict-field", ft.TextField).value == "Old Wen waits in the van, alone."
        assert "in brackets" not in seen.words()


async def test_what_is_typed_stands_there_again_in_another_window_and_after_cancel_is_taken_back(
    desk: Desk, work: Workspace, note: str
) -> None:
    async with a_window(desk) as seen:
        await put_together(seen, note, "Wen waits in")
    async with a_window(desk) as seen:
        await seen.go(f"{LIST}/{note}/text")
        assert seen.inside("conflict-field", ft.TextField).value == "Wen waits in"
        await seen.tap("conflict-cancel")
        assert "conflict-field" not in seen.tags()
        assert work.half_written.at(f"conflict-text/{note}").said == {}
        await seen.tap("undo")
        assert seen.inside("conflict-field", ft.TextField).value == "Wen waits in"
        await seen.drawn(TWICE_SECONDS)
        await seen.tap("conflict-keep-0")
        assert work.half_written.at(f"conflict-text/{note}").said == {}


async def test_what_is_half_put_together_goes_when_its_entry_is_erased(
    desk: Desk, work: Workspace, note: str
) -> None:
    async with a_window(desk) as seen:
        await put_together(seen, note, "Wen waits in")
        await work.half_written.erase([note])
        assert work.half_written.at(f"conflict-text/{note}").said == {}


async def test_from_the_page_of_an_entry_one_comes_back_there(desk: Desk, work: Workspace, note: str) -> None:
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{note}")
        assert "Changed on two devices: Words. Both are kept." in seen.words()
        await seen.tap("entry-conflict-text")
        assert await follow(seen) == f"{LIST}/{note}/text"
        await seen.tap("conflict-keep-1")
        assert await follow(seen) == f"/days/PD14/e/{note}"
        assert "entry-conflict-text" not in seen.tags()
        assert "Settled: one version" in seen.words()


async def test_a_choice_of_words_has_no_field_and_says_them_as_people_do(desk: Desk, work: Workspace) -> None:
    note = (await Capture(work).note(WAS)).id
    await apart(work, note, {"kind": "quote"}, {"kind": "memo"})
    async with a_window(desk) as seen:
        await seen.go(f"{LIST}/{note}/kind")
        shown = [seen.tags()[f"conflict-version-{n}"].label or "" for n in (0, 1)]
        assert [one.rpartition(": ")[2] for one in shown] == ["Memo", "Quote"]
        assert "conflict-together" not in seen.tags()
        await seen.tap("conflict-keep-1")
        assert said(work, note)["kind"] == "quote"


async def test_what_a_person_agreed_to_leads_to_their_page(desk: Desk, work: Workspace) -> None:
    lei = (await people.quick_add(work, pseudonym="Lei")).made
    stored = work.store.state.find(StoredPerson, lei.id)
    answers = [{"state": "granted", "scopes": {"audio": one}} for one in ("yes", "no")]
    await work.save(*([work.setting(stored, {"consent": one})] for one in answers))
    async with a_window(desk) as seen:
        await seen.go(LIST)
        assert "P01 Lei" in seen.words()
        await seen.tap("conflict-0")
        assert await follow(seen) == "/register/people/P01"


async def test_keys_save_and_leave_but_escape_keeps_what_is_being_typed(
    desk: Desk, work: Workspace, note: str
) -> None:
    def key(name: str, **held: bool) -> ft.KeyboardEvent:
        told = {"shift": False, "ctrl": False, "alt": False, "meta": False, **held}
        return ft.KeyboardEvent(name="keyboard_event", control=seen.session.page, key=name, **told)

    async with a_window(desk) as seen:
        await seen.go(f"{LIST}/{note}/text")
        await seen.journeys.key(key("Escape"))
        assert await follow(seen) == LIST
        await put_together(seen, note, "Wen waits.")
        await seen.journeys.key(key("Escape"))
        assert seen.inside("conflict-field", ft.TextField).value == "Wen waits."
        await seen.journeys.key(key("Enter", ctrl=True))
        assert said(work, note)["text"] == "Wen waits."
        assert not seen.crashed


async def test_three_versions_stand_one_below_the_other_each_with_its_button(desk: Desk, work: Workspace) -> None:
    note = (await Capture(work).note(WAS)).id
    stored = work.store.state.find(StoredEntry, note)
    texts = [OURS, THEIRS, "Old Wen waits in the van."]
    await work.save(*([work.setting(stored, {"text": one})] for one in texts))
    async with a_window(desk, width=1280) as seen:
        await seen.go(f"{LIST}/{note}/text")
        await seen.tap("conflict-keep-2")
        assert (said(work, note)["text"], open_fields.count(work)) == (OURS, 0)


async def test_a_version_that_comes_while_one_types_leaves_the_words_where_they_are(
    desk: Desk, work: Workspace, note: str
) -> None:
    async with a_window(desk) as seen:
        await put_together(seen, note, "Wen waits in")
        before = (await Editing(work).history(note))[0].u
        late = work.change("set", "entry", note, {"text": "nobody waits"}, {"text": [before]})
        await work.save([late])
        await seen.drawn(1)
        assert seen.inside("conflict-field", ft.TextField).value == "Wen waits in"
        assert len(conflicts(said(work, note))["text"]) == 3
        assert "conflict-version-2" in seen.tags()
