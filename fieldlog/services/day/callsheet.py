"""Reading a call sheet or a plan: from a table with headings in English or Chinese to lines that say what is
planned. Pure; what cannot be understood is reported with its line, and the rest is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.vocabulary import DAY_TYPES, SESSION_TYPES
from fieldlog.services.day.callsheet_cells import (
    Unclear,
    code_list,
    number_of,
    read_date,
    read_times,
    scene_list,
    words_of,
)
from fieldlog.services.machine.tables import Cell, Table, TooLarge, TwoAlike, tables, text_of

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "shootdate", "shootingdate", "日期"),
    "day": ("day", "productionday", "pd", "dayno", "制作日", "第几天", "天数", "天"),
    "shoot_day": ("shootday", "shootingday", "sd", "拍摄日", "拍摄天数"),
    "type": ("type", "kind", "类型", "性质"),
    "title": ("title", "what", "description", "内容", "标题", "主题", "事项", "工作内容"),
    "session": ("session", "activity", "安排", "时段", "活动"),
    "call": ("call", "calltime", "crewcall", "出发", "集合", "集合时间", "出发时间", "通告时间"),
    "at": ("start", "starts", "begin", "from", "time", "开始", "开始时间", "时间"),
    "until": ("end", "ends", "until", "to", "结束", "结束时间"),
    "place": ("place", "location", "where", "地点", "场景地", "拍摄地点", "场地", "场景"),
    "scenes": ("scenes", "scene", "sc", "场次", "场号", "场"),
    "people": ("people", "cast", "who", "present", "人员", "演员", "参加人员", "参与者"),
}
TYPES_ZH: Mapping[str, str] = {
    "筹备": "prep", "前期": "prep", "拍摄": "shoot", "转场": "move", "转组": "move", "搬家": "move", "休息": "off",
    "放假": "off", "后期": "post", "杀青": "wrap", "关机": "wrap", "会议": "meeting", "开会": "meeting",
    "创作": "creative", "剧本": "creative", "采访": "interview", "访谈": "interview", "闲聊": "informal",
    "聚餐": "informal", "出行": "travel", "交通": "travel", "案头": "desk", "其他": "other", "preparation": "prep",
    "shooting": "shoot", "shootday": "shoot", "dayoff": "off", "rest": "off", "wrapday": "wrap",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What could not be understood: the line it stands on, why, and what is said there.

    A line is "12", or "Sheet2!12" where several sheets hold a plan.

    `why` is one of: no-header unreadable too-large column date no-date year day-or-month time scene number type
    person torn wide beside twice.
    """

    line: str
    why: str
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One line of a plan. `date` is ISO; `at`, `until` and `call` are on the production clock, "" where unsaid.

    `people` are codes and names as they are written, to be looked up in the register; `names_session` says that
    the line plans a session of its own, not the day alone.
    """

    line: str
    date: str
    day: int | None = None
    shoot_day: int | None = None
    day_type: str = ""
    session_type: str = ""
    title: str = ""
    session: str = ""
    call: str = ""
    at: str = ""
    until: str = ""
    place: str = ""
    scenes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def names_session(self) -> bool:
        return bool(self.session or self.at)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A plan as it was read: its lines in order, and which heading was taken for what."""

    rows: tuple[PlanLine, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_plan(data: bytes, name: str, year: int | None = None) -> Sheet:
    """The plan in a file, CSV or XLSX. A date without a year is of `year`, or of the year of the line above.

    Raises nothing: a file that is no plan has no rows and one problem that says so.
    """
    try:
        plans = tables(data, headings)
    except TooLarge:
        return Sheet(problems=(Problem(line="1", why="too-large"),))
    except TwoAlike as why:
        return Sheet(problems=(Problem(line="1", why="column", said=why.name),))
    except NotUnderstood:
        return Sheet(problems=(Problem(line="1", why="unreadable"),))
    if not plans:
        return Sheet(problems=(Problem(line="1", why="no-header"),))
    rows, problems, columns = list[PlanLine](), list[Problem](), dict[str, str]()
    for table in plans:
        columns |= {what: table.head[place] for what, place in table.places.items()}
        reader = _Reader(table, f"{table.sheet}!" if len(plans) > 1 else "", year)
        rows += reader.lines()
        problems += reader.problems
    return Sheet(rows=tuple(rows), columns=columns, problems=tuple(problems))


def headings(cells: Sequence[Cell]) -> dict[str, int] | None:
    """The column of each heading, where a line names a date and something else; None for any other line."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        said = plain_heading(text_of(cell))
        what = next((what for what, names in HEADINGS.items() if said in names), None)
        if what and what not in found:
            found[what] = place
    return found if "date" in found and len(found) > 1 else None


def plain_heading(heading: str) -> str:
    """A heading without its case, its brackets and all that is no letter."""
    text = re.sub(r"[(（【\[].*?[)）】\]]", "", unicodedata.normalize("NFKC", heading).casefold())
    return "".join(sign for sign in text if sign.isalnum())


class _Reader:
    """Reads the lines of one table. The date of a line is that of the one above where it says none."""

    def __init__(self, table: Table, sheet: str, year: int | None) -> None:
        self._table, self._sheet, self._year = table, sheet, year
        self._date = ""
        self.problems = [Problem(line=f"{sheet}{line}", why="torn") for line, _ in table.torn]

    def lines(self) -> list[PlanLine]:
        found = []
        for number, cells in self._table.rows:
            line = f"{self._sheet}{number}"
            if beside := self._table.beside(cells):
                # In a workbook cells stand below their headings; in a CSV one comma too many moves them all.
                why = "beside" if self._table.sheet else "wide"
                self.problems.append(Problem(line=line, why=why, said=", ".join(map(text_of, beside))))
                if why == "wide":
                    continue
            said = {what: cells[at] for what, at in self._table.places.items() if at < len(cells)}
            if any(text_of(cell) for cell in said.values()):
                made = self._line(line, said)
                found += [made] if made else []
        return found

    def _line(self, line: str, said: Mapping[str, Cell]) -> PlanLine | None:
        def tell(why: str, what: str) -> None:
            self.problems.append(Problem(line=line, why=why, said=what))

        try:
            self._date = read_date(said.get("date"), self._date, self._year, self._table.day_zero) or self._date
        except Unclear as why:
            tell(why.why, text_of(said.get("date")))
            return None
        if not self._date:
            tell("no-date", "")
            return None
        clocks = self._clocks(said, tell)
        day_type, session_type = self._types(said, tell)
        scenes, unclear = scene_list(said.get("scenes"))
        for one in unclear:
            tell("scene", one)
        return PlanLine(
            line=line, date=self._date, day=self._number(said, "day", tell), title=words_of(said.get("title")),
            shoot_day=self._number(said, "shoot_day", tell), day_type=day_type, session_type=session_type,
            session=words_of(said.get("session")), place=words_of(said.get("place")), scenes=scenes,
            people=code_list(said.get("people")), **clocks,
        )  # fmt: skip

    def _clocks(self, said: Mapping[str, Cell], tell: Any) -> dict[str, str]:
        clocks = {"call": "", "at": "", "until": ""}
        for what in ("until", "at", "call"):
            try:
                times = read_times(said.get(what), begins=what == "call")
            except Unclear:
                tell("time", text_of(said.get(what)))
                continue
            clocks[what] = times[0] or clocks[what]
            if what == "at" and times[1] and not clocks["until"]:
                clocks["until"] = times[1]
        return clocks

    def _types(self, said: Mapping[str, Cell], tell: Any) -> tuple[str, str]:
        plain = plain_heading(text_of(said.get("type")))
        if not plain:
            return "", ""
        found = next((kind for word, kind in TYPES_ZH.items() if plain.startswith(word)), plain)
        of_day, of_session = found in DAY_TYPES, found in SESSION_TYPES
        if not (of_day or of_session):
            tell("type", text_of(said.get("type")))
        return (found if of_day else ""), (found if of_session else "")

    def _number(self, said: Mapping[str, Cell], what: str, tell: Any) -> int | None:
        try:
            return number_of(said.get(what))
        except Unclear:
            tell("number", text_of(said.get(what)))
            return None
