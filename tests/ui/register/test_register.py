"""The register's screens on a real desk, without a browser."""

from __future__ import annotations

import flet as ft
import pytest

from fieldlog.model.register import ConsentEvent, Person
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.register import people, places_scenes_codes
from fieldlog.services.study.workspace import Workspace
from tests.fakes.headless import Seen, _walk, a_window

CREW = "姓名,职务,部门,化名,未成年\n张伟,灯光师,灯光组,雷师傅,否\n李娜,演员,演员组,,是\n王芳,,,,\n".encode(
    "gb18030"
)
REGISTER = ("/register/people", "/register/places", "/register/scenes", "/register/codes", "/register/people/P01")


def struck(seen: Seen, name: str) -> list[str]:
    """The words in it that are struck through."""
    line = ft.TextDecoration.LINE_THROUGH
    inside = [one for one in _walk(seen.tags()[name]) if isinstance(one, ft.Text)]
    return [one.value for one in inside if one.style and one.style.decoration == line]


async def test_quick_add_presets_the_scopes_and_a_tap_changes_one(desk: Desk, work: Workspace) -> None:
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        await seen.tap("people-add")
        await seen.tap("person-scope-audio")
        await seen.tap("person-role-1")
        await seen.tap("person-answer-by-word")
        await seen.tap("person-scope-photo")
        await seen.tap("person-scope-photo")
        await seen.tap("person-scope-audio")
        await seen.tap("person-done")
        (row,) = people.people(work)
        assert (row.role, row.role_zh, row.pseudonym, row.pseudonym_zh) == ("Director", "导演", "An", "安")
        assert [row.scopes[one] for one in ("notes", "quote", "audio", "photo")] == ["yes", "ask", "yes", "no"]
        assert "person-P01" in seen.tags()


async def test_a_role_of_their_own_and_a_name_that_is_taken(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="Lei")
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        await seen.tap("people-add")
        await seen.type("person-role-other", "蛇师")
        await seen.type("person-name", "Lei")
        await seen.tap("person-done")
        assert seen.inside("person-name", ft.TextField).error
        await seen.type("person-name", "Leo")
        await seen.tap("person-done")
        assert people.people(work)[1].role_zh == "蛇师"


async def test_who_declined_is_struck_through_and_found_by_the_filter(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An")
    await people.quick_add(work, pseudonym="Bo", answer="declined")
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        assert struck(seen, "person-P02") == ["P02", "Bo"]
        assert struck(seen, "person-P01") == []
        await seen.tap("people-filter")
        await seen.tap("people-only-declined")
        assert "person-P01" not in seen.tags()
        await seen.tap("people-only-declined")
        await seen.type("people-search", "an")
        assert "person-P01" in seen.tags()
        assert "person-P02" not in seen.tags()


async def test_consent_is_changed_on_the_persons_page_and_each_step_stands_there(
    desk: Desk, work: Workspace
) -> None:
    await people.quick_add(work, pseudonym="An", answer="told")
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        await seen.tap("person-P01")
        await seen.go("/register/people/P01")
        assert "No change since they came into the register." in seen.words()
        await seen.tap("consent-notes-yes")
        await seen.tap("consent-audio-no")
        await seen.tap("consent-mode-written")
        row = people.people(work)[0]
        assert (row.scopes["notes"], row.scopes["audio"], row.mode) == ("yes", "no", "written")
        assert "sound: to ask → no" in seen.words()
        assert seen.tags()["consent-audio-no"].selected
        await seen.tap("person-minor")
        assert people.people(work)[0].minor
        await seen.tap("consent-mode-guardian")
        assert people.people(work)[0].mode == "guardian"


async def test_a_withdrawal_that_came_in_stands_in_the_history_with_its_channel_and_words(
    desk: Desk, work: Workspace
) -> None:
    who = (await people.quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "no"})).made.id
    step = ConsentEvent(
        id=work.machine.new_id(), person=who, at="2025-03-14T23:58:00+08:00", action="withdrawn",
        state="partly-withdrawn", scopes={"audio": "no"}, was={"audio": "yes"}, channel="message",
        words="录音删掉吧",
    )  # fmt: skip
    await work.save([work.op(step)])
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        assert "Withdrawn · sound: yes → no · message" in seen.words()
        assert "“录音删掉吧”" in seen.words()


