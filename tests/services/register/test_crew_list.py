"""A crew list: whatever spreadsheet wrote it, everyone on it and no real name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotUnderstood
from fieldlog.services.register.crew_list import read_crew, row_id, take_crew
from fieldlog.services.register.people import people, quick_add
from fieldlog.services.study.workspace import Workspace
from tests.fakes.undo import take_back
from tests.services.day.test_callsheet import workbook

ENGLISH = """Name,Role,Dept,Pseudonym,Minor
Zhang Wei,Gaffer,Lighting,Lei,
Li Na,Actor,Cast,,yes
Wang Fang,Grip,Camera,,no
Liu Yang,Grip,Camera,,no
"""
CHINESE = "姓名,职务,部门,化名,未成年\n张伟,灯光师,灯光组,雷师傅,否\n李娜,演员,演员组,,是\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "，", "；"])
def test_any_spreadsheet_in_either_language_is_read(coding: str, separator: str) -> None:
    for text, roles in ((CHINESE, ["灯光师", "演员"]), (ENGLISH, ["Gaffer", "Actor", "Grip", "Grip"])):
        crew = read_crew(text.replace(",", separator).replace("\n", "\r\n").encode(coding))
        assert [row.role for row in crew.rows] == roles
        assert [row.minor for row in crew.rows][:2] == [False, True]
        assert crew.names_left_out == len(roles)
        assert crew.problems == ()


async def test_everyone_gets_a_code_and_a_pseudonym_and_no_real_name_is_anywhere(work: Workspace) -> None:
    await quick_add(work, pseudonym="An", pseudonym_zh="安")
    taken = (await take_crew(work, read_crew((ENGLISH + "Zhao Min,,,,\n").encode()).rows)).made
    rows = people(work)
    assert [row.code for row in rows] == ["P01", "P02", "P03", "P04", "P05"]
    assert rows[1].pseudonym == "Lei"
    assert len({row.pseudonym for row in rows}) == len({row.id for row in rows}) == 5
    assert [(row.role, row.role_zh, row.dept, row.minor) for row in rows[1:3]] == [
        ("Gaffer", "Gaffer", "Lighting", False), ("Actor", "演员", "Cast", True),
    ]  # fmt: skip
    assert {row.state for row in rows[1:]} == {"pending"}
    assert set(taken.people) == {row.id for row in rows[1:]}
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    whole = await disk.read(f"journals/{work.store.own_writers['team']}/000001.jsonl")
    assert b"Gaffer" in whole
    for name in ("Zhang", "Li Na", "Zhao Min"):
        assert name.encode() not in whole


async def test_the_same_file_again_changes_nothing(work: Workspace) -> None:
    crew = read_crew(ENGLISH.encode())
    await take_crew(work, crew.rows)
    before = people(work)
    again = (await take_crew(work, read_crew(ENGLISH.replace(",", ";").encode("gb18030")).rows)).made
    assert (again.people, again.same, again.problems) == ((), 4, ())
    assert people(work) == before


async def test_a_list_that_has_grown_adds_only_who_is_new(work: Workspace) -> None:
    await take_crew(work, read_crew(ENGLISH.encode()).rows)
    grown = ENGLISH.replace("Wang Fang", "Sun Li,Grip,Camera,,no\nWang Fang") + "Wu Di,Driver,,,\n"
    taken = (await take_crew(work, read_crew(grown.encode()).rows)).made
    assert (len(taken.people), taken.same) == (2, 4)


async def test_taken_back_and_taken_in_again_they_are_who_they_were(work: Workspace) -> None:
    rows = read_crew(ENGLISH.encode()).rows
    taken = await take_crew(work, rows)
    before = people(work)
    await take_back(taken)
    assert people(work) == []
    again = (await take_crew(work, rows)).made
    assert set(again.people) == set(taken.made.people)
    assert people(work) == before


async def test_a_code_of_the_list_is_kept_and_one_that_is_there_is_left_alone(work: Workspace) -> None:
    await quick_add(work, pseudonym="An")
    data = "编号,职务\nP01,导演\np09,录音\n7,场记\n".encode()
    taken = (await take_crew(work, read_crew(data).rows)).made
    assert (len(taken.people), taken.same) == (2, 1)
    assert [(row.code, row.role_zh) for row in people(work)] == [("P01", ""), ("P09", "录音"), ("P10", "场记")]


async def test_a_pseudonym_somebody_bears_is_told_with_its_line(work: Workspace) -> None:
    await quick_add(work, pseudonym="Lei")
    taken = (await take_crew(work, read_crew(b"role,pseudonym\nGaffer,Lei\nGrip,Bo\nGrip,Bo\n").rows)).made
    assert [str(one).split(":")[0] for one in taken.problems] == ["Line 2", "Line 4"]
    assert [row.pseudonym for row in people(work)] == ["Lei", "Bo"]


def test_what_stands_above_the_columns_is_passed_over() -> None:
    crew = read_crew("《雨停之前》通讯录,,\n\n第 3 版,,\n 姓名 ,职务：,*部门\n张伟,灯光师,灯光组,,\n".encode())
    assert [(row.line, row.role, row.dept) for row in crew.rows] == [(5, "灯光师", "灯光组")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Zhang Wei,,,,", "Line 2 says no role"),
        ("Zhang Wei,Gaffer,Lighting,,no,more", "Line 2 has more cells"),
        ("Zhang Wei,Gaffer,Lighting,,perhaps", "Line 2: whether of age"),
        ('Zhang "Big" Wei,"Gaf"fer,Lighting,,', "Line 2 has a quotation mark"),
        ('Zhang Wei,"Gaffer,Lighting,,', "Line 2 has a quotation mark"),
    ],
)  # fmt: skip
def test_a_line_not_understood_is_named_without_its_words_and_the_rest_is_read(line: str, says: str) -> None:
    crew = read_crew(f"Name,Role,Dept,Pseudonym,Minor\n{line}\nLi Na,Actor,Cast,,\n".encode())
    assert len(crew.problems) == 1
    assert str(crew.problems[0]).startswith(says)
    assert "Zhang" not in "".join(map(str, crew.problems))
    assert crew.rows[-1].role == "Actor"


def test_who_is_perhaps_a_minor_is_one() -> None:
    assert read_crew("role,minor\nActor,16 岁\n".encode()).rows[0].minor


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00", b"text\nhello\n", "姓名\n张伟\n".encode()])
def test_a_file_that_names_no_column_of_ours_is_no_crew_list(data: bytes) -> None:
    with pytest.raises(NotUnderstood, match="no crew list"):
        read_crew(data)


@given(st.binary(max_size=400), st.sampled_from(["utf-8", "gb18030"]))
@example(b";;", "utf-8")
def test_whatever_stands_below_the_columns_every_row_is_taken_or_told(data: bytes, coding: str) -> None:
    try:
        crew = read_crew("role,dept\n".encode(coding) + data)
    except NotUnderstood:
        assert "\0" in data.decode(errors="replace") or data.decode(errors="replace").count("\ufffd")
        return
    for row in crew.rows:
        assert row.role or row.dept


async def test_rows_that_say_the_same_are_several_people(work: Workspace) -> None:
    rows = read_crew(ENGLISH.encode()).rows
    assert [row.nth for row in rows] == [1, 1, 1, 2]
    assert len({row_id(work, row) for row in rows}) == 4


def test_a_workbook_is_read_and_keeps_no_name_either() -> None:
    book: list[list[Any]] = [
        ["Name", "Role", "Dept"],
        ["Zhang Wei", "Gaffer", "Lighting"],
        [None, None, None],
        ["Li Na", "Actor", 7],
    ]
    crew = read_crew(workbook(*book, before=2))
    assert [(row.line, row.role, row.dept) for row in crew.rows] == [(4, "Gaffer", "Lighting"), (6, "Actor", "7")]
    assert (crew.names_left_out, "Zhang" in repr(crew)) == (2, False)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="Two columns are called “Role”"):
        read_crew(b"Role,Role\nGaffer,Grip\n")
