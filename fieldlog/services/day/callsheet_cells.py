"""What one cell of a plan says, as spreadsheets and people write it: a date, a time, a number, scenes, people."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR
from fieldlog.model.production_clock import MOST_HOURS
from fieldlog.model.register import scene_code
from fieldlog.services.machine.tables import LEAP_OF_1900
from fieldlog.services.study.typed_times import NoYear, TwoReadings, clock_of, written_date

NOTHING = frozenset({"", "-", "—", "–", "/", "tbd", "tba", "tbc", "n/a", "无", "待定", "另行通知"})
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


def read_date(cell: Any, before: str = "", year: int | None = None, zero: date = LEAP_OF_1900) -> str:
    """The ISO date a cell means, "" where it says none. A year left out is that of `before`, else `year`; a bare
    number counts from `zero`.

    Raises `Unclear`: date, year, day-or-month.
    """
    if isinstance(cell, date):
        if not FIRST_YEAR <= cell.year <= LAST_YEAR:
            raise Unclear("date")
        return f"{cell:%Y-%m-%d}"
    text = said_in(cell).casefold()
    if text in NOTHING:
        return ""
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        serial = int(float(text)) + (zero - LEAP_OF_1900).days
        if serial in SERIALS:
            return (LEAP_OF_1900 + timedelta(days=serial)).isoformat()
    try:
        found = written_date(text)
        if found is None:
            raise Unclear("date")
        return found.date(int(before[:4]) if before else year).isoformat()
    except TwoReadings as why:
        raise Unclear("day-or-month") from why
    except NoYear as why:
        raise Unclear("year") from why
    except NotUnderstood as why:
        raise Unclear("date") from why


def read_times(cell: Any, *, begins: bool = False) -> tuple[str, str]:
    """The one or two times in a cell, "08:30", past midnight "25:10", "" where none is said. Raises `Unclear`.

    What `begins` a day does not lie in the night after it: 凌晨5:00 is 05:00 there.
    """
    if isinstance(cell, timedelta):
        return _shown(cell / timedelta(minutes=1)), ""
    if isinstance(cell, datetime):
        return _shown(cell.hour * 60 + cell.minute), ""
    if isinstance(cell, time):
        return _shown(cell.hour * 60 + cell.minute), ""
    if isinstance(cell, float) and 0 < cell < 2:
        return _shown(cell * 24 * 60), ""
    text = said_in(cell).casefold()
    if text in NOTHING:
        return "", ""
    if re.fullmatch(r"\d{1,2}", text):
        return _shown(int(text) * 60), ""
    parts = [part.strip() for part in re.split(r"\s*(?:-|–|—|~|到|至|\bto\b)\s*", text) if part.strip()]
    if not 1 <= len(parts) <= 2:
        raise Unclear("time")
    clocks = [_clock(part, begins) for part in parts]
    if len(clocks) == 2 and clocks[1] < clocks[0]:
        # 晚8:00-10:00 says only once that it is evening.
        word = re.match(r"\D*", parts[0])
        clocks[1] = max(clocks[1], _clock((word[0] if word else "") + parts[1], begins))
    return _shown(clocks[0]), _shown(clocks[1]) if len(clocks) > 1 else ""


def _clock(text: str, begins: bool) -> int:
    """Minutes since the midnight a day begins with."""
    found = clock_of(text, by_night=not begins, amid=True)
    if found is None:
        raise Unclear("time")
    return found.seconds // 60


def _shown(minutes: float) -> str:
    whole = round(minutes)
    if not 0 <= whole < MOST_HOURS * 60:
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
