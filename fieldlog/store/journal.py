"""A writer's journal: numbered files of lines, and what reading them finds.

Where several devices wrote on under one writer's id, each branch of it is a journal (`model/branch.py`): what is
called a writer here is the name of one of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from fieldlog.model.branch import is_branch, writer_of
from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import Line, decode, first_prev, hash_of, head_in, numbers_in, salvaged
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.store.reached import Reached

FOLDER = "journals"
SEGMENT_BYTES = 1 << 20
"""A journal file this long is left and the next begun: what erasing rewrites stays small."""

OPEN_AHEAD_BYTES = SEGMENT_BYTES * 3 // 4
TORN = ".torn"
Files = Sequence[tuple[int, bytes]]
"""A journal's files by their numbers, in order."""


@dataclass(frozen=True, kw_only=True)
class Position:
    """How far a journal has been read: the file, the byte after the last line, that line's `n` and head hash."""

    segment: int = 1
    offset: int = 0
    n: int = 0
    head: str


SALVAGED = sentence(
    "line {line} of journal {journal}, file {file}, was damaged around its end; what it says could be read."
)
DAMAGED = sentence("line {line} of journal {journal}, file {file}, is damaged: {why}.")
UNFINISHED = sentence(
    "line {line} of journal {journal}, file {file}, is unfinished: it was being written when the device stopped."
)
ANOTHERS = sentence("line {line} of journal {journal}, file {file}, belongs to another journal ({other}).")
AGAIN = sentence("line {line} of journal {journal}, file {file}, is number {n} once more.")
GAP = sentence("before line {line} of journal {journal}, file {file}, the lines {first} to {last} are missing.")
LOST = sentence("what line {first} of journal {journal} said was damaged before it came here.")
LOST_RUN = sentence("what lines {first} to {last} of journal {journal} said was damaged before it came here.")
NOT_NEXT = sentence("line {line} of journal {journal}, file {file}, does not follow the line before it.")


@dataclass(frozen=True, kw_only=True)
class JournalFault:
    """Something in a journal that is not as its writer left it.

    `what` is damaged, salvaged (its words were read all the same), torn (an unfinished last line, never
    called saved), gap (lines are missing), chain (a line that does not follow the one before), short (the views
    have seen more than there is), lost (lines that came in without their words, which were damaged elsewhere) or
    unread (it is as it was written, but what it says can't be read). `line` counts from 1 in its file.
    """

    what: str
    writer: str
    segment: int
    line: int
    sentence: str


@dataclass
class Reading:
    """What reading a journal found: whole lines in order, faults, and where it ends.

    `torn` is the offset of an unfinished last line in the last file, or None; `unended` says that the last
    line is whole but for its line end. `hurt` counts the damaged lines behind the last whole one, and
    `hurt_head` stands for the head of the last of them.
    """

    end: Position
    lines: list[Line] = field(default_factory=list)
    faults: list[JournalFault] = field(default_factory=list)
    torn: int | None = None
    unended: bool = False
    hurt: int = 0
    hurt_head: str = ""

    def onward(self, reached: Reached | None) -> tuple[int, str]:
        """The number and the head hash that the writer goes on from: never from a number that was given before,
        be what had it damaged or gone."""
        known = [(self.end.n, self.end.head)]
        # What is kept of a damaged line says more than its bytes do.
        known += [(reached.n, reached.head)] if reached else []
        known += [(self.end.n + self.hurt, self.hurt_head)] if self.hurt else []
        return max(known, key=_number)


def _number(end: tuple[int, str]) -> int:
    return end[0]


def path(writer: str, segment: int) -> str:
    return f"{FOLDER}/{writer}/{segment:06d}.jsonl"


async def writers(disk: Disk) -> list[str]:
    """Every writer that has a journal here, sorted."""
    return [found.name for found in await disk.list(FOLDER) if found.is_dir]


async def segments(disk: Disk, writer: str) -> list[int]:
    """The numbers of a writer's journal files, in order."""
    names = [found.name for found in await disk.list(f"{FOLDER}/{writer}")]
    return sorted(int(name[:-6]) for name in names if name.endswith(".jsonl") and name[:-6].isdigit())


async def lane_of(disk: Disk, writer: str) -> str:
    """The lane that a writer's first readable line says; "" where none does."""
    for segment in await segments(disk, writer):
        for raw in (await disk.read(path(writer, segment))).split(b"\n"):
            with suppress(DamagedLine):
                return decode(raw).lane
    return ""


async def chunks(disk: Disk, writer: str, until: Position | None = None) -> AsyncIterator[bytes]:
    """A journal's bytes, file by file, lines unchanged. What was added behind `until` meanwhile is left out."""
    for segment in await segments(disk, writer):
        if until and segment > until.segment:
            return
        data = await disk.read(path(writer, segment))
        if until and segment == until.segment and until.offset < len(data):
            # Where something was erased meanwhile, lines are shorter: up to the last that is whole.
            data = data[: data.rfind(b"\n", 0, until.offset) + 1]
        if data:
            yield data if data.endswith(b"\n") else data + b"\n"


def start_of(project: str, journal: str, files: Files) -> Position:
    """Where a journal begins: before its writer's first line, or, of a branch, before the first line it holds."""
    for raw in (raw for _, data in files for raw in data.split(b"\n")) if is_branch(journal) else ():
        if begun := before(raw):
            return begun
    return Position(head=first_prev(project, writer_of(journal)))


