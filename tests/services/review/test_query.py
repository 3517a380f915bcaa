"""What is typed is read as it is meant; whatever is typed, it is read as something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.services.review.query import (
    MOST_GROUPS,
    AllOf,
    AnyOf,
    Filter,
    Part,
    Value,
    Without,
    Word,
    chips,
    parse,
    taken_off,
)


def said(part: Part) -> str:
    """A part as brackets: all of (…), any of [...], words in quotes, filters with their values."""
    match part:
        case Word():
            return f"'{part.text}'"
        case Filter():
            return f"{part.key}={'/'.join(map(str, part.values))}"
        case Without():
            return f"-{said(part.part)}"
        case AnyOf():
            return f"[{' '.join(map(said, part.parts))}]"
        case AllOf():
            return f"({' '.join(map(said, part.parts))})"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", "()"),
        ("rain  on\u3000set", "('rain' 'on' 'set')"),
        ('"once more" rain', "('once more' 'rain')"),
        ("“再来 一次” 「卡 点」 『a b』", "('再来 一次' '卡 点' 'a b')"),
        ('"not closed yet', "('not closed yet')"),
        ('他说“好”', "('他说“好”')"),
        ('5" lamp', "('5\"' 'lamp')"),
        ('"" ""', "()"),
        ("rain -snow －“a b”", "('rain' -'snow' -'a b')"),
        ("34-2 - -- -", "('34-2' '-' '--' '-')"),
        ("a OR b c", "(['a' 'b'] 'c')"),
        ("a OR b OR -c", "(['a' 'b' -'c'])"),
        ("OR a OR", "('a')"),
        ('a "OR" b or c', "('a' 'OR' 'b' 'or' 'c')"),
        ("(a b) OR c", "([('a' 'b') 'c'])"),
        ("-(a OR (b c)) d", "(-(['a' ('b' 'c')]) 'd')"),
        ("(a (b", "(('a' ('b')))"),
        ("a) (ROI(30)) x(1)", "('a)' ('ROI(30)') 'x(1)')"),
        ("()", "()"),
        ("ROI:0.97 12:08 34-1到34-2：", "('ROI:0.97' '12:08' '34-1到34-2：')"),
        ("他说：好", "('他说：好')"),
        ("day:PD03..PD05|2025-03-12,last", "(day=PD03..PD05/2025-03-12/last)"),
        ("日：PD03，PD04 人：雷 场:34-*", "(day=PD03/PD04 person=雷 scene=34-*)"),
        ("地：A 类：TN 码：x.y", "(place=A type=TN code=x.y)"),
        ("ＤＡＹ：PD03 Kind:voice", "(day=PD03 kind=voice)"),
        ('person:"小 雷",P07｜「老 马」', "(person=小 雷/P07/老 马)"),
        ('code:"a..b"', "(code=a..b)"),
        ("late:2h.. time:..12:30", "(late=2h.. time=..12:30)"),
        ("-is:left (kind:voice OR has:sound)", "(-is=left ([kind=voice has=sound]))"),
        ("day:  person:", "(day= person=)"),
        ("rain day:PD03", "('rain' day=PD03)"),
        ("day :PD03", "('day' ':PD03')"),
    ],
)  # fmt: skip
def test_a_query_is_read_as_it_is_meant(typed: str, read: str) -> None:
    assert said(parse(typed)) == read


def test_a_range_in_marks_is_a_value_as_it_stands() -> None:
    (part,) = parse('code:"a..b"').parts
    assert isinstance(part, Filter)
    assert part.values == (Value("a..b", None),)


@given(st.text(' -:"“”「」()ORday,|.人：，雷x', max_size=30) | st.text(max_size=20))
def test_whatever_is_typed_is_read_and_each_part_stands_where_it_says(typed: str) -> None:
    query = parse(typed)
    stack: list[Part] = [query]
    while stack:
        part = stack.pop()
        assert 0 <= part.start <= part.end <= len(typed)
        match part:
            case Word():
                assert part.text in typed[part.start : part.end]
            case Filter():
                assert all(value.text in typed[part.start : part.end] for value in part.values)
            case Without():
                stack.append(part.part)
            case AnyOf() | AllOf():
                stack += part.parts


def test_brackets_without_end_are_read_too() -> None:
    assert parse("(" * 50_000 + "a").parts
    deep = said(parse("(" * (MOST_GROUPS + 2) + "a"))
    assert deep == "(" * MOST_GROUPS + "('((a')" + ")" * MOST_GROUPS


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("rain day:PD03 -is:left", ["day:PD03", "-is:left"]),
        ('(a OR b) "c d" person:"小 雷",P07', ["(a OR b)", 'person:"小 雷",P07']),
        ("day:PD03 OR kind:voice", ["day:PD03 OR kind:voice"]),
    ],
)
def test_what_narrows_is_shown_and_can_be_taken_off(typed: str, shown: list[str]) -> None:
    found = list(chips(parse(typed)))
    assert [typed[one.start : one.end] for one in found] == shown
    left = taken_off(typed, found[0])
    assert shown[0] not in left
    assert list(chips(parse(left))) != found
    assert [left[one.start : one.end] for one in chips(parse(left))] == shown[1:]


def test_taking_one_off_leaves_the_rest_as_it_was_typed() -> None:
    typed = '"a  b"  day:PD03   c'
    assert taken_off(typed, next(chips(parse(typed)))) == '"a  b" c'
