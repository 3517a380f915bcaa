"""What is to be done so that a target says what our journals say: decided, not done. Pure.

A segment whose lines were taken in says no more than ours: where its bytes are others, ours take its place.
Nothing is removed before all of its numbers stand there as we have them. Of a writer that several devices went on
with, those may stand in another of its journals than the segment is called by (`model/branch.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fieldlog.model.branch import writer_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync import layout
from fieldlog.sync.layout import Segment, segment_made

MOST_SMALL = 32
"""So many small segments of a writer may lie there."""

NEW_THERE = sentence("holds lines that are not here yet")
OTHERWISE = sentence("says something else than ours")
BEFORE_IT = sentence("lines before it are still missing")
NEW_HERE = sentence("is not there yet")
ERASED = sentence("speaks of what was erased")
SPOILT = sentence("is damaged there")
IN_ITS_PLACE = sentence("other lines stand there in its place")
TWICE = sentence("stands there once more")
MANY = sentence("many small files become one")

Kind = Literal["read", "wait", "put", "remove"]
Span = tuple[int, int]
"""A first and a last number."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do, and `why`. Of what is put, `segment` is how it is called once it is there."""

    kind: Kind
    segment: Segment
    why: Sentence | str


@dataclass(frozen=True, kw_only=True)
class Ours:
    """A journal's lines as they leave this device, each number once, from `first` up to `last`. `writer` is the
    journal's name.

    `data` are the lines with their ends. Line k stands for the numbers from `firsts[k]` on and begins at byte
    `starts[k]`. `poor` are the numbers whose words are lost here.
    """

    writer: str
    data: bytes = b""
    firsts: Sequence[int] = ()
    starts: Sequence[int] = ()
    last: int = 0
    poor: Sequence[Span] = ()

    @classmethod
    def of(cls, writer: str, lines: Iterable[tuple[int, int, bytes]], poor: Sequence[Span] = ()) -> Ours:
        """From lines with their numbers, without their ends."""
        data, firsts, starts, end = bytearray(), list[int](), list[int](), 0
        for first, last, raw in lines:
            firsts.append(first)
            starts.append(len(data))
            data += raw + b"\n"
            end = last
        return cls(writer=writer, data=bytes(data), firsts=firsts, starts=starts, last=end, poor=tuple(poor))

    @property
    def first(self) -> int:
        return self.firsts[0] if self.firsts else 1

    def cut(self, first: int, last: int) -> bytes | None:
        """The lines of these numbers; None where they are not here, or no line begins or ends there."""
        begin, end = self._start(first), self._start(last + 1)
        return None if begin is None or end is None or end <= begin else self.data[begin:end]

    def is_same(self, segment: Segment) -> bool:
        """Whether a segment holds what ours of the same numbers do."""
        begin, end = self._start(segment.first), self._start(segment.last + 1)
        if begin is None or end is None or end - begin != segment.bytes:
            return False
        return segment_made(self.writer, segment.first, segment.last, self.data[begin:end]) == segment

    def packed(self, first: int, last: int) -> Iterator[Segment]:
        """Segments of the usual length that hold these numbers, and whatever shares a line with them."""
        starts, firsts = [*self.starts, len(self.data)], [*self.firsts, self.last + 1]
        place, stop = bisect_right(self.firsts, first) - 1, bisect_left(self.firsts, last + 1)
        while place < stop:
            end = min(max(place + 1, bisect_right(starts, starts[place] + layout.SEGMENT_BYTES) - 1), stop)
            data = self.data[starts[place] : starts[end]]
            yield segment_made(self.writer, firsts[place], firsts[end] - 1, data)
            place = end

    def is_poor(self, first: int, last: int) -> bool:
        return any(a <= last and first <= b for a, b in self.poor)

    def _start(self, n: int) -> int | None:
        if n == self.last + 1:
            return len(self.data)
        place = bisect_left(self.firsts, n)
        return self.starts[place] if place < len(self.firsts) and self.firsts[place] == n else None


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """What lies on a target. `taken` are names of segments whose lines were taken in once, `fresh` of those that
    were so just now, `damaged` of those that are not what their names say, `loose` of those whose lines, or some
    of them, follow nothing here, `gone` of those that can't be merged and speak of what was erased. `cut` are
    segments of another length than their names say: there is no more to them than their words."""

    segments: Collection[Segment] = ()
    cut: Collection[Segment] = ()
    taken: Collection[str] = ()
    fresh: Collection[str] = ()
    loose: Collection[str] = ()
    gone: Collection[str] = ()
    damaged: Collection[str] = ()


Journals = Mapping[str, Ours]
"""Those of one writer, by name."""


def plan(ours: Mapping[str, Ours], theirs: Theirs) -> list[Step]:
    """What is to be done, writer by writer, in this order: read, put, remove. Done all, what was read merged and
    planned again, nothing is left but what has to wait for lines that are nowhere yet.

    Of a writer whose journals are among `ours`, all have to be.
    """
    segments, cut = _by_name(theirs.segments), _by_name(theirs.cut)
    writers = defaultdict[str, dict[str, Ours]](dict)
    for name in sorted(ours.keys() | segments.keys()):
        writers[writer_of(name)][name] = ours.get(name) or Ours(writer=name)
    steps = list[Step]()
    for journals in writers.values():
        found, short = ([one for name in journals for one in by.get(name, [])] for by in (segments, cut))
        steps += _of_writer(journals, found, short, theirs)
    return steps


def _by_name(segments: Iterable[Segment]) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for segment in sorted(segments, key=lambda one: (one.writer, one.first, -one.last, one.name)):
        found.setdefault(segment.writer, []).append(segment)
    return found