async def test_the_page_tells_where_they_appear_and_leads_there(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An")
    note = await Capture(work).note("moves the crane", Chips(people=("P01",)))
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        assert "Appears in 1 entry." in seen.words()
        await seen.tap("person-entry-0")
        assert seen.session.page.route.endswith(note.id) or "moves the crane" in seen.words()


async def test_somebody_unknown_is_joined_and_the_joining_taken_back(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="Lei", pseudonym_zh="雷")
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        await seen.tap("people-add")
        await seen.tap("people-unknown")
        await seen.tap("unknown-done")
        assert seen.inside("unknown-field", ft.TextField).error
        await seen.type("unknown-field", "tall man, blue cap")
        await seen.tap("unknown-done")
        await seen.go("/register/people/U1")
        await seen.tap("person-join")
        await seen.type("join-search", "雷")
        await seen.tap("join-P01")
        assert [row.code for row in people.people(work)] == ["P01"]
        assert "U1 is P01 Lei now." in seen.words()
        await seen.tap("undo")
        assert [row.code for row in people.people(work)] == ["P01", "U1"]


async def test_a_person_gets_another_name(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An", pseudonym_zh="安")
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        await seen.tap("person-edit")
        await seen.type("person-name-zh", "老安")
        await seen.tap("person-keep")
        assert people.people(work)[0].pseudonym_zh == "老安"
        assert "An 老安" in seen.words()


async def test_a_crew_list_is_looked_at_taken_in_and_taken_back(desk: Desk, work: Workspace) -> None:
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        seen.journeys.register.show_crew(CREW)
        await seen.drawn()
        assert "2 people" in seen.words()
        assert "3 real names stand in the file" in seen.words()
        assert "Line 4 says no role" in seen.words()
        assert people.people(work) == []
        await seen.tap("crew-take")
        assert "2 people taken in. No real name was kept." in seen.words()
        assert [(row.pseudonym, row.minor) for row in people.people(work)] == [("雷师傅", False), ("An", True)]
        await seen.tap("undo")
        assert people.people(work) == []
        seen.journeys.register.show_crew(b"no list")
        await seen.drawn()
        assert "This is no crew list" in seen.window.shell.notice


async def test_places_scenes_and_codes_are_added_found_and_renamed(desk: Desk, work: Workspace) -> None:
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        await seen.tap("register-places")
        await seen.go("/register/places")
        await seen.tap("register-add")
        await seen.tap("item-keep")
        assert seen.inside("item-name", ft.TextField).error
        await seen.type("item-name", "Rooftop")
        await seen.type("item-name-zh", "天台")
        await seen.tap("item-keep")
        await seen.tap("register-row-L01")
        await seen.type("item-about", "windy")
        await seen.tap("item-keep")
        assert places_scenes_codes.rows(work, "places")[0].about == "windy"
        await seen.go("/register/scenes")
        await seen.tap("register-add")
        await seen.type("item-code", "342")
        await seen.tap("item-keep")
        assert "register-row-34-2" in seen.tags()
        await seen.go("/register/codes")
        await seen.tap("register-add")
        await seen.type("item-code", "metrics.roi")
        await seen.tap("item-keep")
        assert {"register-row-metrics", "register-row-metrics.roi"} <= seen.tags().keys()
        await seen.type("register-search", "roi")
        assert "register-row-metrics" not in seen.tags()
        assert not seen.crashed


async def test_a_long_register_is_shown_sixty_at_a_time(desk: Desk, work: Workspace) -> None:
    made = [
        Person(id=work.machine.new_id(), code=f"P{n:03d}", pseudonym=f"N{n}", role="Extra") for n in range(500)
    ]
    await work.save([work.op(one) for one in made])
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        shown = [name for name in seen.tags() if name.startswith("person-P")]
        assert len(shown) == 60
        assert seen.largest_message < 200_000
        await seen.tap("people-more")
        assert len([name for name in seen.tags() if name.startswith("person-P")]) == 120


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_control_has_a_name_of_its_own_and_every_icon_a_label(
    desk: Desk, work: Workspace, language: str
) -> None:
    await people.quick_add(work, pseudonym="An", answer="in-writing")
    await people.add_unknown(work, "a man")
    await places_scenes_codes.add_place(work, "Roof")
    async with a_window(desk) as seen:
        await seen.journeys.look.speak(language)
        for route in REGISTER:
            await seen.go(route)
            for sheet in ("", "person", "unknown", "item"):
                seen.window.shell.sheet = sheet
                await seen.drawn()
                named = [str(one.identifier) for one in seen.controls() if isinstance(one, ft.Semantics)]
                names = [one for one in named if one != "None"]
                assert sorted(names) == sorted(set(names)), (route, sheet)
                for icon in (one for one in seen.controls() if isinstance(one, ft.IconButton)):
                    assert icon.tooltip
        assert not seen.crashed


async def test_a_department_is_said_on_the_persons_page_and_the_study_says_its_group(
    desk: Desk, work: Workspace
) -> None:
    await people.quick_add(work, pseudonym="An")
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        assert "None yet. The pencil above adds one." in seen.words()
        await seen.tap("person-edit")
        await seen.type("person-dept", "Art")
        await seen.tap("person-keep")
        assert "No group yet. The study counts it among:" in seen.words()
        await seen.tap("person-group-costume")
        assert seen.tags()["person-group-costume"].selected
        assert not seen.tags()["person-group-camera"].selected
        assert people.people(work)[0].group == "costume"


async def test_the_letters_of_consent_stand_once_over_the_list(desk: Desk, work: Workspace) -> None:
    for name in ("An", "Bo", "Fan"):
        await people.quick_add(work, pseudonym=name)
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        texts = [one.value for one in seen.controls() if isinstance(one, ft.Text)]
        assert [texts.count(letter) for letter in ("N", "Q", "S")] == [1, 1, 1]


async def test_on_a_laptop_the_list_stays_beside_the_person_with_what_was_looked_for(
    desk: Desk, work: Workspace
) -> None:
    await people.quick_add(work, pseudonym="An")
    await people.quick_add(work, pseudonym="Bo")
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.go("/register/people")
        assert seen.tags()["person-P01"].selected
        assert "person-edit" in seen.tags()
        await seen.type("people-search", "bo")
        await seen.tap("person-P02")
        await seen.go("/register/people/P02")
        assert {"person-P02", "person-edit", "people-search"} <= set(seen.tags())
        assert {"person-P01", "person-back"}.isdisjoint(seen.tags())
        assert seen.tags()["person-P02"].selected


async def test_on_a_phone_the_person_stands_alone(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An")
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        assert {"person-back", "person-edit"} <= set(seen.tags())
        assert "people-search" not in seen.tags()
