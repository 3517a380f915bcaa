"""A crew list as productions hand it out: everyone under a code and a pseudonym, and no real name kept.

A column of names is read only to be left out. What a row is known by is what else it says, and its place
among rows that say the same: so the same file again changes nothing, and nothing kept here, not even a
digest, would tell whether a certain person is on the list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.ids import imported_id
from fieldlog.model.op import Op
from fieldlog.model.records import StoredPerson
from fieldlog.model.register import Person, numbered
from fieldlog.model.sentence import Counted, Sentence, sentence
from fieldlog.services.machine.tables import Cell, TooLarge, TwoAlike, tables, text_of
from fieldlog.services.register.people import has_han, in_both_scripts, next_code, proposed_pseudonyms
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "name", "real name", "full name", "first name", "last name", "surname",
        "姓名", "名字", "真实姓名", "姓", "名",
    ),
    "role": ("role", "job", "job title", "title", "position", "职务", "岗位", "职位", "工种"),
    "dept": ("dept", "dept.", "department", "unit", "部门", "组别", "组"),
    "pseudonym": ("pseudonym", "alias", "化名", "英文化名"),
    "pseudonym_zh": ("pseudonym_zh", "pseudonym (chinese)", "chinese pseudonym", "中文化名"),
    "minor": ("minor", "under age", "underage", "under 18", "child", "未成年", "未成年人", "是否未成年"),
    "code": ("code", "编号", "代号"),
}  # fmt: skip
"""What the columns are called, in English and in Chinese, in small letters."""

_TELLING = ("role", "dept", "pseudonym", "pseudonym_zh")
_YES = {"yes", "y", "true", "1", "x", "✓", "✔", "√", "是", "对", "有", "未成年", "minor", "child"}
_NO = {"", "no", "n", "false", "0", "-", "—", "否", "不是", "无", "没有", "成年", "adult"}
_CODE = re.compile(r"[A-Za-z]{1,3}\d{1,4}")
"""Codes such as P07; any other number of a list is its own affair."""

NO_CREW = sentence(
    "This is no crew list: no line names a column such as role, dept or pseudonym. Nothing was taken."
)
TOO_WIDE = sentence("Line {line} has more cells than there are columns; it was left out.")
SAYS_NOTHING = sentence("Line {line} says no role, department or pseudonym; it was left out.")
NOT_A_YES = sentence("Line {line}: whether of age is said neither with yes nor with no; taken as a minor.")
QUOTED = sentence("Line {line} has a quotation mark that does not belong there; it was left out.")
ERASED = sentence("Line {line}: this person was erased for good and stays so.")
NAMED_ALREADY = sentence("Line {line}: somebody is called {name} already; it was left out.")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A line that was not taken as it stands. `said` is a sentence with blanks for the line and the pseudonym."""

    line: int
    said: str
    name: str = ""

    def __str__(self) -> str:
        return self.said.format(line=self.line, name=self.name)


@dataclass(frozen=True, kw_only=True)
class CrewRow:
    """One person of the list, without a name. `line` is where in the file; `nth` counts rows that say the same."""

    line: int
    role: str = ""
    dept: str = ""
    pseudonym: str = ""
    pseudonym_zh: str = ""
    minor: bool = False
    code: str = ""
    nth: int = 1


