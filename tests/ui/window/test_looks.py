"""The looks, the hand, and what stands alone over everything, without a browser."""

from __future__ import annotations

import asyncio

import flet as ft
import pytest

from fieldlog.services.desk import Desk
from fieldlog.ui.alone.layer import HAN, SHOWN, size_that_fits, width_of
from fieldlog.ui.parts.material import theme
from fieldlog.ui.parts.theme import BLACKOUT, DAYLIGHT, LOOKS, NIGHT, Look
from tests.e2e.looking import contrast
from tests.fakes.headless import Seen, a_window

NOTE = "拍完再睡，算两天。"
CEILING = "#C2B59C"


def rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def under(seen: Seen) -> bool:
    """Whether the screen underneath is drawn."""
    return "now-day" in seen.tags()


async def press(seen: Seen, key: str, *, ctrl: bool = False) -> None:
    event = ft.KeyboardEvent(
        name="keyboard_event", control=seen.session.page, data=None, key=key, ctrl=ctrl, shift=False, alt=False,
        meta=False,
    )  # fmt: skip
    await seen.journeys.key(event)
    await seen.drawn()


# -- looks


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_words_stand_out_seven_times_and_what_goes_with_them_five(look: Look) -> None:
    for ground in (look.surface, look.lowest, look.low):
        assert contrast(rgb(ground), rgb(look.words)) >= 7
        assert contrast(rgb(ground), rgb(look.meta)) >= 5
    for ink in (look.attention, look.fault, *look.types.values()):
        assert contrast(rgb(look.surface), rgb(ink)) >= 4.5
    assert contrast(rgb(look.live), rgb(look.on_live)) >= 4.5


def test_nothing_of_blackout_is_brighter_than_its_accent() -> None:
    black = (0, 0, 0)
    colours = [value for name, value in vars(BLACKOUT).items() if str(value).startswith("#") and name != "on_live"]
    for one in [*colours, *BLACKOUT.types.values()]:
        assert contrast(black, rgb(one)) <= contrast(black, rgb(CEILING)), one


def test_blackout_has_large_targets_outlines_for_fills_and_no_motion() -> None:
    assert BLACKOUT.target == 56
    assert (BLACKOUT.fill, BLACKOUT.fill_ink, BLACKOUT.fill_border) == (None, CEILING, CEILING)
    assert BLACKOUT.chip_fill is None
    assert BLACKOUT.chosen_fill is None
    assert BLACKOUT.thumb_opacity == 0.4
    still = theme(BLACKOUT)
    assert still.splash_color == "#00000000"
    assert still.page_transitions.android == ft.PageTransitionTheme.NONE
    assert DAYLIGHT.target == 48
    assert DAYLIGHT.fill == DAYLIGHT.primary


