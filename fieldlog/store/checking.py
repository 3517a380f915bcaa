"""What a store is checked for: its journals read whole, folded anew, and compared with the views."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fieldlog.model.branch import is_branch, writer_of
from fieldlog.model.line import Line, first_prev
from fieldlog.model.op import Op, content_text
from fieldlog.model.readable import why_unread
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.state import State, Tables
from fieldlog.store import journal as journals
from fieldlog.store.erasing import lines_in, lines_of
from fieldlog.store.journal import Files, JournalFault, start_of
from fieldlog.store.reached import Reached


@dataclass(frozen=True, kw_only=True)
class HeldStill:
    """A store at one moment: each writer's journal files by number, the views, and the faults known so far.

    `reached` is how far each writer is known to have come, `withdrawn` what is shown of lines whose words were
    withdrawn.
    """

    project: str
    files: Mapping[str, Files]
    tables: Tables
    faults: tuple[JournalFault, ...]
    reached: Mapping[str, Reached] = field(default_factory=dict)
    withdrawn: tuple[Op, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(len(data) for found in self.files.values() for _, data in found)


_VIEW = sentence("the view {table} is not what the journals say; it is made anew when views are deleted.")
_LAST_COPY = sentence(
    "the view {table} is not what the journals say now. It may hold the last copy of what they lost: keep it."
)
_SHORT = sentence(
    "journal {writer} ends with line {n}, but it had come to line {reached}: what came after is lost."
)
_ASTRAY = sentence("journal {writer} follows no line of its writer's other journals.")
_HARMLESS = ("torn", "salvaged", "unread", "differs")


def checked(held: HeldStill) -> list[JournalFault]:
    """Every fault of the journals, every record that can't be read, and every view that is not what they fold to.

    Pure.
    """
    faults, anew, said = list[JournalFault](), State(), _Said()
    parted = {writer_of(writer) for writer in held.files if is_branch(writer)}
    heads = {first_prev(held.project, writer) for writer in parted}
    for writer in sorted(held.files.keys() | held.reached.keys()):
        n, reached = 0, held.reached.get(writer)
        start = start_of(held.project, writer, held.files.get(writer, ()))
        for found in journals.by_file(held.files.get(writer, ()), writer, start):
            n = found.end.n
            heads.update(line.head_hash for line in found.lines if line.writer in parted)
            faults += found.faults
            faults += [_unread_line(line) for line in found.lines if line.odd]
            anew.apply(said.again(op for line in found.lines for op in line.ops))
        if reached and reached.n > n:
            words = Sentence(_SHORT, writer=writer, n=n, reached=reached.n)
            faults.append(JournalFault(what="short", writer=writer, segment=0, line=0, sentence=words))
    for writer in filter(is_branch, held.files):
        begin = start_of(held.project, writer, held.files[writer])
        if begin.head not in heads:
            words = Sentence(_ASTRAY, writer=writer)
            faults.append(JournalFault(what="chain", writer=writer, segment=0, line=0, sentence=words))
    lost = any(fault.what not in _HARMLESS for fault in faults)
    anew.apply(held.withdrawn)
    faults += said.differing(held.files)
    faults += [_unread(writer="", n=0, words=why_unread(kind, doc)) for kind, doc in anew.aside()]
    faults += [fault for fault in held.faults if fault not in faults]
    # Table by table is let go: all at once, nothing else could run meanwhile.
    for table in sorted(anew.tables.keys() | held.tables.keys()):
        if anew.tables.pop(table, {}) != held.tables.get(table, {}):
            words = Sentence(_LAST_COPY if lost else _VIEW, table=table)
            faults.append(JournalFault(what="view", writer="", segment=0, line=0, sentence=words))
    return faults


def _unread_line(line: Line) -> JournalFault:
    words = Sentence(
        "Line {n} of journal {writer} is whole, but what it says can't be read. It is kept and passed on.",
        n=line.n, writer=line.writer,
    )  # fmt: skip
    return _unread(writer=line.writer, n=line.n, words=words)


def _unread(*, writer: str, n: int, words: Sentence) -> JournalFault:
    return JournalFault(what="unread", writer=writer, segment=0, line=n, sentence=words)


_U = re.compile(rb'"u":"([^"\\]+)"')
_DIFFERS = sentence(
    "operation {u} on {record} is in the journals twice, and says one thing here and another there; the one of "
    "the earlier time counts."
)


class _Said:
    """Which operations were said more than once, and whether they said the same."""

    def __init__(self) -> None:
        self._once, self._again = set[str](), set[str]()

    def again(self, ops: Iterator[Op]) -> Iterator[Op]:
        """The same operations, taken note of."""
        for op in ops:
            if op.u in self._once:
                self._again.add(op.u)
            self._once.add(op.u)
            yield op

    def differing(self, files: Mapping[str, Files]) -> Iterator[JournalFault]:
        """Those that did not. Of what was imported on two devices some is worked out there: that is no fault."""
        found = defaultdict[str, dict[str, Op]](dict)
        for data in (data for held in files.values() for _, data in held) if self._again else ():
            for raw in lines_of(data):
                if any(one[1].decode("utf-8", "replace") in self._again for one in _U.finditer(raw)):
                    for op in (op for line in lines_in(raw) for op in line.ops if op.u in self._again):
                        found[op.u][content_text(op.as_json())] = op
        for u, ops in sorted(found.items()):
            imported = all(op.k == "new" for op in ops.values()) and len({op.t for op in ops.values()}) == 1
            if len(ops) > 1 and not imported:
                record = next(iter(ops.values())).e
                words = Sentence(_DIFFERS, u=u, record=record)
                yield JournalFault(what="differs", writer="", segment=0, line=0, sentence=words)