@dataclass(frozen=True, kw_only=True)
class Crew:
    """What a file says. `problems` names each line that can't be taken, or not as it stands; `names_left_out`
    counts the real names that were read over."""

    rows: tuple[CrewRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    names_left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What taking a list in did: `people` are the ids of those who are in the register since."""

    people: tuple[str, ...] = ()
    same: int = 0
    problems: tuple[Problem, ...] = ()


def read_crew(data: bytes) -> Crew:
    """The rows of a crew list, CSV or XLSX. Pure.

    Every line that can't be understood is named in `problems`, never its words: they may be a real name.
    Raises `NotUnderstood` where no line names a column we know, or a column is there twice.
    """
    try:
        found = tables(data, _columns)
    except (TooLarge, TwoAlike):
        raise
    except NotUnderstood as why:
        raise NotUnderstood(Sentence(NO_CREW)) from why
    if not found:
        raise NotUnderstood(Sentence(NO_CREW))
    rows, problems, names, alike = list[CrewRow](), list[Problem](), 0, Counter[CrewRow]()
    for table in found:
        problems += [Problem(line=line, said=QUOTED) for line, _ in table.torn]
        real_names = {place for place, head in enumerate(table.head) if _called(head) in COLUMNS["name"]}
        for line, cells in table.rows:
            told = {place: text for place, cell in enumerate(cells) if (text := text_of(cell))}
            said = {name: told.get(place, "") for name, place in table.places.items()}
            names += not told.keys().isdisjoint(real_names)
            if not told:
                continue
            if max(told) >= len(table.head):
                problems.append(Problem(line=line, said=TOO_WIDE))
            elif not any(said.get(name) for name in _TELLING):
                problems.append(Problem(line=line, said=SAYS_NOTHING))
            else:
                row = _row(line, said, problems)
                same = replace(row, line=0)
                alike[same] += 1
                rows.append(replace(row, nth=alike[same]))
    return Crew(rows=tuple(rows), problems=tuple(problems), names_left_out=names)


async def take_crew(work: Workspace, rows: Sequence[CrewRow]) -> Done[Taken]:
    """Take the rows into the register as one line of the journal, all of them asked nothing yet.

    Who is there already, by the file or by a code, is left as it is; who was taken out again comes back.
    """
    ids, problems, same = list[str](), list[Problem](), 0
    ops, arrival = list[Op](), _Arrival(work)
    for row in rows:
        record = row_id(work, row)
        here = work.store.state.read(StoredPerson, record)
        if here is not None and here.erased:
            problems.append(Problem(line=row.line, said=ERASED))
        elif here is not None and here.removed:
            # An operation that its removal had not seen brings a record back.
            ops.append(work.setting(here, {"code": here.code}))
            ids.append(record)
        elif here is not None or row.code.casefold() in arrival.codes:
            same += 1
        elif taken := arrival.named_already(row):
            problems.append(Problem(line=row.line, said=NAMED_ALREADY, name=taken))
        else:
            ops.append(work.op(arrival.person(record, row)))
            ids.append(record)
    made = Taken(people=tuple(ids), same=same, problems=tuple(problems))
    if not ops:
        return Done(made=made)
    await work.save(ops)
    said = Counted(
        "{n} person taken in. No real name was kept.", "{n} people taken in. No real name was kept.", len(ids)
    )
    return Done(made=made, said=said, back=lambda: _remove(work, ids))


async def _remove(work: Workspace, people: Sequence[str]) -> None:
    here = [work.store.state.read(StoredPerson, person) for person in people]
    ops = [work.removing(person) for person in here if person is not None and not person.erased]
    if ops:
        await work.save(ops)


def row_id(work: Workspace, row: CrewRow) -> str:
    """The id of a row's person: made from what the row says, so the same row is the same person anywhere."""
    said = (row.role, row.dept, row.pseudonym, row.pseudonym_zh, str(row.minor), row.code, str(row.nth))
    return imported_id(0, work.store.project, "crew", *said)


class _Arrival:
    """Who is in the register while a list is taken in: each gets the next code and a name nobody bears."""

    def __init__(self, work: Workspace) -> None:
        people = list(work.store.state.each(StoredPerson))
        self.codes = {person.code.casefold() for person in people}
        self._names = {name for one in people for name in (one.pseudonym, one.pseudonym_zh) if name}
        self._next = numbered(next_code(work))[1]
        self._free = proposed_pseudonyms(work)
        self._since = work.machine.clock().text()[:10]

    def named_already(self, row: CrewRow) -> str:
        """The pseudonym of the row that somebody bears; "" where none is."""
        return next((name for name in (row.pseudonym, row.pseudonym_zh) if name and name in self._names), "")

    def person(self, record: str, row: CrewRow) -> Person:
        code = row.code or f"P{self._next:02d}"
        self._next = max(self._next, numbered(code)[1] + 1 if code.upper().startswith("P") else 0)
        self.codes.add(code.casefold())
        one, two = self._pseudonym(row)
        self._names |= {one, two}
        role, role_zh = in_both_scripts(row.role)
        return Person(
            id=record, code=code, pseudonym=one, pseudonym_zh=two or None, role=role, role_zh=role_zh,
            dept=row.dept or None, minor=row.minor, consent={"state": "pending", "since": self._since},
        )  # fmt: skip

    def _pseudonym(self, row: CrewRow) -> tuple[str, str]:
        if row.pseudonym or row.pseudonym_zh:
            one, two = row.pseudonym, row.pseudonym_zh
            return (one or two, two or (one if has_han(one) else ""))
        return next((pair for pair in self._free if not self._names & set(pair)), ("", ""))


def _columns(cells: Sequence[Cell]) -> dict[str, int] | None:
    """What a line that names columns says of them; None for any other line."""
    called = [_called(cell) for cell in cells]
    places = {
        name: called.index(next(word for word in called if word in words))
        for name, words in COLUMNS.items() if name != "name" and set(words) & set(called)
    }  # fmt: skip
    return None if places.keys().isdisjoint(_TELLING) else places


def _called(cell: Cell) -> str:
    return text_of(cell).strip(" *:：").casefold()


def _row(line: int, said: Mapping[str, str], problems: list[Problem]) -> CrewRow:
    young = said.get("minor", "").casefold()
    if young not in _YES | _NO:
        problems.append(Problem(line=line, said=NOT_A_YES))
    code = said.get("code", "").upper()
    return CrewRow(
        line=line, minor=young not in _NO, role=said.get("role", ""), dept=said.get("dept", ""),
        pseudonym=said.get("pseudonym", ""), pseudonym_zh=said.get("pseudonym_zh", ""),
        code=code if _CODE.fullmatch(code) else "",
    )  # fmt: skip
