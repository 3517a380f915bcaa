"""A call sheet as production sends it: read whatever the headings, taken in once, and nothing lost unsaid."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as ILLEGAL

from fieldlog.model.register import Person
from fieldlog.services.day.callsheet import PlanLine, Problem, Sheet, read_plan
from fieldlog.services.day.callsheet_cells import Unclear, code_list, read_date, read_times, scene_list
from fieldlog.services.day.callsheet_taking import foresee, take_plan
from fieldlog.services.day.sessions import planned
from fieldlog.services.imports.notes_table import read_notes
from fieldlog.services.rows import days as production_days
from fieldlog.services.study.workspace import Workspace
from tests.fakes.undo import take_back

ENGLISH = """date,day,type,title,call,place,scenes,people
2025-03-03,1,prep,Script meeting,10:00,Script room,,P01
2025-03-04,2,shoot,Office and lobby,8:30,Car park,"34-1, 34-2",P01; P02
"""
CHINESE = """《雨停之前请签字》,,,,,,
制作日,日期,安排,开始,结束,场景地,场次,演员
14,2025年3月16日,办公室,16:00,20:00,停车场,34-1到34-4,P01、阿珍
,,大堂,25:10,,,35-1～35-2,张三
15,3月17日,转场,20:00,,,,
"""


MORNING = datetime(2025, 3, 16)  # noqa: DTZ001 - spreadsheets know no zone


def lines(sheet: Sheet) -> list[PlanLine]:
    assert not sheet.problems
    return list(sheet.rows)


def workbook(*rows: list[Any], before: int = 0, formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [[None]] * before + list(rows):
        sheet.append(row)
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


async def person(work: Workspace, code: str, name: str, name_zh: str = "") -> str:
    made = Person(id=work.machine.new_id(), code=code, pseudonym=name, pseudonym_zh=name_zh or None)
    await work.save([work.op(made)])
    return made.id


def test_an_english_sheet_is_a_line_a_day() -> None:
    first, second = lines(read_plan(ENGLISH.encode(), "plan.csv"))
    assert (first.date, first.day, first.day_type, first.title, first.call) == (
        "2025-03-03", 1, "prep", "Script meeting", "10:00",
    )  # fmt: skip
    assert (second.scenes, second.people, second.place) == (("34-1", "34-2"), ("P01", "P02"), "Car park")


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_chinese_one_below_its_title_whatever_spreadsheet_wrote_it(code: str, sign: str) -> None:
    first, second, third = lines(read_plan(CHINESE.replace(",", sign).encode(code), "通告单.csv"))
    assert (first.line, first.date, first.day) == ("3", "2025-03-16", 14)
    assert (first.session, first.at) == ("办公室", "16:00")
    assert first.scenes == ("34-1", "34-2", "34-3", "34-4")
    assert first.people == ("P01", "阿珍")
    assert (second.date, second.at, second.scenes) == ("2025-03-16", "25:10", ("35-1", "35-2"))
    assert (third.line, third.date, third.session) == ("5", "2025-03-17", "转场")


def test_a_workbook_with_dates_and_times_as_spreadsheets_keep_them() -> None:
    data = workbook(
        ["日期", "开始", "结束", "安排", "制作日"],
        [MORNING, time(8, 30), timedelta(hours=25, minutes=10), "办公室", 14],
        [None, 0.5, "26:00", "大堂", None],
        [45733, "下午2:00", "次日2点半", "车", "PD15"],
        [date(2025, 3, 18), 25.25 / 24, None, "夜戏", "第16天"],
        before=3,
        formats={"B6": "General", "B8": "[h]:mm"},
    )
    found = lines(read_plan(data, "plan.xlsx"))
    assert [(one.date, one.at, one.until, one.day) for one in found] == [
        ("2025-03-16", "08:30", "25:10", 14), ("2025-03-16", "12:00", "26:00", None),
        ("2025-03-17", "14:00", "26:30", 15), ("2025-03-18", "25:15", "", 16),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-03-16", "2025-03-16"), ("2025/3/6 (Thu)", "2025-03-06"), ("2025.3.16", "2025-03-16"),
        ("2025年3月16日（周日）", "2025-03-16"), ("3月16日", "2024-03-16"), ("16 Mar 2025", "2025-03-16"),
        ("Sun, March 16th", "2024-03-16"), ("Mar 16, 2025", "2025-03-16"), ("16/3/2025", "2025-03-16"),
        ("3/16/2025", "2025-03-16"), ("06.03.2025", "2025-03-06"), ("45732", "2025-03-16"), ("-", ""),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(said: str, meant: str) -> None:
    assert read_date(said, year=2024) == meant


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("3/4/2025", "day-or-month"), ("soon", "date"), ("2025-02-30", "date"), ("3月4日", "year"),
        (MORNING.replace(year=9999), "date"), (date(1899, 12, 31), "date"),
    ],
)  # fmt: skip
def test_a_date_that_may_mean_two_days_or_none_is_not_guessed(said: str | date, why: str) -> None:
    with pytest.raises(Unclear) as refused:
        read_date(said)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("8:30", "08:30"), ("08：30", "08:30"), ("25:10", "25:10"), ("8h30", "08:30"), ("8点", "08:00"),
        ("8点半", "08:30"), ("2:00 PM", "14:00"), ("7pm", "19:00"), ("12:15 am", "24:15"), ("晚上8:00", "20:00"),
        (830, "08:30"), (10, "10:00"), ("待定", ""), ("TBC", ""),
    ],
)  # fmt: skip
def test_times_as_people_write_them(said: Any, meant: str) -> None:
    assert read_times(said) == (meant, "")


def test_a_time_may_say_its_end_too_and_an_impossible_one_is_none() -> None:
    assert read_times("10:00-12:30") == read_times("10:00 到 12:30") == ("10:00", "12:30")
    for said in ("after lunch", "48:00", "8:75", "990"):
        with pytest.raises(Unclear):
            read_times(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("34-1, 34-2", "34-1 34-2"), ("34-1到34-4", "34-1 34-2 34-3 34-4"), ("34-1～34-2、35-2", "34-1 34-2 35-2"),
        ("34-1至3", "34-1 34-2 34-3"), ("34-1-34-2", "34-1 34-2"), ("R12-3 12-3A", "R12-3 12-3A"), ("342", "34-2"),
        ("第34-1场", "34-1"), ("34集2", "34-2"), ("34-1 - 34-2", "34-1 34-2"), ("", ""), ("无", ""),
    ],
)  # fmt: skip
def test_scenes_as_slates_and_call_sheets_write_them(said: str, meant: str) -> None:
    assert scene_list(said) == (tuple(meant.split()), ())


def test_what_a_spreadsheet_made_of_a_scene_is_not_guessed_back() -> None:
    assert scene_list(MORNING)[1] == ("2025-03-16 00:00:00",)
    assert scene_list("34-1到34-60")[0][-1] == "34-60"
    assert scene_list("34-1到34-61") == ((), ("34-1到34-61",))
    assert scene_list("34-3到35-2, 34-9到34-1, all, 5-1") == (("5-1",), ("34-3到35-2", "34-9到34-1", "all"))


def test_names_keep_their_spaces_and_codes_need_no_commas() -> None:
    assert code_list("P01 P02、Xiao Mei\n阿珍") == ("P01", "P02", "Xiao Mei", "阿珍")


def test_each_line_that_is_not_understood_is_named_and_the_others_are_taken() -> None:
    text = "date,start,scenes,session\n,,,Nowhere\nsoon,,,Never\n2025-03-03,late,34-1 huh,Office\n"
    sheet = read_plan(text.encode(), "plan.csv")
    assert [(one.line, one.why, one.said) for one in sheet.problems] == [
        ("2", "no-date", ""), ("3", "date", "soon"), ("4", "time", "late"), ("4", "scene", "huh"),
    ]  # fmt: skip
    assert [(one.session, one.scenes) for one in sheet.rows] == [("Office", ("34-1",))]


def test_lines_are_counted_as_a_person_sees_them_also_below_a_cell_of_two_lines() -> None:
    text = 'date,session\n\n2025-03-03,"Office\nand lobby"\nsoon,x\n'
    assert read_plan(text.encode(), "p.csv").problems == (Problem(line="5", why="date", said="soon"),)


def test_of_several_sheets_each_with_a_plan_the_line_says_which() -> None:
    book = Workbook()
    for name in ("Week 1", "Cover", "Week 2"):
        sheet = book.create_sheet(name)
        if name != "Cover":
            sheet.append(["date", "session"])
            sheet.append(["soon", name])
    kept = io.BytesIO()
    book.save(kept)
    found = read_plan(kept.getvalue(), "plan.xlsx").problems
    assert [one.line for one in found] == ["Week 1!2", "Week 2!2"]
    one = workbook(["date", "session"], ["soon", "x"])
    assert [problem.line for problem in read_plan(one, "plan.xlsx").problems] == ["2"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no-header"), (b"a,b\n1,2\n", "no-header"), (b"PK\x03\x04torn", "unreadable"),
        (b"\x89PNG\r\n\x00\x00", "unreadable"), (b"x" * 9_000_000, "too-large"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plan_says_so(data: bytes, why: str) -> None:
    assert read_plan(data, "plan.xlsx") == Sheet(problems=(Problem(line="1", why=why),))


def test_a_plan_and_notes_are_told_apart_by_their_headings() -> None:
    plans = (ENGLISH, CHINESE, ENGLISH.replace("title", "notes"))
    assert [read_notes(plan.encode(), "a.csv") for plan in plans] == [None, None, None]
    assert read_notes(workbook(["date", "session"], ["2025-03-03", "x"]), "a.xlsx") is None
    for notes in ("text,date,people\nhello,2025-03-03,P01\n", "Date,Time,Location,Note\n2025-03-03,9:05,Mill,x\n"):
        assert read_notes(notes.encode(), "a.csv") is not None


def below_headings(text: str) -> bytes:
    return f"date,start,scenes,people\n{text}".encode("utf-8", "replace")


@given(st.binary(max_size=300) | st.text(max_size=300).map(below_headings))
def test_nothing_that_is_read_raises(data: bytes) -> None:
    read_plan(data, "any.csv")


async def test_a_plan_fills_days_sessions_scenes_people_and_places(work: Workspace) -> None:
    one, mei = await person(work, "P01", "Qiao", "乔制片"), await person(work, "P07", "Zhen", "阿珍")
    found = (await take_plan(work, read_plan(CHINESE.encode(), "通告单.csv"))).made
    assert (found.days, found.sessions, found.scenes, found.places) == (2, 3, 6, 1)
    assert found.problems == (Problem(line="4", why="person", said="张三"),)
    assert [(row["code"], row["date"]) for row in production_days.days(work.store)] == [
        ("PD14", "2025-03-16"), ("PD15", "2025-03-17"),
    ]  # fmt: skip
    office, lobby = planned(work.store.state, "2025-03-16")
    assert (office.title, office.at, office.until, office.people) == ("办公室", "16:00", "20:00", (one, mei))
    assert (lobby.at, len(lobby.scenes), lobby.type) == ("25:10", 2, "shoot")
    assert [doc["name"] for doc in work.store.state.docs("places")] == ["停车场"]
    assert "张三" not in str(work.store.state.tables)


async def test_a_line_a_day_plans_the_day_and_what_is_done_in_it(work: Workspace) -> None:
    await person(work, "P01", "Qiao")
    await take_plan(work, read_plan(ENGLISH.encode(), "plan.csv"))
    days = {doc["date"]: doc for doc in work.store.state.docs("days")}
    assert (days["2025-03-04"]["type"], days["2025-03-04"]["call"]) == ("shoot", "08:30")
    (meeting,), (shoot,) = (planned(work.store.state, day) for day in days)
    assert (meeting.title, meeting.at, meeting.type) == ("Script meeting", "10:00", "other")
    assert (shoot.title, shoot.type, len(shoot.scenes)) == ("Office and lobby", "shoot", 2)


async def test_the_same_file_again_changes_nothing(work: Workspace) -> None:
    await person(work, "P01", "Qiao")
    sheet = read_plan(CHINESE.encode(), "plan.csv")
    await take_plan(work, sheet)
    before = dict(work.store.ends)
    again = (await take_plan(work, sheet)).made
    assert (again.ops, again.same, again.changed) == ((), 5, 0)
    assert work.store.ends == before


async def test_a_newer_sheet_moves_what_the_older_one_planned(work: Workspace) -> None:
    await take_plan(work, read_plan(CHINESE.encode(), "plan.csv"))
    newer = CHINESE.replace("16:00,20:00,停车场,34-1到34-4", "17:30,,停车场,34-2")
    done = await take_plan(work, read_plan(newer.encode(), "plan.csv"))
    assert (done.made.changed, dict(done.made.new)) == (1, {})
    office, _ = planned(work.store.state, "2025-03-16")
    assert (office.at, office.until, len(office.scenes)) == ("17:30", "", 1)
    await take_back(done)
    office, _ = planned(work.store.state, "2025-03-16")
    assert (office.at, office.until, len(office.scenes)) == ("16:00", "20:00", 4)


async def test_a_plan_is_taken_back_whole_and_may_come_again(work: Workspace) -> None:
    sheet = read_plan(CHINESE.encode(), "plan.csv")
    done = await take_plan(work, sheet)
    await take_back(done)
    state = work.store.state
    assert not [*state.docs("planned"), *state.docs("scenes"), *state.docs("places"), *state.docs("days")]
    assert foresee(work, sheet).ops
    await take_plan(work, sheet)
    assert [one.title for one in planned(state, "2025-03-16")] == ["办公室", "大堂"]
    assert (await take_plan(work, sheet)).made.ops == ()


CASES = Path(__file__).parents[1] / "cases"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("晚12点", "24:00"), ("凌晨2:00", "26:00"), ("次日凌晨2:00", "26:00"), ("中午12:30", "12:30"),
        ("下午12:30", "12:30"), ("12am", "24:00"), ("12pm", "12:00"), ("上午12:10", "24:10"), ("半夜1点", "25:00"),
        ("约8:30集合", "08:30"), ("最晚8:00", "08:00"), ("１０：０５", "10:05"), ("next day 2:30", "26:30"),
    ],
)  # fmt: skip
def test_the_night_is_counted_to_the_day_before(said: str, meant: str) -> None:
    assert read_times(said) == (meant, "")


def test_a_call_begins_a_day_and_an_evening_said_once_is_meant_twice() -> None:
    assert read_times("凌晨4:30", begins=True) == ("04:30", "")
    assert read_times("晚8:00-10:00") == ("20:00", "22:00")
    assert read_times("16:00-02:00") == ("16:00", "02:00")


def test_a_workbook_that_counts_from_1904_says_the_same_times() -> None:
    (line,) = lines(read_plan((CASES / "x07_1904_serial_hmm.xlsx").read_bytes(), "plan.xlsx"))
    assert (line.date, line.at, line.until) == ("2025-03-16", "18:28", "25:10")


def test_a_call_sheets_small_hours() -> None:
    found = lines(read_plan((CASES / "x12_am.xlsx").read_bytes(), "plan.xlsx"))
    assert [(one.at, one.until) for one in found] == [
        ("26:00", "12:30"), ("12:30", "24:10"), ("24:00", ""), ("24:00", "12:00"),
    ]  # fmt: skip


def test_a_plan_is_refused_that_has_a_column_twice() -> None:
    assert read_plan(b"date,title,title\n2025-03-16,a,b\n", "p.csv").problems[0] == Problem(
        line="1", why="column", said="title"
    )


def test_a_line_with_a_comma_or_a_quotation_mark_too_many_is_named() -> None:
    text = 'date,scenes,title\n2025-03-16,34-1, 34-2,Office\n2025-03-17,"34"-1,Roof\n2025-03-18,34-3,Car\n'
    sheet = read_plan(text.encode(), "p.csv")
    assert [(one.line, one.why, one.said) for one in sheet.problems] == [
        ("3", "torn", ""),
        ("2", "wide", "Office"),
    ]
    assert [one.title for one in sheet.rows] == ["Car"]
    beside = read_plan(workbook(["date", "title"], ["2025-03-16", "Office", "bring umbrellas"]), "p.xlsx")
    assert [(one.why, one.said) for one in beside.problems] == [("beside", "bring umbrellas")]
    assert [one.title for one in beside.rows] == ["Office"]


async def test_a_day_of_preparation_with_a_time_stays_one(work: Workspace) -> None:
    text = "date,type,start,title\n2025-03-16,prep,9:00,Office\n2025-03-17,move,7:00,To town\n"
    text += "2025-03-18,off,10:00,Rest\n2025-03-19,move,7:00,To town\n2025-03-19,shoot,14:00,Roof\n"
    await take_plan(work, read_plan(text.encode(), "p.csv"))
    types = {doc["date"]: doc["type"] for doc in work.store.state.docs("days")}
    assert list(types.values()) == ["prep", "move", "off", "shoot"]


async def test_one_number_on_two_dates_is_refused_and_nothing_is_taken(work: Workspace) -> None:
    twice = read_plan(b"date,day\n2025-03-16,14\n2025-03-17,PD14\n", "p.csv")
    done = await take_plan(work, twice)
    found = done.made
    assert (found.refused, found.ops, done.back) == (True, (), None)
    assert found.problems == (Problem(line="", why="twice", said="PD14: 2025-03-16, 2025-03-17"),)
    await take_plan(work, read_plan(b"date,day\n2025-03-16,14\n2025-03-17,15\n", "p.csv"))
    assert foresee(work, read_plan(b"date,day\n2025-03-18,15\n", "p.csv")).refused
    assert not foresee(work, read_plan(b"date,day\n2025-03-16,15\n2025-03-17,16\n", "p.csv")).refused


ROWS = st.lists(st.lists(st.none() | st.text(max_size=8) | st.integers(-(10**9), 10**9) | st.floats(), max_size=6))


@given(ROWS)
def test_no_workbook_raises(rows: list[list[Any]]) -> None:
    clean = [[ILLEGAL.sub("", cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    sheet = read_plan(workbook(["date", "start", "scenes", "day", "type"], *clean), "plan.xlsx")
    assert len(sheet.rows) + len(sheet.problems) >= sum(1 for row in clean if "2025-03-16" in row[:1])
