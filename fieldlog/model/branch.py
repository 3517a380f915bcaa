"""Branches: what several devices wrote under one writer's id, laid apart alike on every device.

The heads of a writer make a tree, each behind its `prev`. Where it parts, the smallest head in text order goes on
in the journal that parts; every other one begins a journal of its own, named `<writer>~<first 16 hex of that
head>`. So the names follow from the heads alone, in whatever order they came. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldlog.model.chain import Forked

MARK = "~"
HEX = 16


def writer_of(journal: str) -> str:
    """The id that a journal's lines bear."""
    return journal.partition(MARK)[0]


def is_branch(journal: str) -> bool:
    """Whether it is named so: not the trunk of its writer."""
    return MARK in journal


def branch_name(writer: str, head: str) -> str:
    """What the branch is called whose first own line's head hashes to `head`."""
    return f"{writer}{MARK}{head[:HEX]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Knot:
    """A head of the tree, with the number of its line and the head it follows. `proven` says that its `prev` names
    that; else it is only known to stand behind it."""

    n: int
    head: str
    after: str
    proven: bool = True


def laid_apart(writer: str, knots: Iterable[Knot], starts: Mapping[str, str]) -> dict[str, str]:
    """The journal of each head that is reached from `starts`: heads, those before the first lines, by journal.

    Raises `Forked` where a journal parts behind lines that are lost: at which of them can't be told.
    """
    behind = defaultdict[str, dict[str, Knot]](dict)
    for knot in knots:
        behind[knot.after].setdefault(knot.head, knot)
    found, waiting, taken = dict[str, str](), list(starts.items()), dict[tuple[str, int], str]()
    while waiting:
        head, journal = waiting.pop()
        following = behind.get(head, {})
        for place, (child, knot) in enumerate(sorted(following.items())):
            if len(following) > 1 and not knot.proven:
                raise Forked(writer, knot.n)
            name = journal if place == 0 else branch_name(writer, child)
            if taken.setdefault((name, knot.n), child) != child:
                raise Forked(writer, knot.n)
            if child not in found:
                found[child] = name
                waiting.append((child, name))
    return found
