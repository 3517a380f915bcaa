"""Words that left the journals before the erasing that took them came: kept, unseen, until it is here.

A line may come erased while the operation that erased a record of it is still on its way. Which of its records
that was is not known then. None of the words is shown, nor leaves this device; what the line said of other records
is said again once the erasing is here, and this file forgets it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fieldlog.model.errors import MissingFile
from fieldlog.model.line import compact
from fieldlog.model.op import Op, op_from_json
from fieldlog.model.ports import Disk
from fieldlog.model.state import State
from fieldlog.model.strict_json import DEEPEST_OF_OURS, read_json
from fieldlog.store.comparing import Coming
from fieldlog.store.erasing import Erasings, about, lines_about

FILE = "withdrawn.json"
MAY_BE_ERASED = frozenset({"entry", "attachment", "link"})
"""What a person erases. What a line says of other kinds of records is never what was erased with it."""


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What a line said whose body is gone. `by` is the operation that its mark names."""

    writer: str
    lane: str
    n: int
    by: str
    ops: tuple[Op, ...]


def seen(lines: Iterable[Withdrawn]) -> Iterator[Op]:
    """What can't have been erased: it stays on the screen."""
    return (op for line in lines for op in line.ops if op.r not in MAY_BE_ERASED)


async def read(disk: Disk) -> list[Withdrawn]:
    """What is kept; what can't be read of it is left out."""
    try:
        lines = read_json(await disk.read(FILE), DEEPEST_OF_OURS + 2)["lines"]
        return [
            Withdrawn(
                writer=line["w"], lane=line["lane"], n=line["n"], by=line["by"],
                ops=tuple(op for shape in line["ops"] if (op := op_from_json(shape))),
            )
            for line in lines
        ]  # fmt: skip
    except (MissingFile, ValueError, KeyError, TypeError):
        return []


async def write(disk: Disk, lines: Sequence[Withdrawn]) -> None:
    """Keep exactly these."""
    if not lines:
        await disk.remove(FILE)
        return
    told = [
        {"w": one.writer, "lane": one.lane, "n": one.n, "by": one.by, "ops": [op.as_json() for op in one.ops]}
        for one in lines
    ]
    await disk.replace(FILE, compact({"format": 1, "lines": told}))


class Withdrawal:
    """The withdrawn `lines` of an open store, and how what they said of other records is said again.

    `own` are the lanes that can be written, `commit` appends to one of them, `fold_anew` folds all that is still
    said of some records. All are the store's.
    """

    def __init__(
        self, disk: Disk, state: State, own: Container[str], *,
        commit: Callable[[str, Sequence[Sequence[Op]]], object],
        fold_anew: Callable[[Sequence[Op], Collection[str]], object],
    ) -> None:  # fmt: skip
        self.lines = list[Withdrawn]()
        self._disk, self._state, self._own = disk, state, own
        self._commit, self._fold_anew = commit, fold_anew

    async def load(self) -> None:
        self.lines = await read(self._disk)

    async def keep(self, comings: Sequence[Coming]) -> None:
        """Keep what lines said whose words go, until the erasing that took them is here."""
        self.lines += [
            Withdrawn(writer=one.writer, lane=line.lane, n=line.n, by=str(mark.get("by", "")), ops=line.ops)
            for one in comings for line, mark in one.withdrawn
        ]  # fmt: skip
        await write(self._disk, self.lines)

    async def let_go(self, erasings: Erasings) -> None:
        """Say again what withdrawn lines said of other records, once the erasing is here; till then, hide it."""
        waiting = list[Withdrawn]()
        for line in self.lines:
            left = tuple(op for op in line.ops if "_erased" not in (self._state.raw(op.e) or {}))
            if line.by in erasings.by_u and line.lane in self._own:
                await self.say_again(line.lane, [left], ())
            elif left:
                waiting.append(replace(line, ops=left))
        hidden = {op.e for line in waiting for op in line.ops if op.r in MAY_BE_ERASED}
        if hidden:
            said = (await lines_about(self._disk, hidden)).values()
            self._fold_anew([op for lines in said for line in lines for op in line.ops if op.e in hidden], hidden)
        self.lines = waiting
        await write(self._disk, waiting)

    async def say_again(self, lane: str, batches: Sequence[Sequence[Op]], going: Collection[str]) -> None:
        """Append what lines said whose bodies go, unless a line that doesn't speak of `going` says it, too."""
        records = {op.e for ops in batches for op in ops}
        lines = (await lines_about(self._disk, records)).values() if records else ()
        said = {op.u for found in lines for line in found if not about(line, going) for op in line.ops}
        staying = [[op for op in ops if op.u not in said] for ops in batches]
        if left := [ops for ops in staying if ops]:
            self._commit(lane, left)