def _of_writer(
    journals: Journals, segments: Sequence[Segment], cut: Sequence[Segment], theirs: Theirs
) -> list[Step]:  # fmt: skip
    ours_too = [one for one in segments if journals[one.writer].is_same(one)]
    known = {one.name for one in ours_too}
    gone = [one for one in (*segments, *cut) if one.name in theirs.gone]
    others = [one for one in segments if one.name not in known and one not in gone]
    spoilt = [one for one in others if one.name in theirs.damaged]
    rest = [one for one in others if one.name not in theirs.damaged]
    poorer = [one for one in rest if _says_less(journals, one, theirs)]
    unknown = [one for one in rest if not _says_less(journals, one, theirs)]
    waited_for = [*ours_too, *(one for one in unknown if one.name not in theirs.loose)]
    healing = [Step(kind="put", segment=one, why=SPOILT) for one in ours_too if one.name in theirs.damaged]
    new = [
        Step(kind="put", segment=one, why=NEW_HERE)
        for ours in journals.values()
        for first, last in uncovered(ours.first, ours.last, _spans(ours.writer, waited_for))
        for one in ours.packed(first, last)
    ]  # fmt: skip
    there = [*ours_too, *(step.segment for step in new)]
    useless = [
        *(one for one in spoilt if one.name not in theirs.loose),
        *(one for one in cut if one not in (*there, *gone)),
    ]
    steps = [*_reading(journals, unknown), *healing, *new, *_removing(journals, there, poorer, useless)]
    steps += [Step(kind="remove", segment=one, why=ERASED) for one in gone if one not in there]
    return steps or [step for ours in journals.values() for step in _joined(ours, ours_too)]


def _last(journals: Journals) -> int:
    return max(ours.last for ours in journals.values())


def _is_poor(journals: Journals, one: Segment) -> bool:
    return any(ours.is_poor(one.first, one.last) for ours in journals.values())


def _says_less(journals: Journals, one: Segment, theirs: Theirs) -> bool:
    """Whether it holds nothing that ours do not. What was lost here since it was taken in, it may still hold; so
    it may where we have no journal of its name."""
    known = one.name in theirs.taken and bool(journals[one.writer].data) and not _is_poor(journals, one)
    return one.last <= _last(journals) and (known or one.name in theirs.fresh)


def _reading(journals: Journals, unknown: Sequence[Segment]) -> Iterator[Step]:
    """A line follows one of its writer, in whichever journal that is here."""
    have = _last(journals)
    for one in sorted(unknown, key=lambda one: (one.first, -one.last)):
        if one.first > have + 1:
            yield Step(kind="wait", segment=one, why=BEFORE_IT)
            continue
        why = NEW_THERE if one.last > journals[one.writer].last else OTHERWISE
        yield Step(kind="read", segment=one, why=why)
        have = max(have, one.last)


def _removing(
    journals: Journals, there: Sequence[Segment], poorer: Sequence[Segment], spoilt: Sequence[Segment]
) -> Iterator[Step]:
    """`there` holds our lines and stays, unless another of it holds the same and more."""
    for one in poorer:
        if _stands(journals, there, one):
            yield Step(kind="remove", segment=one, why=IN_ITS_PLACE)
    for one in spoilt:
        if _stands(journals, there, one) and not _is_poor(journals, one):
            yield Step(kind="remove", segment=one, why=SPOILT)
    reached = dict.fromkeys(journals, 0)
    for one in sorted(there, key=lambda one: (one.first, -one.last)):
        if one.last <= reached[one.writer]:
            yield Step(kind="remove", segment=one, why=TWICE)
        reached[one.writer] = max(reached[one.writer], one.last)


def _stands(journals: Journals, there: Sequence[Segment], one: Segment) -> bool:
    """Whether what we have of its numbers is `there`, all of it in whichever journal it is, and no number is
    missing."""
    return not uncovered(one.first, one.last, map(_span, there)) and not any(
        uncovered(max(one.first, ours.first), min(one.last, ours.last), _spans(name, there))
        for name, ours in journals.items()
    )


def _joined(ours: Ours, same: Sequence[Segment]) -> list[Step]:
    small = [one for one in same if one.writer == ours.writer and one.bytes < layout.SMALL_BYTES]
    if len(small) <= MOST_SMALL:
        return []
    steps = list[Step]()
    for group in _neighbours(small):
        data = ours.cut(group[0].first, group[-1].last)
        if len(group) > 1 and data is not None:
            one = segment_made(ours.writer, group[0].first, group[-1].last, data)
            steps.append(Step(kind="put", segment=one, why=MANY))
            steps += [Step(kind="remove", segment=part, why=MANY) for part in group]
    return steps


def _neighbours(small: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Segments that follow each other, as many as make one of the usual length."""
    group, size = list[Segment](), 0
    for one in small:
        if group and (one.first != group[-1].last + 1 or size + one.bytes > layout.SEGMENT_BYTES):
            yield group
            group, size = [], 0
        group.append(one)
        size += one.bytes
    if group:
        yield group


def _span(one: Segment) -> Span:
    return one.first, one.last


def _spans(name: str, segments: Iterable[Segment]) -> list[Span]:
    """Those of a journal."""
    return [_span(one) for one in segments if one.writer == name]


def uncovered(first: int, last: int, spans: Iterable[Span]) -> list[Span]:
    """The numbers from `first` to `last` that no span holds."""
    found, have = list[Span](), first - 1
    for begin, stop in sorted(spans):
        if begin > have + 1 and have < last:
            found.append((have + 1, min(begin - 1, last)))
        have = max(have, stop)
    return found if have >= last else [*found, (have + 1, last)]
