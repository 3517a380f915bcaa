"""A day as it is read, without a browser: midnight, heads, photos, and a memo with its marks."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from fieldlog.model.entry import Entry
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.memo import filing
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.fakes.made import photo

RATE, SECONDS = 8000, 60
WIDE = 300.0
MARKS = (8.0, 31.5, 52.0)


def slate(seen: Seen, name: str) -> list[ft.Container]:
    """What is dark behind the time of this row."""
    dark = seen.window.shell.look.data.dark
    found = [one for one in seen.all_inside(name, ft.Stack) if one.clip_behavior == ft.ClipBehavior.NONE]
    parts = [part for one in found for part in one.controls]
    return [part for part in parts if isinstance(part, ft.Container) and part.bgcolor == dark]


async def a_memo(work: Workspace, marks: tuple[float, ...] = MARKS) -> tuple[Entry, list[Entry]]:
    """A memo of a minute, and marks in it without words."""
    capture = Capture(work)
    recording = await filing.begin(work, capture, rate=RATE)
    recording.push(bytes(2 * RATE * SECONDS))
    filed = await filing.stop(work, recording)
    assert filed
    during = [Chips(kind="marker", during={"memo": filed.entry.id, "at": at}) for at in marks]
    return filed.entry, [await capture.note("", chips) for chips in during]


async def with_photos(work: Workspace, number: int) -> Entry:
    """An entry that holds so many photos."""
    capture = Capture(work)
    taken = [
        (await capture.file(Bytes(name=f"{n}.jpg", data=photo(size=(400 + n, 300)))))[0] for n in range(number)
    ]
    made, ops = capture.draft("", Chips(kind="photo"))
    made = replace(made, attachments=tuple(one.attachments[0] for one in taken if one))
    await work.save([*ops, work.op(made)])
    return made


async def test_what_is_past_midnight_stands_on_the_slate_and_nothing_before_it(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    capture = Capture(work)
    before = await capture.note("at four in the afternoon")
    clock.advance(hours=9)
    after = [await capture.note("at one in the night") for _ in range(2)]
    async with a_window(desk) as seen:
        for route in ("/now", "/days/PD14"):
            await seen.go(route)
            assert slate(seen, f"entry-{before.id}") == []
            for one in after:
                (dark,) = slate(seen, f"entry-{one.id}")
                around = seen.inside(f"entry-{one.id}", ft.Container).padding
                assert (dark.left, dark.top, dark.width) == (-around.left, -around.top, 60)
                assert -(dark.bottom or 0) > around.bottom, "edges that only meet let light through"
            assert seen.words().count("Mon 17 Mar on the wall · still PD14") == 1
            assert seen.tags()["midnight"].label == "24:00. Mon 17 Mar on the wall · still PD14"


async def test_a_day_outside_the_plan_is_still_its_date(desk: Desk, work: Workspace, clock: FakeClock) -> None:
    clock.advance(days=20, hours=9)
    await Capture(work).note("at one in the night, on no day of the plan")
    async with a_window(desk) as seen:
        await seen.go("/days/2025-04-05")
        assert "Sun 6 Apr on the wall · still Sat 5 Apr" in seen.words()


async def test_a_note_of_no_session_has_a_head_of_its_own_between_two(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    sessions, capture = Sessions(work, Capture(work)), Capture(work)
    await sessions.start("Office and lobby", kind="shoot")
    await capture.note("in it")
    clock.advance(minutes=1)
    await sessions.stop()
    clock.advance(minutes=1)
    await capture.note("between the two")
    clock.advance(minutes=1)
    await sessions.start("Stand-up", kind="meeting")
    await capture.note("in the other")
    async with a_window(desk) as seen:
        await seen.go("/days/PD14")
        assert seen.words().count("Office and lobby") == 1
        lines = seen.words().split("\n")
        assert lines.index("Between sessions") + 1 < lines.index("between the two") < lines.index("Stand-up")


@pytest.mark.parametrize(
    ("number", "drawn", "more"), [(1, ["preview"], ""), (2, ["thumb"] * 2, ""), (5, ["thumb"] * 2, "+3")]
)
async def test_photos_have_their_height_before_they_come(
    desk: Desk, work: Workspace, number: int, drawn: list[str], more: str
) -> None:
    made = await with_photos(work, number)
    async with a_window(desk) as seen:
        for route, high in (("/days/PD14", 150), ("/now", 116)):
            await seen.go(route)
            found = seen.all_inside(f"entry-{made.id}", ft.Image)
            assert [one.height for one in found] == [high] * len(drawn)
            assert [str(one.src).split("/")[-2] for one in found] == drawn
            assert (more in seen.words()) if more else ("+" not in seen.words())
        seen.window.shell.look_name = "blackout"
        await seen.drawn()
        small = seen.all_inside(f"entry-{made.id}", ft.Image)
        assert {(one.width, one.height) for one in small} == {(56, 56)}


async def test_a_memos_marks_are_flags_and_still_counted(desk: Desk, work: Workspace) -> None:
    memo, marks = await a_memo(work)
    said = await Capture(work).note("why here?", Chips(kind="marker", during={"memo": memo.id, "at": 40}))
    async with a_window(desk) as seen:
        for route in ("/days/PD14", "/now"):
            await seen.go(route)
            assert seen.tags()[f"marks-{memo.id}"].label == "3 marks: 0:08, 0:31, 0:52"
            rows = {name for name in seen.tags() if name.startswith("entry-")}
            assert rows == {f"entry-{memo.id}", f"entry-{said.id}"}
        await seen.go("/days/PD14")
        assert "5 entries" in seen.words()
        assert len(marks) == 3


async def test_a_tap_on_the_waveform_plays_from_the_nearest_flag_and_a_finger_that_scrolls_does_not(
    desk: Desk, work: Workspace
) -> None:
    memo, _ = await a_memo(work)
    async with a_window(desk) as seen:
        await seen.go("/days/PD14")
        target = seen.inside(f"marks-{memo.id}", ft.GestureDetector)
        assert target.on_tap_down is None, "a finger is down before it is known whether it scrolls"
        wave = seen.inside(f"marks-{memo.id}", ft.Container)
        await seen.session.dispatch_event(wave._i, "size_change", {"w": WIDE, "h": 48})
        tapped = {"k": "touch", "l": {"x": WIDE * 35 / SECONDS, "y": 9}, "g": {"x": 0, "y": 0}}
        await seen.session.dispatch_event(target._i, "tap_up", tapped)
        await seen.drawn()
        playing = seen.journeys.rows.playing
        assert (playing.entry, playing.at) == (memo.id, 31.5)
        mask = seen.inside(f"marks-{memo.id}", ft.ShaderMask)
        look, share = seen.window.shell.look, 31.5 / SECONDS
        assert mask.shader.colors == [look.primary, look.primary, look.outline, look.outline]
        assert mask.shader.stops == [0.0, pytest.approx(share), pytest.approx(share), 1.0]
        by_a_reader = {"k": "unknown", "l": {"x": WIDE / 2, "y": 24}, "g": {"x": 0, "y": 0}}
        await seen.session.dispatch_event(target._i, "tap_up", by_a_reader)
        await seen.drawn()
        assert playing.at == 52, "without a place on the waveform, the next one"


async def test_a_mark_that_is_come_back_to_is_a_row_with_the_cursor(desk: Desk, work: Workspace) -> None:
    memo, marks = await a_memo(work)
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{marks[1].id}")
        await seen.go("/days/PD14")
        assert seen.tags()[f"entry-{marks[1].id}"].selected
        assert f"entry-{marks[0].id}" not in seen.tags()
        assert str(seen.tags()[f"marks-{memo.id}"].label).startswith("2 marks")
