"""A strip, a score and a calendar show the numbers they are given, on the screen and as SVG alike."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import flet.canvas as cv
import pytest

from fieldlog.services.rows.strips import MIDNIGHT, Bar, Strip
from fieldlog.services.rows.together import Together, Who
from fieldlog.ui.parts.theme import LOOKS
from fieldlog.ui.pictures.axis import LONGEST, Axis, day_axis, month_axis
from fieldlog.ui.pictures.drawn import canvas
from fieldlog.ui.pictures.month import calendar_picture, month_picture, weeks
from fieldlog.ui.pictures.shapes import Box, Dots, Label, Lines, Picture
from fieldlog.ui.pictures.strip import PARTS, parted, strip_picture
from fieldlog.ui.pictures.svg import svg
from fieldlog.ui.words.strip_words import clock_words, dates_words, month_said, strip_words
from fieldlog.ui.words.words import Words

LOOK = LOOKS["day"]
EN, ZH = Words("en"), Words("zh")


def bar(begins: int, ends: int, kind: str = "shoot", **said: object) -> Bar:
    usual: dict[str, object] = {"id": f"{begins}-{kind}", "title": "A session", "begins": begins, "ends": ends}
    return Bar(**{**usual, "type": kind, **said})  # type: ignore[arg-type]


def strip(day: int = 14, **said: object) -> Strip:
    usual: dict[str, object] = {
        "date": f"2025-03-{day + 2:02d}", "code": f"PD{day:02d}", "type": "shoot", "title": "Long", "n": day,
        "call": 960, "wrap": 2310, "sessions": (bar(1020, 1530), bar(1540, 1565, "meeting")), "planned": (),
        "entries": 3, "ticks": (1021, 1500, 1541),
    }  # fmt: skip
    return Strip(**{**usual, **said})  # type: ignore[arg-type]


def boxes(picture: Picture, *colours: str) -> list[Box]:
    return [one for one in picture.shapes if isinstance(one, Box) and one.fill in colours]


def test_what_lies_past_midnight_stands_on_the_dark_ground() -> None:
    one, axis = strip(), day_axis(strip(), 400)
    drawn = strip_picture(one, LOOK, axis, 36, "", hours=True)
    (dark,) = boxes(drawn, LOOK.data.dark)
    assert dark.x == axis.at(MIDNIGHT)
    assert dark.x + dark.width == 400
    past = boxes(drawn, *LOOK.data.bars_past.values())
    before = boxes(drawn, *LOOK.data.bars.values())
    assert all(box.x >= dark.x for box in past)
    assert all(box.x + box.width <= dark.x for box in before)
    assert len(past) == 2, "the session over midnight is parted, the meeting lies past it"
    assert [list(parted(*ends)) for ends in ((60, 90), (1400, 1500), (1440, 1500))] == [
        [(60, 90, False)], [(1400, 1440, False), (1440, 1500, True)], [(1440, 1500, True)],
    ]  # fmt: skip


def test_a_day_that_ends_before_midnight_has_no_dark_ground() -> None:
    early = strip(call=540, wrap=1140, sessions=(bar(600, 700),), ticks=())
    drawn = strip_picture(early, LOOK, day_axis(early, 400), 36, "")
    assert boxes(drawn, LOOK.data.dark) == []


def test_kinds_of_sessions_are_told_apart_by_their_height_too() -> None:
    one = strip(sessions=tuple(bar(600 + n * 60, 650 + n * 60, kind) for n, kind in
                               enumerate(("shoot", "meeting", "travel"))))  # fmt: skip
    drawn = strip_picture(one, LOOK, day_axis(one, 400), 36, "")
    heights = [next(box.height for box in boxes(drawn, LOOK.data.bars[kind])) for kind in PARTS]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3


def test_every_entry_is_a_tick_and_the_plan_an_outline_only_today() -> None:
    one = strip(planned=(bar(1580, 2270),))
    axis = day_axis(one, 400)
    drawn = strip_picture(one, LOOK, axis, 36, "")
    ticks = [x for lines in drawn.shapes if isinstance(lines, Lines) and lines.width == 1 for x, *_ in lines.ends]
    assert ticks == sorted(round(axis.at(minute) * 2) / 2 for minute in one.ticks)
    assert [box for box in drawn.shapes if isinstance(box, Box) and box.dashed] == []
    today = strip_picture(one, LOOK, axis, 36, "", now=1545)
    assert len([box for box in today.shapes if isinstance(box, Box) and box.dashed]) == 1


def test_what_goes_on_reaches_until_now() -> None:
    one = strip(sessions=(bar(600, 660, going_on=True),), wrap=None, ticks=())
    axis = day_axis(one, 400, now=700)
    drawn = strip_picture(one, LOOK, axis, 36, "", now=700)
    assert max(box.x + box.width for box in boxes(drawn, LOOK.data.bars["shoot"])) == pytest.approx(axis.at(700))


@pytest.mark.parametrize("width", [120.0, 380.0, 792.0])
def test_a_tap_finds_the_minute_that_is_drawn_there(width: float) -> None:
    axis = day_axis(strip(), width)
    for minute in range(axis.begins, axis.ends, 17):
        assert abs(axis.minute(axis.at(minute)) - minute) <= 1
    assert axis.minute(-50) == axis.begins
    assert axis.minute(5000) == axis.ends
    hours = list(axis.hours())
    assert 24 in hours
    assert axis.at(hours[1] * 60) - axis.at(hours[0] * 60) >= 30


def test_an_axis_holds_a_day_however_odd() -> None:
    nothing = strip(call=None, wrap=None, sessions=(), ticks=())
    assert (day_axis(nothing, 100).begins, day_axis(nothing, 100).ends) == (360, 1800)
    thirty = strip(call=1080, wrap=1080 + 30 * 60, sessions=())
    assert day_axis(thirty, 100).ends == 1080 + 31 * 60
    far = strip(sessions=(bar(-900, 90_000),))
    assert (day_axis(far, 100).begins, day_axis(far, 100).ends) == (-60, LONGEST + 60)
    month = month_axis([strip(), strip(sessions=(bar(240, 300),)), thirty], 100)
    assert (month.begins, month.ends) == (240, 48 * 60)
    assert Axis(begins=0, ends=600, width=10).midnight is None


def a_month(days: int) -> list[Strip]:
    return [strip(n + 1, date=f"2025-{3 + n // 28:02d}-{n % 28 + 1:02d}", entries=n * 5) for n in range(days)]


def test_a_tap_on_the_score_finds_its_day_and_its_person() -> None:
    people = tuple(Who(id=str(n), code=f"P{n:02d}", name=f"N{n}", name_zh="", group="cast") for n in range(20))
    seen = Together(people=people, minutes={("3", "2025-03-05"): 90}, named={("4", "2025-03-05"): 2})
    drawn = month_picture(a_month(28), LOOK, EN, width=1192, row=21, wide=True, people=seen, chosen="2025-03-05")
    assert drawn.columns
    assert [drawn.rows.at(drawn.rows.middle(n)) for n in (0, 13, 27)] == [0, 13, 27]
    assert drawn.rows.at(drawn.rows.top - 1) is None
    assert drawn.rows.at(drawn.rows.ends + 1) is None
    assert drawn.columns.at(drawn.columns.middle(19)) == people[19]
    assert drawn.columns.at(drawn.columns.x - 5) is None
    dots = [one for one in drawn.picture.shapes if isinstance(one, Dots)]
    assert sum(len(one.at) for one in dots) == 28 * 20, "nobody's day is a blank"
    full = [one for one in dots if one.color == LOOK.data.department("cast")]
    assert {(one.at, one.hollow) for one in full} == {
        (((drawn.columns.middle(3), drawn.rows.middle(4)),), False),
        (((drawn.columns.middle(4), drawn.rows.middle(4)),), True),
    }


def test_more_people_than_have_room_make_the_picture_wider() -> None:
    people = tuple(Who(id=str(n), code=f"P{n}", name="", name_zh="", group="") for n in range(120))
    drawn = month_picture(
        a_month(28), LOOK, EN, width=412, row=20, wide=False, bars=False,
        people=Together(people=people, minutes={}, named={}),
    )  # fmt: skip
    assert drawn.columns
    assert drawn.columns.width >= 12
    assert drawn.picture.width > 412


@pytest.mark.parametrize("days", [1, 28, 60])
def test_the_calendar_has_every_day_once_under_its_weekday(days: int) -> None:
    month = a_month(days)
    cells = [(n, cell) for week in weeks(month) for n, cell in enumerate(week) if cell]
    assert [cell.strip for _, cell in cells] == month
    assert all(date.fromisoformat(cell.strip.date).weekday() == n for n, cell in cells)
    assert [cell.name for _, cell in cells] == [str(n + 1) for n in range(days)]


def test_days_without_a_number_make_a_calendar_only_where_no_day_has_one() -> None:
    some = [strip(1), strip(2, n=None, code="2025-03-04")]
    assert [cell.strip.code for week in weeks(some) for cell in week if cell] == ["PD01"]
    none = [strip(2, n=None, code="2025-03-04")]
    assert [cell.name for week in weeks(none) for cell in week if cell] == ["4"]


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_is_the_same_on_the_canvas_and_as_svg(look: str) -> None:
    month = a_month(28)
    pictures = [
        month_picture(month, LOOKS[look], ZH, width=600, row=20, wide=True).picture,
        calendar_picture(month, LOOKS[look], EN),
        strip_picture(
            month[3], LOOKS[look], day_axis(month[3], 300), 36, "<said> & more", hours=True, cursor=1500
        ),
    ]
    for picture in pictures:
        drawn = canvas(picture)
        read = ElementTree.fromstring(svg(picture, LOOKS[look].surface))
        space = "{http://www.w3.org/2000/svg}"
        assert read.findtext(f"{space}title") == picture.said
        labels = [one.words for one in picture.shapes if isinstance(one, Label)]
        assert [one.text for one in read.iter(f"{space}text")] == labels
        assert [one.value for one in drawn.shapes if isinstance(one, cv.Text)] == labels
        boxes = [one for one in picture.shapes if isinstance(one, Box)]
        assert len(list(read.iter(f"{space}rect"))) == len(boxes) + 1, "and its ground"
        rects = [one for one in drawn.shapes if isinstance(one, cv.Rect)]
        assert len(rects) == sum(bool(one.fill) + bool(one.line) for one in boxes)


def test_a_strip_and_a_month_are_said_as_they_are_drawn() -> None:
    assert strip_words(strip(), EN) == "PD14, 16:00 to 38:30, 2 sessions, 3 entries"
    assert strip_words(strip(entries=1), ZH) == "PD14、16:00 至 38:30、2 个时段、1 条"
    assert month_said(a_month(28), EN) == ("28 days, 1–28 Mar, 28 shoot days, 28 past midnight, 1890 entries")
    dates = ("2025-03-03", "2025-03-30"), ("2025-03-24", "2025-04-08"), ("2025-03-03", "2025-03-03")
    assert [dates_words(*one, EN) for one in dates] == ["3–30 Mar", "24 Mar to 8 Apr", "3 Mar"]
    assert [dates_words(*one, ZH) for one in dates] == ["3月3–30日", "3月24日 至 4月8日", "3月3日"]
    assert [clock_words(minute, "2025-03-16") for minute in (0, 1541, 2879, 2880)] == [
        "00:00", "25:41", "47:59", "2025-03-18 00:00",
    ]  # fmt: skip
