"""The app's screens on a real desk, without a browser."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from fieldlog import __version__
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.ui.rows.landing import FIRST_PART
from fieldlog.ui.rows.state import WINDOW_ROWS
from tests.fakes.headless import Seen, a_window

KEPT_SECONDS = 0.4
SCREENS = (
    "/now",
    "/days",
    "/register/people",
    "/archive",
    "/archive/copies",
    "/sync",
    "/device",
    "/welcome",
    "/welcome/new",
    "/welcome/bring-in",
    "/welcome/restore",
    "/welcome/own",
    "/welcome/join",
)


async def write(seen: Seen, text: str) -> None:
    await seen.type("now-field", text)
    await seen.tap("now-send")


async def test_from_the_welcome_page_into_the_field(empty: Desk) -> None:
    async with a_window(empty) as seen:
        assert "New study" in seen.words()
        await seen.go("/welcome/new")
        await seen.tap("study-begin")
        assert seen.window.home == "/welcome"
        assert "study-wrong" in seen.tags()
        await seen.type("study-title", "Rain")
        await seen.tap("study-begin")
        assert empty.work is not None
        await seen.go("/now")
        assert "now-field" in seen.tags()
        assert not seen.crashed


@pytest.mark.parametrize("route", ["/now", "/days", "/register/people", "/archive", "/archive/copies", "/sync"])
async def test_without_a_study_every_other_address_leads_home(empty: Desk, route: str) -> None:
    async with a_window(empty) as seen:
        await seen.go(route)
        assert {"nav-now", "now-field", "archive-write", "people-add"} & set(seen.tags()) == set()
        await seen.go("/device")
        assert "device-new" in seen.tags()
        assert not seen.crashed


async def test_a_text_is_kept_while_it_is_written_and_sent_into_the_stream(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", "灯还没好")
        await seen.drawn(KEPT_SECONDS)
        assert "Kept" in seen.words()
        await seen.tap("now-send")
        assert "灯还没好" in seen.words()
        assert seen.inside("now-field", ft.TextField).value == ""
        assert [doc["text"] for doc in desk.work.store.state.entries()] == ["灯还没好"]  # type: ignore[union-attr]


async def test_what_is_sent_in_one_window_stands_in_the_other_and_only_one_is_written_in(desk: Desk) -> None:
    async with a_window(desk) as one, a_window(desk, width=1280, height=800) as other:
        assert "now-field" in one.tags()
        assert "now-field" not in other.tags()
        await write(one, "from one window")
        await other.drawn()
        assert "from one window" in other.words()
        await one.type("now-field", "half a")
        await other.tap("now-write-here")
        await one.drawn()
        assert "now-field" not in one.tags()
        assert other.inside("now-field", ft.TextField).value == "half a"


async def test_when_the_window_one_writes_in_is_gone_another_takes_its_place(desk: Desk) -> None:
    async with a_window(desk) as staying:
        await staying.window.disconnect()
        async with a_window(desk) as writing:
            assert "now-field" in writing.tags()
            staying.window.connect()
            await staying.drawn()
            assert "now-field" not in staying.tags()
        await staying.drawn()
        assert "now-field" in staying.tags()


async def test_another_language_and_another_look_at_once_and_at_the_next_start(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/device")
        await seen.tap("language-zh")
        assert "本机" in seen.words()
        await seen.tap("look-night")
        assert seen.session.page.theme_mode == ft.ThemeMode.DARK
    async with a_window(desk) as next_time:
        assert "此刻" in next_time.words()
        assert next_time.window.shell.look.dark


async def test_this_device_says_which_version_it_runs(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/device")
        assert f"FieldLog, version {__version__}" in seen.words()
        await seen.tap("language-zh")
        assert f"FieldLog {__version__} 版" in seen.words()


async def test_a_wish_that_breaks_is_a_strip_and_not_the_end(desk: Desk) -> None:
    async with a_window(desk) as seen:

        async def broken() -> None:
            raise ZeroDivisionError

        desk.send = broken  # type: ignore[method-assign]
        await seen.tap("now-send")
        assert "Something here went wrong" in seen.words()
        assert not seen.crashed


async def test_a_screen_that_cannot_be_drawn_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_window(desk) as seen:
        monkeypatch.setattr("fieldlog.ui.rows.drawn.tile.text", _raises)
        await write(seen, "this row can't be drawn")
        monkeypatch.undo()
        seen.window.shell.language = "zh"
        await seen.journeys.look.speak("zh")
        await seen.drawn()
        assert "此刻" in seen.words()
        assert not seen.crashed


def _raises(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError


async def test_a_day_of_eight_hundred_is_shown_in_parts_none_of_them_large(desk: Desk) -> None:
    assert desk.capture
    for n in range(800):
        await desk.capture.note(f"note {n} 完播率掉了三个点。" * 4, Chips())
    async with a_window(desk) as seen:
        code = seen.journeys.rows.stream.code
        await seen.go(f"/days/{code}")
        rows = [name for name in seen.tags() if name.startswith("entry-")]
        assert len(rows) == FIRST_PART
        assert "800 entries" in seen.words()
        await seen.tap("day-more")
        assert len([name for name in seen.tags() if name.startswith("entry-")]) == FIRST_PART + WINDOW_ROWS
        assert seen.largest_message < 120_000


async def test_sessions_begin_and_end_in_two_taps(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.tap("now-session")
        await seen.tap("session-start-meeting")
        assert "Meeting" in seen.words()
        await seen.tap("now-session")
        await seen.tap("session-end")
        assert "No session. Start?" in seen.words()


async def test_a_person_is_added_under_a_proposed_name(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/register/people")
        await seen.tap("people-add")
        await seen.tap("person-role-1")
        await seen.tap("person-answer-by-word")
        await seen.tap("person-done")
        assert "P01" in seen.words()
        (person,) = seen.journeys.register.people()
        assert (person.role, person.scopes["notes"], person.scopes["audio"]) == ("Director", "yes", "ask")


async def test_an_entry_is_reworded_removed_and_brought_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await write(seen, "before")
        (row,) = seen.journeys.rows.stream.rows
        await seen.go(f"/days/{seen.journeys.rows.stream.code}/e/{row.id}")
        await seen.tap("entry-edit")
        await seen.type("entry-field", "after")
        await seen.tap("entry-keep")
        await seen.drawn()
        assert "after" in seen.words()
        assert "Changed" in seen.words()
        await seen.tap("entry-bring-back-0")
        assert seen.journeys.rows.reader.entry(row.id).text == "before"  # type: ignore[union-attr]
        await seen.tap("undo")
        assert seen.journeys.rows.reader.entry(row.id).text == "after"  # type: ignore[union-attr]
        await seen.drawn()
        await seen.tap("entry-bring-back-0")
        await seen.tap("entry-remove")
        assert seen.window.shell.undo
        await seen.tap("undo")
        await seen.go("/now")
        assert "before" in seen.words()


async def test_a_day_is_wrapped_and_the_wrap_taken_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await write(seen, "the day has begun")
        day = seen.journeys.rows.stream.date
        await seen.tap("now-day")
        await seen.tap("day-wrap")
        assert seen.journeys.rows.stream.wrapped or seen.journeys.rows.stream.date != day
        await seen.journeys.day.wrap(day, back=True)
        await seen.drawn()
        assert not seen.journeys.rows.stream.wrapped


async def test_every_icon_has_a_label_and_every_control_a_name_of_its_own(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await write(seen, "one")
        for route in SCREENS:
            await seen.go(route)
            named = [one for one in seen.controls() if isinstance(one, ft.Semantics) and one.identifier]
            names = [str(one.identifier) for one in named]
            assert sorted(names) == sorted(set(names)), route
            for icon in (one for one in seen.controls() if isinstance(one, ft.IconButton)):
                assert any(_holds(tag, icon) and tag.label for tag in named), (route, icon.icon)
            for pressed in (one for one in seen.controls() if _pressable(one)):
                assert any(_holds(tag, pressed) for tag in named), (route, pressed)


def _pressable(control: Any) -> bool:
    return isinstance(control, ft.Container | ft.IconButton) and control.on_click is not None


def _holds(tag: ft.Semantics, control: Any) -> bool:
    from tests.fakes.headless import _walk

    return any(one is control for one in _walk(tag.content))


def test_nothing_is_written_smaller_than_twelve() -> None:
    from fieldlog.ui.parts import theme

    styles = [value for value in vars(theme).values() if isinstance(value, theme.Style)]
    assert len(styles) >= 8
    assert min(style.size for style in styles) >= 12