async def test_the_look_button_goes_to_blackout_and_back_to_where_one_was(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/device")
        await seen.tap("look-sun")
        assert seen.session.page.theme_mode == ft.ThemeMode.LIGHT
        await seen.go("/now")
        await seen.tap("now-look")
        assert seen.window.shell.look == BLACKOUT
    async with a_window(desk) as next_time:
        assert next_time.window.shell.look == BLACKOUT
        await next_time.tap("now-look")
        assert next_time.window.shell.look == LOOKS["sun"]


async def test_the_system_is_followed_only_where_that_was_chosen(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.look.system_turned(dark=True)
        assert seen.window.shell.look == NIGHT
        await seen.go("/device")
        await seen.tap("look-day")
        seen.journeys.look.system_turned(dark=True)
        assert seen.window.shell.look == DAYLIGHT
        await seen.tap("look-system")
        assert seen.window.shell.look == NIGHT


async def test_in_blackout_one_handle_opens_the_other_pages_and_leaving_closes_it(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.tap("now-look")
        assert "nav-days" not in seen.tags()
        await seen.tap("nav-open")
        assert "nav-days" in seen.tags()
        await seen.tap("nav-days")
        await seen.go("/now")
        assert "nav-days" not in seen.tags()


async def test_the_other_hand_is_remembered(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/device")
        await seen.tap("device-mirror-left")
    async with a_window(desk) as next_time:
        assert next_time.window.shell.mirrored
        await next_time.go("/device")
        await next_time.tap("device-mirror-right")
        assert not next_time.window.shell.mirrored


async def test_this_device_says_what_keyboards_do_how_much_room_there_is_and_that_no_network_is_needed(
    desk: Desk,
) -> None:
    async with a_window(desk) as seen:
        await seen.go("/device")
        said = seen.words()
        for words in ("may send what you type", "Allow Full Access", "are free here", "No network is needed"):
            assert words in said
        await seen.tap("language-zh")
        assert "中文输入法可能把你输入的内容传给厂商" in seen.words()


# -- alone


async def test_hiding_shows_a_clock_and_nothing_of_the_study_and_two_taps_come_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", NOTE)
        await seen.tap("now-hide")
        assert not under(seen)
        assert seen.session.page.title == "Clock"
        assert "Rain" not in seen.words()
        apart = seen.journeys.alone.apart
        assert seen.tags()["hide-clock"].label == f"{apart.time}, {apart.date}"
        assert ":" in apart.time
        await press(seen, "Enter", ctrl=True)
        assert desk.text == NOTE
        await seen.tap("hide-clock")
        assert seen.window.shell.alone
        await seen.tap("hide-clock")
        assert under(seen)
        assert seen.session.page.title == "FieldLog"
        assert desk.text == NOTE
        assert seen.inside("now-field", ft.TextField).value == NOTE


async def test_one_esc_comes_back_from_the_clock(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.tap("now-hide")
        await press(seen, "Escape")
        assert under(seen)


async def test_a_note_that_is_shown_stands_alone_until_esc_twice(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.alone.show(NOTE)
        await seen.drawn()
        assert not under(seen)
        assert seen.tags()["show-note"].label == NOTE
        route = seen.session.page.route
        for key in ("2", "Enter"):
            await press(seen, key, ctrl=True)
        await press(seen, "Escape")
        assert seen.session.page.route == route
        assert seen.window.shell.alone
        await press(seen, "Escape")
        assert under(seen)
        assert NOTE not in seen.words()


async def test_an_entry_is_shown_from_its_page_with_its_words_and_nothing_else(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", NOTE)
        await seen.tap("now-send")
        (row,) = seen.journeys.rows.stream.rows
        await seen.go(f"/days/{seen.journeys.rows.stream.code}/e/{row.id}")
        await seen.tap("entry-show")
        assert seen.words().split("\n") == ["0", NOTE]


async def test_the_tables_sign_speaks_two_languages_and_is_red_only_while_the_microphone_is_live(
    desk: Desk,
) -> None:
    async with a_window(desk) as seen:
        live = seen.journeys.memo.live
        live.on, live.seconds = True, 728
        seen.window.open_sheet("table")
        await seen.drawn()
        assert {"Recording", "正在录音", "12:08"} <= set(seen.words().split("\n"))
        assert {"table-mark", "table-stop"} <= seen.tags().keys()
        assert fills(seen, DAYLIGHT.live)
        live.paused = True
        await seen.drawn()
        assert "已暂停" in seen.words()
        assert not fills(seen, DAYLIGHT.live)
        live.on = live.paused = False
        await seen.tap("table-close")
        assert "table-sign" not in seen.tags()


def fills(seen: Seen, color: str) -> bool:
    return any(isinstance(one, ft.Container) and one.bgcolor == color for one in seen.controls())


@pytest.mark.parametrize("words", ["OK", NOTE, NOTE * 30, "Nobody asks the cast. " * 40, "Wolkenkratzerfenster"])
def test_a_note_is_shown_as_large_as_it_fits(words: str) -> None:
    size = size_that_fits(words, 348, 700)
    assert size in SHOWN
    assert size == SHOWN[-1] or width_of(words) * size / 348 * size < 700
    assert width_of("字") == HAN


# -- the battery


async def test_a_low_battery_is_told_once_and_an_empty_one_ends_the_memo(desk: Desk) -> None:
    async with a_window(desk) as seen:
        heed, shell = seen.journeys.memo.battery.heed, seen.window.shell
        await heed(3, fed=False)
        assert shell.notice == ""
        seen.journeys.memo.live.on = True
        await heed(14, fed=True)
        assert shell.notice == ""
        await heed(14, fed=False)
        assert "14 %" in shell.notice
        shell.notice = ""
        await heed(13, fed=False)
        assert shell.notice == ""
        await heed(5, fed=False)
        assert not seen.journeys.memo.live.on
        assert "was ended" in shell.notice
        await asyncio.sleep(0)