def before(raw: bytes) -> Position | None:
    """Where a line goes on from; None of one that can't be read or tells no head."""
    with suppress(DamagedLine):
        line = decode(raw)
        return Position(n=line.n - 1, head=line.prev) if line.has_head else None
    return None


async def head_at(disk: Disk, journal: str, n: int) -> str:
    """The hash of the head of a journal's line of that number; "" where there is none that can be read."""
    for segment in reversed(await segments(disk, journal)):
        for raw in reversed((await disk.read(path(journal, segment))).split(b"\n")):
            with suppress(DamagedLine):
                if numbers_in(raw)[1] == n:
                    return decode(raw).head_hash
    return ""


async def read(disk: Disk, writer: str, project: str, since: Position | None = None) -> Reading:
    """Read a journal from a position on, or whole. Damage is named, and what follows it is read."""
    numbers = [n for n in await segments(disk, writer) if since is None or n >= since.segment]
    files = [(n, await disk.read(path(writer, n))) for n in numbers]
    start = since or start_of(project, writer, files)
    whole = Reading(end=start)
    for found in by_file(files, writer, start):
        whole.lines += found.lines
        whole.faults += found.faults
        whole.end, whole.torn, whole.unended = found.end, found.torn, found.unended
        whole.hurt = found.hurt + (0 if found.lines else whole.hurt)
        whole.hurt_head = found.hurt_head or whole.hurt_head
    return whole


def by_file(files: Files, writer: str, start: Position) -> Iterator[Reading]:
    """What the files of a journal, by number, say from a position on: one reading a file, to be let go early.

    Pure. Each `end` is where the journal ends so far. A file that was opened ahead and holds nothing yet ends
    nothing: the last line is that of the file before it.
    """
    end = start
    while len(files) > 1 and not files[-1][1]:
        files = files[:-1]
    for segment, data in files:
        found = Reading(end=end)
        offset = start.offset if segment == start.segment else 0
        if offset > len(data):
            words = Sentence(
                "journal {writer} is shorter than it was: saved lines are missing from its file {segment}.",
                writer=writer, segment=segment,
            )  # fmt: skip
            found.faults.append(JournalFault(what="short", writer=writer, segment=segment, line=0, sentence=words))
        else:
            Reader(found, writer, segment, last=segment == files[-1][0]).read(data, offset)
        end = found.end
        yield found


class Reader:
    """Reads one journal file into a `Reading`."""

    def __init__(self, found: Reading, writer: str, segment: int, *, last: bool) -> None:
        self.found, self.writer, self.segment, self.last = found, writer, segment, last
        self.chained = True

    def read(self, data: bytes, offset: int) -> None:
        number = data.count(b"\n", 0, offset)
        while offset < len(data):
            number += 1
            stop = data.find(b"\n", offset)
            ended = stop >= 0
            raw = data[offset : stop if ended else len(data)]
            self.take(raw, number, offset, ended=ended)
            offset += len(raw) + ended
        self._move(offset if self.found.torn is None else self.found.torn)

    def take(self, raw: bytes, number: int, offset: int, *, ended: bool) -> None:
        try:
            self._keep(decode(raw), number)
            self.found.unended = not ended
        except DamagedLine as damage:
            rescued = list(salvaged(raw))
            for line in rescued:
                self._keep(line, number)
            if rescued:
                self._fault("salvaged", number, SALVAGED)
                self.found.unended = not ended
            elif ended or not self.last:
                self._fault("damaged", number, DAMAGED, why=damage.why)
                self.chained = False
                self.found.hurt += 1
                # Beyond what is known of how far the writer came, nothing left this device: any head will do.
                self.found.hurt_head = hash_of(head_in(raw) or raw)
            else:
                self._fault("torn", number, UNFINISHED)
                self.found.torn = offset

    def _keep(self, line: Line, number: int) -> None:
        end = self.found.end
        if line.writer != writer_of(self.writer):
            self._fault("chain", number, ANOTHERS, other=line.writer)
        elif line.n <= end.n:
            self._fault("chain", number, AGAIN, n=line.n)
        elif self.chained and line.n != end.n + 1:
            self._fault("gap", number, GAP, first=end.n + 1, last=line.n - 1)
        elif self.chained and line.has_head and line.prev != end.head:
            self._fault("chain", number, NOT_NEXT)
        if line.form in ("headless", "lost"):
            self._fault("lost", number, LOST if line.n == line.last else LOST_RUN, first=line.n, last=line.last)
        self.chained, self.found.hurt = True, 0
        self.found.lines.append(line)
        if line.last > end.n:
            self.found.end = Position(segment=self.segment, offset=0, n=line.last, head=line.head_hash)

    def _fault(self, what: str, number: int, words: str, **values: object) -> None:
        said = Sentence(words, line=number, journal=self.writer, file=self.segment, **values)
        fault = JournalFault(what=what, writer=self.writer, segment=self.segment, line=number, sentence=said)
        self.found.faults.append(fault)

    def _move(self, offset: int) -> None:
        end = self.found.end
        self.found.end = Position(segment=self.segment, offset=offset, n=end.n, head=end.head)
