"""Whatever is typed into a form stands there again until it is kept or left: in every field, after every end."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from fieldlog.services.day.sessions import Sessions
from fieldlog.services.desk import Desk
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.register import people, places_scenes_codes
from fieldlog.services.study.half_written import KEEP_SECONDS, Half
from fieldlog.services.study.workspace import Workspace
from tests.fakes.erased import filed, photograph
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone

WORDS = "他们说灯是借来的 the lamp is borrowed"

FORMS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "a changed entry": ("/days/PD01/e/<note>", ("entry-edit",), ("entry-field", "entry-scene", "entry-when")),
    "a photo's caption": ("/days/PD01/e/<photo>", ("entry-edit",), ("entry-field",)),
    "a new person": (
        "/register/people", ("people-add",), ("person-role-other", "person-name", "person-name-zh"),
    ),
    "somebody not known": ("/register/people", ("people-add", "people-unknown"), ("unknown-field",)),
    "a person's names": (
        "/register/people/P01", ("person-edit",),
        ("person-name", "person-name-zh", "person-role", "person-role-zh"),
    ),
    "a new place": ("/register/places", ("register-add",), ("item-name", "item-name-zh")),
    "a place": ("/register/places", ("register-row-L01",), ("item-name", "item-name-zh", "item-about")),
    "a new scene": ("/register/scenes", ("register-add",), ("item-code", "item-about")),
    "a scene": ("/register/scenes", ("register-row-34-2",), ("item-about",)),
    "a new code": ("/register/codes", ("register-add",), ("item-code", "item-name", "item-name-zh")),
    "a code": ("/register/codes", ("register-row-waiting",), ("item-name", "item-name-zh", "item-about")),
    "a session": ("/now", ("now-session",), ("session-title",)),
    "a figure": ("/now", ("!figure",), ("figure-value", "figure-name", "figure-of")),
    "a template": ("/now", ("!quick",), ("template-new",)),
    "the day": ("/now", ("now-day", "day-named"), ("day-wrap-at", "day-number")),
    "a time": ("/now", ("!time",), ("time-exact",)),
    "a reason to record": ("/now", ("now-mic",), ("rec-reason",)),
    "a reason to photograph": ("/now", ("now-camera",), ("photo-reason",)),
    "a new study": (
        "/welcome/new", (), ("study-title", "study-researcher", "study-zone", "study-first", "study-days"),
    ),
}  # fmt: skip


@pytest.fixture
async def ids(phones_desk: Desk) -> dict[str, str]:
    """What the forms are about: a note, a photo, a person, a place, a scene, a code; a session without sound."""
    work, capture = phones_desk.work, phones_desk.capture
    assert work
    assert capture
    note = await capture.note("the crane moves")
    photo = await filed(capture, photograph(1))
    await people.quick_add(work, pseudonym="Lei")
    await places_scenes_codes.add_place(work, "Car park")
    await places_scenes_codes.add_scene(work, "342")
    await places_scenes_codes.add_code(work, "waiting")
    await Sessions(work, capture).start("Rain", kind="meeting")
    return {"note": note.id, "photo": photo}


def value(seen: Seen, name: str) -> str:
    return str(seen.inside(name, ft.TextField).value or "")


async def opened(seen: Seen, form: str, ids: dict[str, str]) -> tuple[str, ...]:
    """Open a form as a person does; its fields."""
    route, taps, fields = FORMS[form]
    for name, record in ids.items():
        route = route.replace(f"<{name}>", record)
    await seen.go(route)
    for tap in taps:
        if tap.startswith("!"):
            seen.window.open_sheet(tap[1:])
            await seen.drawn()
        elif tap != "entry-edit" or "entry-field" not in seen.tags():
            await seen.tap(tap)
    return fields


@pytest.mark.parametrize("form", FORMS)
async def test_every_field_of_a_form_has_its_words_again_after_its_cross_and_after_a_kill(
    phone: Phone, phones_desk: Desk, ids: dict[str, str], form: str
) -> None:
    typed: dict[str, str] = {}
    async with a_window(phones_desk) as seen:
        for n, name in enumerate(await opened(seen, form, ids)):
            typed[name] = f"{WORDS} {n}"
            await seen.type(name, typed[name])
        assert {name: value(seen, name) for name in typed} == typed, "none was drawn anew by another"
        await seen.drawn(KEEP_SECONDS + 0.1)
        seen.window.close_sheet()
        await seen.go("/archive")
        await opened(seen, form, ids)
        assert {name: value(seen, name) for name in typed} == typed
    desk = await phone.killed(phones_desk)
    async with a_window(desk) as seen:
        await opened(seen, form, ids)
        assert {name: value(seen, name) for name in typed} == typed
        assert not seen.crashed
    await desk.close()


async def test_the_chips_of_a_form_are_chosen_again_too(
    phone: Phone, phones_desk: Desk, ids: dict[str, str]
) -> None:
    async with a_window(phones_desk) as seen:
        await opened(seen, "a new person", ids)
        await seen.type("person-name", WORDS)
        await seen.tap("person-answer-by-word")
        await seen.tap("person-scope-audio")
        assert value(seen, "person-name") == WORDS
        seen.window.close_sheet()
        await opened(seen, "a changed entry", ids)
        await seen.tap("entry-kind-quote")
        await seen.tap("entry-speech-verbatim")
        await seen.tap("entry-person-P01")
        await seen.drawn(KEEP_SECONDS + 0.1)
    desk = await phone.killed(phones_desk)
    async with a_window(desk) as seen:
        await opened(seen, "a new person", ids)
        assert seen.tags()["person-answer-by-word"].selected
        assert seen.tags()["person-scope-audio"].selected
        seen.window.close_sheet()
        await opened(seen, "a changed entry", ids)
        chosen = [
            seen.tags()[one].selected for one in ("entry-kind-quote", "entry-speech-verbatim", "entry-person-P01")
        ]
        assert chosen == [True, True, True]
    await desk.close()


@pytest.fixture
def note(ids: dict[str, str]) -> str:
    return ids["note"]


def text_of(desk: Desk, entry: str) -> str:
    assert desk.work
    return str((desk.work.store.state.get(entry) or {})["text"])


def half(desk: Desk, place: str) -> Half:
    assert desk.work
    return desk.work.half_written.at(place)


async def edited(seen: Seen, note: str, words: str) -> None:
    await seen.go(f"/days/PD01/e/{note}")
    await seen.tap("entry-edit")
    await seen.type("entry-field", words)


@pytest.mark.parametrize("away", [False, True])
async def test_an_entry_left_as_it_was_can_be_had_again_with_its_words(
    phones_desk: Desk, note: str, away: bool
) -> None:
    async with a_window(phones_desk) as seen:
        await edited(seen, note, WORDS)
        await seen.tap("entry-cancel")
        assert text_of(phones_desk, note) == "the crane moves"
        assert seen.window.shell.undo == "Cancelled."
        if away:
            await seen.go("/register/people")
        await seen.tap("undo")
        if away:
            assert seen.session.page.route.endswith(note) or await went(seen, note)
        assert value(seen, "entry-field") == WORDS
        assert half(phones_desk, f"entry/{note}").said == {"text": WORDS}


async def went(seen: Seen, note: str) -> bool:
    """The harness is told where the page is to go, as a browser would be."""
    await seen.go(f"/days/PD01/e/{note}")
    return True


async def test_without_undo_its_words_do_not_come_again(phone: Phone, phones_desk: Desk, note: str) -> None:
    async with a_window(phones_desk) as seen:
        await edited(seen, note, WORDS)
        await seen.tap("entry-cancel")
        seen.window.forget_undo()
        await seen.tap("entry-edit")
        assert value(seen, "entry-field") == "the crane moves"
        await seen.tap("entry-cancel")
        assert seen.window.shell.undo == "", "nothing was changed, so there is nothing to take back"
        await seen.drawn(KEEP_SECONDS + 0.1)
    desk = await phone.killed(phones_desk)
    assert half(desk, f"entry/{note}") == Half()
    await desk.close()


async def test_keeping_lets_go_and_a_refusal_does_not(phones_desk: Desk, note: str) -> None:
    async with a_window(phones_desk) as seen:
        await edited(seen, note, WORDS)
        await seen.type("entry-when", "teatime")
        await seen.tap("entry-keep")
        assert half(phones_desk, f"entry/{note}").said == {"text": WORDS, "when": "teatime"}
        await seen.type("entry-when", "")
        await seen.type("entry-when", "08:00")
        late = seen.inside("entry-field", ft.TextField)
        await seen.tap("entry-keep")
        assert text_of(phones_desk, note) == WORDS
        late.on_change(ft.Event(name="change", control=late, data=""))
        assert half(phones_desk, f"entry/{note}") == Half(), "a late key is nothing that was half written"


async def test_every_sheet_lets_go_of_what_it_kept(phones_desk: Desk, ids: dict[str, str]) -> None:
    async with a_window(phones_desk) as seen:
        for form, name, said, keeps in (
            ("a new person", "person-name", "Bo", "person-done"),
            ("somebody not known", "unknown-field", "blue cap", "unknown-done"),
            ("a person's names", "person-name", "Leo", "person-keep"),
            ("a new place", "item-name", "Studio", "item-keep"),
            ("a new scene", "item-code", "351", "item-keep"),
            ("a new code", "item-code", "lamps", "item-keep"),
            ("a template", "template-new", "I see that", "template-keep"),
            ("a session", "session-title", "Night", "session-start-shoot"),
            ("a time", "time-exact", "07:10", "time-set"),
        ):
            await opened(seen, form, ids)
            await seen.type(name, said)
            assert len(places(phones_desk)) == 1, form
            await seen.tap(keeps)
            assert places(phones_desk) == [], form
            seen.window.close_sheet()
        await opened(seen, "a figure", ids)
        await seen.type("figure-value", "300000")
        await seen.type("figure-name", "budget")
        await seen.tap("figure-keep")
        assert places(phones_desk) == []
        await opened(seen, "a new study", ids)
        await seen.type("study-title", WORDS)
        assert phones_desk.half_written.at("study/new").said == {"title": WORDS}
        await seen.tap("study-begin")
        assert phones_desk.half_written.at("study/new") == Half()
        assert not seen.crashed


def places(desk: Desk) -> list[str]:
    assert desk.work
    return list(desk.work.half_written._places)


async def test_a_form_opens_over_the_entry_as_it_is_by_now(phone: Phone, phones_desk: Desk, note: str) -> None:
    async with a_window(phones_desk) as seen:
        await edited(seen, note, WORDS)
        await seen.drawn(KEEP_SECONDS + 0.1)
    desk = await phone.killed(phones_desk)
    work = open_(desk)
    form = entry_form.form_of(work, note)
    await entry_form.keep(work, note, form, replace(form, kind="question", scene="351"))
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD01/e/{note}")
        await seen.tap("entry-edit")
        assert (value(seen, "entry-field"), value(seen, "entry-scene")) == (WORDS, "35-1")
        await seen.tap("entry-keep")
    now = entry_form.form_of(work, note)
    assert (now.text, now.kind, now.scene) == (WORDS, "question", "35-1")
    await desk.close()


async def test_what_another_device_changes_under_an_open_form_is_not_taken_back(
    phones_desk: Desk, note: str
) -> None:
    work = open_(phones_desk)
    async with a_window(phones_desk) as seen:
        await edited(seen, note, WORDS)
        await Editing(work).change(note, {"kind": "question"})
        await seen.drawn()
        assert value(seen, "entry-field") == WORDS
        await seen.tap("entry-keep")
    now = entry_form.form_of(work, note)
    assert (now.text, now.kind) == (WORDS, "question")


async def test_an_entry_that_says_so_by_now_has_nothing_half_written(phones_desk: Desk, note: str) -> None:
    async with a_window(phones_desk) as seen:
        await edited(seen, note, WORDS)
        await seen.go("/now")
    await Editing(open_(phones_desk)).reword(note, WORDS)
    async with a_window(phones_desk) as seen:
        await seen.go(f"/days/PD01/e/{note}")
        await seen.tap("entry-edit")
        await seen.tap("entry-keep")
        assert seen.window.shell.undo == ""
    assert half(phones_desk, f"entry/{note}") == Half()


async def test_every_window_finds_the_words_of_another(phones_desk: Desk, ids: dict[str, str]) -> None:
    async with a_window(phones_desk) as one, a_window(phones_desk) as other:
        await opened(one, "a new place", ids)
        await one.type("item-name", WORDS)
        await opened(other, "a new place", ids)
        assert value(other, "item-name") == WORDS


async def test_a_form_that_says_what_cannot_be_opens_all_the_same(phones_desk: Desk, ids: dict[str, str]) -> None:
    kept = open_(phones_desk).half_written
    kept.put(
        f"entry/{ids['note']}",
        Half(said={"people": "x", "kind": "odd", "new": "?"}, was={"people": [], "kind": ""}),
    )
    kept.put("person/new", Half(said={"answer": "odd", "notes": "odd"}, was={"answer": "", "notes": ""}))
    async with a_window(phones_desk) as seen:
        for form in ("a changed entry", "a new person"):
            await opened(seen, form, ids)
        assert "person-name" in seen.tags()
        assert not seen.crashed


def open_(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work
