"""What one cell of a plan says, as spreadsheets and people write it: a date, a time, a number, scenes, people."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from fieldlog.model.register import scene_code

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NOTHING = frozenset({"", "-", "—", "–", "/", "tbd", "tba", "tbc", "n/a", "无", "待定", "另行通知"})
MOST_HOURS = 48
MOST_SCENES = 60
"""A range longer than this is a slip of the finger."""

SERIALS = range(32_874, 73_051)
"""Days since 30 December 1899, as spreadsheets count, from 1990 to 2099."""


class Unclear(Exception):
    """A cell that can't be understood; `why` names how."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def said_in(cell: Any) -> str:
    """A cell's text, full-width signs made plain, on one line."""
    return " ".join(unicodedata.normalize("NFKC", "" if cell is None else str(cell)).split())


def words_of(cell: Any) -> str:
    """A cell's words, "" where it only says that there is nothing. Chinese punctuation stays as it is."""
    text = " ".join(("" if cell is None else str(cell)).split())
    return "" if text.casefold() in NOTHING else text


def read_date(cell: Any, before: str = "", year: int | None = None) -> str:
    """The ISO date a cell means, "" where it says none. A year left out is that of `before`, else `year`.

    Raises `Unclear`: date, year, day-or-month.
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = said_in(cell).casefold()
    if text in NOTHING:
        return ""
    if re.fullmatch(r"\d{5}(\.0+)?", text) and int(float(text)) in SERIALS:
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    y, month, day = _numbers_of_date(text)
    y = y or (int(before[:4]) if before else year)
    if y is None:
        raise Unclear("year")
    try:
        return date(y, month, day).isoformat()
    except ValueError as why:
        raise Unclear("date") from why


def _numbers_of_date(text: str) -> tuple[int | None, int, int]:
    """Year, month and day; the year None where it is left out."""
    if found := re.match(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.match(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", text):
        return None, int(found[1]), int(found[2])
    named = "|".join(MONTHS)
    if found := re.search(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*({named})[a-z]*[\s.,-]*(\d{{4}})?", text):
        return int(found[3]) if found[3] else None, MONTHS.index(found[2]) + 1, int(found[1])
    if found := re.search(rf"({named})[a-z]*[\s.-]*(\d{{1,2}})(?:st|nd|rd|th)?(?:[\s,-]+(\d{{4}}))?(?!\d)", text):
        return int(found[3]) if found[3] else None, MONTHS.index(found[1]) + 1, int(found[2])
    if found := re.match(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}))?(?!\d)", text):
        first, second = int(found[1]), int(found[3])
        dotted = found[2] == "." and found[4]
        if first <= 12 and second <= 12 and first != second and not dotted:
            raise Unclear("day-or-month")
        month, day = (second, first) if first > 12 or dotted else (first, second)
        return int(found[4]) if found[4] else None, month, day
    raise Unclear("date")


def read_times(cell: Any) -> tuple[str, str]:
    """The one or two times in a cell, "08:30", past midnight "25:10", "" where none is said. Raises `Unclear`."""
    if isinstance(cell, timedelta):
        return _clock(cell / timedelta(minutes=1)), ""
    if isinstance(cell, datetime):
        # A clock past 24:00 is a date at the beginning of the spreadsheet's calendar: 25:10 is 1 Jan 1900, 01:10.
        since = datetime(1899, 12, 31) if cell.year < 1901 else datetime.combine(cell.date(), time())  # noqa: DTZ001
        return _clock((cell - since) / timedelta(minutes=1)), ""
    if isinstance(cell, time):
        return _clock(cell.hour * 60 + cell.minute), ""
    if isinstance(cell, float) and 0 < cell < 2 and not isinstance(cell, bool):
        return _clock(cell * 24 * 60), ""
    text = said_in(cell).casefold()
    if text in NOTHING:
        return "", ""
    if re.fullmatch(r"\d{1,4}", text):
        hours, minutes = (int(text), 0) if len(text) < 3 else divmod(int(text), 100)
        return _clock(hours * 60 + minutes, minutes), ""
    parts = [part.strip() for part in re.split(r"\s*(?:-|–|—|~|到|至|\bto\b)\s*", text) if part.strip()]
    if not 1 <= len(parts) <= 2:
        raise Unclear("time")
    clocks = [_typed_clock(part) for part in parts]
    return clocks[0], clocks[1] if len(clocks) > 1 else ""


def _typed_clock(text: str) -> str:
    found = re.search(r"(\d{1,2})\s*[:h点时.]\s*(半|\d{1,2})?", text)
    if found is None:
        found = re.fullmatch(r"()\D*(\d{1,2})\s*(?:am|pm|a\.m\.|p\.m\.)", text)
        if found is None:
            raise Unclear("time")
        hours, minutes = int(found[2]), 0
    else:
        hours, minutes = int(found[1]), 30 if found[2] == "半" else int(found[2] or 0)
    late = re.search(r"下午|晚|傍晚|pm|p\.m", text)
    early = re.search(r"am\b|a\.m", text)
    hours = hours + 12 if late and hours < 12 else 0 if early and hours == 12 else hours
    if re.search(r"次日|翌日|第二天|隔天|next day|\+1", text):
        hours += 24
    return _clock(hours * 60 + minutes, minutes)


def _clock(minutes: float, typed: int = 0) -> str:
    whole = round(minutes)
    if not 0 <= whole < MOST_HOURS * 60 or typed > 59:
        raise Unclear("time")
    return f"{whole // 60:02d}:{whole % 60:02d}"


def number_of(cell: Any) -> int | None:
    """The number in "14", "PD14", "第14天", "Day 7 of 40"; None where nothing is said. Raises `Unclear`."""
    text = said_in(cell).casefold()
    if text in NOTHING:
        return None
    found = re.fullmatch(r"\D*?(\d{1,3})(?:\.0+)?(?:\D.*)?", text)
    if found is None or int(found[1]) < 1:
        raise Unclear("number")
    return int(found[1])


def scene_list(cell: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scenes in a cell, ranges written out, and what is no scene.

    "34-1到34-4" is four scenes, 342 is 34-2. A date is what a spreadsheet made of a scene, and can't be undone.
    """
    if isinstance(cell, datetime | date | time | timedelta):
        return (), (str(cell),)
    text = said_in(cell)
    if text.casefold() in NOTHING:
        return (), ()
    text = re.sub(r"(?<=\d)\s*(?:—|–|-|到|至|~)+\s*(?=[Rr]?\d)", lambda found: found[0].strip(), text)
    scenes, unclear = dict[str, None](), list[str]()
    for part in re.split(r"[,、;/&+\s]+|和|及", text):
        plain = re.sub(r"^第|[场集]+$", "", part.replace("集", "-", 1) if re.search(r"集.*\d", part) else part)
        if not plain:
            continue
        found = _scenes(plain)
        if not found:
            unclear.append(part)
        scenes |= dict.fromkeys(found)
    return tuple(scenes), tuple(unclear)


