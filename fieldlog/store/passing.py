"""What of a journal goes out: every line that is whole, and in the place of one that is not, its lost form.

On the disk a damaged line stays as it is; here it is never passed on. Pure.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fieldlog.model.branch import is_branch, writer_of
from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import Line, decode, first_prev, hash_of, lost, lost_run, numbers_in, salvaged
from fieldlog.store.journal import Files
from fieldlog.store.reached import Reached

_HEAD = re.compile(rb'"head":(\{[^{}]*\}),')
_RECORD = re.compile(rb'"e":"([0-9A-Za-z-]{1,64})"')
_SPARE = ("lost", "headless")


@dataclass(frozen=True, kw_only=True)
class Lost:
    """Lines `first` to `last` of a journal that can't be read. `records` are the ids that their bytes still
    name."""

    writer: str
    lane: str
    first: int
    last: int
    records: tuple[str, ...] = ()


@dataclass
class Passing:
    """One journal on its way out, from its beginning. `lost` grows while `lines` is gone through.

    `reached` is how far the writer is known to have come; `spare` are lines of another copy, by number, taken
    where ours are lost and the chain proves them, and behind our end: `only_there` are the numbers of those.
    `part` says that it is a stretch of a journal, which begins anywhere and may leave out lines that are whole
    elsewhere: then only damaged bytes are lost lines.
    """

    writer: str
    project: str
    reached: Reached | None = None
    lane: str = ""
    spare: Mapping[int, Line] = field(default_factory=dict)
    part: bool = False
    lost: list[Lost] = field(default_factory=list)
    only_there: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._whose = writer_of(self.writer)
        self._n, self._head = 0, first_prev(self.project, self._whose)
        self._begun = not is_branch(self.writer)
        self._damaged: list[bytes] = []
        self._out: list[Line] = []
        self._doubtful = False

    def lines(self, files: Files) -> Iterator[list[Line]]:
        """The lines to pass on, file by file: every number once, in order."""
        for place, (_, data) in enumerate(files):
            for raw in data.split(b"\n"):
                if raw:
                    self._take(raw)
            if place == len(files) - 1 and data and not data.endswith(b"\n"):
                self._torn(data.rpartition(b"\n")[2])
            # The last two may still turn out not to be what the next one follows.
            yield self._out[:-2]
            self._out = self._out[-2:]
        if self._doubtful:
            self._settle(None)
        end = self.reached
        if end and end.n > self._n and not self._begun:
            # Where it began is not known any more, so nothing can stand for it.
            self.lane = end.lane
            self._tell(end.n, end.n)
        elif end and end.n > self._n:
            self.lane = self.lane or end.lane
            self._fill(end.n, end.head)
        elif self._damaged:
            # Nothing proves what number and what head they had: they are named, and nothing stands for them.
            self._tell(self._n + 1, self._n + len(self._damaged))
        while (line := self.spare.get(self._n + 1)) and line.prev == self._head:
            self.lane, self._n, self._head = line.lane, line.n, line.head_hash
            self.only_there.append(line.n)
            self._out.append(line)
        yield self._out

    def _take(self, raw: bytes) -> None:
        try:
            found = [decode(raw)]
        except DamagedLine:
            found = list(salvaged(raw))
            if not found:
                self._damaged.append(raw)
        for line in found:
            if line.writer == self._whose and line.last > self._n:
                if not self._begun:
                    self._begin(line)
                self._follow(line)

    def _begin(self, line: Line) -> None:
        """A branch begins where its first line says."""
        self._begun = True
        damaged = len(self._damaged)
        self._n, self._head = max(line.n - 1 - damaged, 0), "" if damaged else line.prev

    def _torn(self, raw: bytes) -> None:
        """A last line without its end was never called saved, unless the writer is known to have come further."""
        if self._damaged and self._damaged[-1] == raw and not (self.reached and self.reached.n > self._n):
            self._damaged.pop()

    def _follow(self, line: Line) -> None:
        self.lane = line.lane
        if self._doubtful:
            self._settle(line if line.has_head and line.n == self._n + 1 else None)
        if not line.has_head:
            self._fill(line.last, line.head_hash)
            return
        if line.n > self._n + 1 and self.part and not self._damaged:
            self._n, self._head = line.n - 1, line.prev
        elif line.n > self._n + 1:
            self._fill(line.n - 1, line.prev)
        elif self._damaged:
            # Its number was given once more; what it said stands nowhere else.
            self._tell(line.n, line.n)
        self._doubtful = line.prev != self._head and bool(self._out)
        if line.form == "lost":
            line = self._better(line.n, line.head_hash) or line
            if line.form == "lost":
                self._tell(line.n, line.n)
        self._n, self._head = line.n, line.head_hash
        self._out.append(line)

    def _settle(self, line: Line | None) -> None:
        """Of two lines that don't follow each other one is not what its writer wrote, however whole it looks: the
        later, unless the next follows it. It is taken for lost."""
        self._doubtful = False
        *_, before, doubtful = self._out
        self._out[-2:] = [before]
        if line is not None and line.prev != doubtful.head_hash:
            self._n, self._head = before.last, before.head_hash
            self._fill(doubtful.last, line.prev)
            return
        self._out.pop()
        self._n = before.n - 1
        self._fill(before.last, doubtful.prev)
        self._n, self._head = doubtful.last, doubtful.head_hash
        self._out.append(doubtful)

    def _fill(self, last: int, head: str) -> None:
        """What stands for the lines up to `last`, whose head hashes to `head`: backwards as far as heads are
        proven, and one run for the rest."""
        first, n, found = self._n + 1, last, list[Line]()
        heads = {hash_of(one): one for raw in self._damaged for one in _HEAD.findall(raw)}
        self._n, self._head = last, head
        while n >= first and (line := self._better(n, head) or _proven(heads.get(head), n, self._whose)):
            found.append(line)
            n, head = n - 1, line.prev
        if n >= first:
            run = lost_run(writer=self._whose, lane=self.lane, first=first, last=n, head=head)
            found.append(decode(run.rstrip(b"\n")))
        gone = [line for line in found if line.form in _SPARE]
        if gone:
            self._tell(gone[-1].n, gone[0].last)
        self._damaged.clear()
        self._out += reversed(found)

    def _better(self, n: int, head: str) -> Line | None:
        line = self.spare.get(n)
        return line if line and line.head_hash == head and line.form not in _SPARE else None

    def _tell(self, first: int, last: int) -> None:
        named = dict.fromkeys(one.decode() for raw in self._damaged for one in _RECORD.findall(raw))
        found = Lost(writer=self.writer, lane=self.lane, first=first, last=last, records=tuple(named))
        self.lost.append(found)
        self._damaged.clear()


def _proven(head: bytes | None, n: int, writer: str) -> Line | None:
    """The lost form of a line whose head is one that was written."""
    if head is None:
        return None
    try:
        said = json.loads(head)
        line = decode(lost(b'{"fl":1,"head":' + head + b',"body":').rstrip(b"\n"))
    except (ValueError, DamagedLine):
        return None
    return line if (said["n"], said["w"]) == (n, writer) else None


_TAIL_BYTES = len(b',"crc":"00000000"}')
_GLANCE_BYTES = 1024
_LOST = (b'"body":null,"lost":', b',"lost":{"w":')
"""Quotation marks inside of texts are escaped: these stand nowhere else."""


def is_sound(files: Files, reached: Reached | None) -> bool:
    """Whether every line is as its checksum says, none is lost, and none is missing by number. Reads no body."""
    n = 0
    for _, data in files:
        if not data:
            continue
        count = _sound_lines(data)
        last = data.rfind(b"\n", 0, -1) + 1
        try:
            first_n, last_n = numbers_in(data[:_GLANCE_BYTES])[0], numbers_in(data[last : last + _GLANCE_BYTES])[1]
        except DamagedLine:
            return False
        if not count or (first_n, last_n) != (n + 1, n + count):
            return False
        n = last_n
    return not (reached and reached.n > n)


def _sound_lines(data: bytes) -> int:
    """How many lines there are; 0 where one of them is not as its checksum says, or stands for what is lost."""
    held, start, count = memoryview(data), 0, 0
    while (stop := data.find(b"\n", start)) >= 0:
        end = stop - _TAIL_BYTES
        tail = b',"crc":"%08x"}' % zlib.crc32(held[start:end])
        # What ends as a body does is none of these.
        if data[end - 2 : stop] != b"]}" + tail and (
            data[end:stop] != tail or any(mark in data[start:end] for mark in _LOST)
        ):
            return 0
        start, count = stop + 1, count + 1
    return count if start == len(data) else 0
