"""Words that left the journals before the erasing that took them came: kept, unseen, until it is here.

A line may come erased while the operation that erased a record of it is still on its way. Which of its records
that was is not known then. None of the words is shown, nor leaves this device; what the line said of other records
is said again once the erasing is here, and this file forgets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fieldlog.model.errors import MissingFile
from fieldlog.model.line import compact
from fieldlog.model.op import Op, op_from_json
from fieldlog.model.ports import Disk
from fieldlog.model.strict_json import DEEPEST_OF_OURS, read_json

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