def _scenes(part: str) -> list[str]:
    if found := re.fullmatch(r"(R?)(\d+)-(\d+)(?:(?:到|至|~|—|–)R?(?:(\d+)-)?|-(\d+)-)(\d+)", part, re.IGNORECASE):
        episode, first, last = int(found[2]), int(found[3]), int(found[6])
        other = found[4] or found[5]
        if (other and int(other) != episode) or not first < last < first + MOST_SCENES:
            return []
        return [f"{found[1].upper()}{episode}-{n}" for n in range(first, last + 1)]
    if re.fullmatch(r"R?\d{1,4}-\d{1,3}[A-Z]?", part, re.IGNORECASE):
        return [part.upper()]
    return [scene_code(part)] if re.fullmatch(r"\d{1,5}", part) else []


def code_list(cell: Any) -> tuple[str, ...]:
    """The names in a cell; codes may stand apart by a space alone, names by a comma or a new line."""
    if cell is None or said_in(cell).casefold() in NOTHING:
        return ()
    parts = [" ".join(part.split()) for part in re.split(r"[,，、;；/\n]+", str(cell))]
    found = list[str]()
    for part in parts:
        words = part.split()
        found += words if all(re.fullmatch(r"[A-Za-z]{1,2}\d{1,4}", word) for word in words) else [part]
    return tuple(dict.fromkeys(one for one in found if one))
