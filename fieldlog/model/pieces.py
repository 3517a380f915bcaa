"""Texts piece by piece, words whole and Han by character: where two differ, and two changed ones as one.

Pure. Nothing of a text is lost: its pieces in a row are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_HAN = "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_MARKS = "(?:[\u0300-\u036f\u200c\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]|\u200d.)*"
_PIECE = re.compile(
    rf"{_HAN}{_MARKS}|(?:(?:(?!{_HAN})\w|(?<=\w)['’](?=\w)){_MARKS})+|\n|[^\S\n]+|.{_MARKS}", re.DOTALL
)

SAME, GONE, NEW = "same", "gone", "new"


def pieces(text: str) -> list[str]:
    """A text cut into words, characters of Han and kana, spaces, line ends and signs. What belongs to a sign stays
    with it."""
    return _PIECE.findall(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Some words of two texts: `how` says SAME, GONE (of the one only) or NEW (of the other only)."""

    how: str
    text: str


def runs(one: str, other: str) -> tuple[Run, ...]:
    """Where two texts differ, in the order in which one reads: SAME and GONE are the one, SAME and NEW the
    other."""
    a, b = pieces(one), pieces(other)
    found, i, j = list[tuple[str, str]](), 0, 0
    for at, there in [*_matched(a, b), (len(a), len(b))]:
        found += [(GONE, piece) for piece in a[i:at]] + [(NEW, piece) for piece in b[j:there]]
        found += [(SAME, piece) for piece in a[at : at + 1]]
        i, j = at + 1, there + 1
    grouped = groupby(found, key=lambda run: run[0])
    return tuple(Run(how=how, text="".join(piece for _, piece in some)) for how, some in grouped)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What stood in a place of a text, and what each of two people made of it."""

    base: str
    ours: str
    theirs: str

    @property
    def clashes(self) -> bool:
        """Whether both changed it, each otherwise. Spaces alone are nothing to disagree about."""
        changed = self.ours != self.theirs and self.base not in (self.ours, self.theirs)
        return changed and bool((self.ours + self.theirs).strip())

    @property
    def text(self) -> str:
        """What it says by now: where one changed it, that; where both did, both in brackets."""
        if self.clashes:
            return f"[{' / '.join(said for said in (self.ours, self.theirs) if said.strip())}]"
        changed = [said for said in (self.ours, self.theirs) if said != self.base]
        return max(changed, key=lambda said: (said.count("\n"), said), default=self.base)


NOTHING = Part(base="", ours="", theirs="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """Two texts as one. `parts` in a row are the text that was changed and the two that came of it; `text` has
    what each changed."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def clashes(self) -> int:
        """In how many places both changed the same: there `text` has both, in brackets."""
        return sum(part.clashes for part in self.parts)


def together(base: str | None, ours: str, theirs: str) -> Together:
    """What two people made of one text, as one. Where that text is not known, None, it counts as what both say:
    then nothing that either says is left out."""
    known = _common(ours, theirs) if base is None else base
    parts = _parts(pieces(known), pieces(ours), pieces(theirs))
    return Together(parts=tuple(one for part in parts for one in _trimmed(part)))


def _parts(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[Part]:
    """Pieces that all three have, each a part, and what lies between them."""
    in_ours, in_theirs = dict(_matched(base, ours)), dict(_matched(base, theirs))
    shared = [(at, in_ours[at], in_theirs[at]) for at in in_ours if at in in_theirs]
    b = o = t = 0
    for at, in_o, in_t in [*shared, (len(base), len(ours), len(theirs))]:
        between = Part(base="".join(base[b:at]), ours="".join(ours[o:in_o]), theirs="".join(theirs[t:in_t]))
        alike = [Part(base=piece, ours=piece, theirs=piece) for piece in base[at : at + 1]]
        yield from (*([between] if between != NOTHING else ()), *alike)
        b, o, t = at + 1, in_o + 1, in_t + 1


def _trimmed(part: Part) -> list[Part]:
    """What both say alike at the beginning and the end of a clash, for itself: there they don't disagree."""
    if not part.clashes:
        return [part]
    ours, theirs = pieces(part.ours), pieces(part.theirs)
    head, tail = _alike(ours, theirs)
    ends = len(ours) - tail, len(theirs) - tail
    middle = Part(base=part.base, ours="".join(ours[head : ends[0]]), theirs="".join(theirs[head : ends[1]]))
    first, last = ("".join(alike) for alike in (ours[:head], ours[ends[0] :]))
    around = [Part(base="", ours=said, theirs=said) for said in (first, last)]
    return [part for part in (around[0], middle, around[1]) if part != NOTHING]


def _matched(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The places of pieces that two texts share, in their order. Nothing is found by signs and spaces alone."""
    head, tail = _alike(one, other)
    ends = len(one) - tail, len(other) - tail
    blocks = SequenceMatcher(_is_no_word, one[head : ends[0]], other[head : ends[1]]).get_matching_blocks()
    return [
        *((n, n) for n in range(head)),
        *((head + block.a + n, head + block.b + n) for block in blocks for n in range(block.size)),
        *((ends[0] + n, ends[1] + n) for n in range(tail)),
    ]


def _alike(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many pieces are the same at the beginning, and how many of the rest at the end."""
    most = min(len(one), len(other))
    head = next((n for n in range(most) if one[n] != other[n]), most)
    tail = next((n for n in range(most - head) if one[-1 - n] != other[-1 - n]), most - head)
    return head, tail


def _is_no_word(piece: str) -> bool:
    return not any(map(str.isalnum, piece))


def _common(one: str, other: str) -> str:
    """What two texts both say; the same whichever of them comes first."""
    first, second = sorted((one, other))
    return "".join(run.text for run in runs(first, second) if run.how == SAME)
