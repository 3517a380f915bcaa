"""What is proven where: each entry counted by the devices that have read it back from their own disks and hashed
it.

Nothing here asks the network: it goes by the receipts that the last exchange brought, and by what this device has
read back itself. An entry is proven where every line that speaks of it and of its files is, and every original.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from fieldlog.model.ids import ms_of_id
from fieldlog.model.moment import from_ms
from fieldlog.model.production_day import in_time
from fieldlog.model.records import StoredEntry, StoredFile, id_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.state import ENTRIES, State
from fieldlog.services.machine.long_work import breath
from fieldlog.services.rows.days import code_of
from fieldlog.services.rows.losses import entry_words
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.proof.holders import Holder, Lines, Needs, holders, lines_here, on_two
from fieldlog.sync.receipt import short

CellState = Literal["full", "part", "none", "overdue"]
OVERDUE = timedelta(days=3)

NOTHING = sentence("There is nothing to prove yet.")
PROVEN = sentence("{n} of {total} proven on 2 devices.")
SAFE = sentence("{n} of {total} proven on 2 devices: safe to free space.")
SAFE_THERE = sentence("{n} of {total} proven on 2 devices: safe to free space on the phone.")
UNPROVEN = sentence("Not proven on 2 devices: {entry}.")
NO_WORDS = sentence("What {entry} says is not proven there.")
NO_FILES = sentence("The file {name} is not proven there: {entry} names it.")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A production day at a device: `n` of `total` entries are proven there. `day` is its ISO date, `code` PD14,
    or the date where it has no number.

    `overdue` is a day of which something is missing at a device that was not heard of for three days.
    """

    day: str
    code: str
    n: int
    total: int
    state: CellState


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A device, or a place (a stick, a server) that a device has read back. `own` is this device; it comes first,
    then devices, then places, each by name.

    `form` is `phone` or `laptop` of a device, "" of a place. `name` is what it is called, "" where nobody said:
    then say its form. `read_at` is when it was last read back, aware, by the clock of whoever did, None for never.
    `n` of `total` entries are proven there; `cells` are days that hold entries, in order. `fresh` says that it
    may be relied on when room is made.
    """

    id: str
    kind: Literal["device", "place"]
    form: Literal["phone", "laptop", ""]
    name: str
    own: bool
    read_at: datetime | None
    n: int
    total: int
    cells: tuple[Cell, ...]
    fresh: bool


@dataclass(frozen=True, kw_only=True)
class Unproven:
    """Entries of a production day that are not proven on two devices, by their ids, in order of time."""

    day: str
    code: str
    entries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Of `total` entries that a person sees, `proven` are on at least two devices: places, such as sticks and
    servers, count for one in all. `unproven` are the others, by day. `only_here` counts those that no other device
    or place has proven; `oldest` is when the first of them was made, None where there are none, or where all
    were imported.

    `safe` says that all are proven, and that two who let nothing go have read every original back within a week,
    so that a phone may let go of its own. `sentence` says it in one.
    """

    total: int
    proven: int
    safe: bool
    only_here: int
    oldest: datetime | None
    standings: tuple[Standing, ...]
    unproven: tuple[Unproven, ...]
    sentence: Sentence


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An entry of a day that is not proven at a device: its words are not (`words`), or these originals are not,
    by the names of their files. `told` are sentences that name the entry and what is missing."""

    entry: str
    words: bool
    files: tuple[str, ...]
    told: tuple[Sentence, ...]


@dataclass(frozen=True)
class _Day:
    """The entries of a production day that a person sees, in order of time, with what each needs."""

    day: str
    code: str
    entries: Sequence[tuple[Mapping[str, Any], Needs]]


async def proof_of(work: Workspace) -> Proof:
    """What is proven where. Reads this device's journals, off the event loop. Changes nothing."""
    lines = await lines_here(work)
    found, days = await holders(work, lines), [day async for day in _days(work, lines)]
    now, alone, unproven = work.machine.clock().at, list[str](), list[Unproven]()
    total, safe = sum(len(day.entries) for day in days), True
    for day in days:
        missing_of_day = list[str]()
        for entry, needs in day.entries:
            have = [one for one in found if one.has(needs)]
            if not on_two(have):
                missing_of_day.append(id_of(entry))
            if not any(not one.own for one in have):
                alone.append(id_of(entry))
            safe = safe and is_safe(found, needs, now)
        if missing_of_day:
            unproven.append(Unproven(day=day.day, code=day.code, entries=tuple(missing_of_day)))
        await breath()
    proven = total - sum(len(one.entries) for one in unproven)
    safe = safe and 0 < total == proven
    words = PROVEN if total else NOTHING
    if safe:
        words = SAFE_THERE if work.machine.keeps else SAFE
    return Proof(
        total=total, proven=proven, safe=safe, only_here=len(alone), oldest=_oldest(work, alone),
        standings=tuple([_standing(one, days, now) for one in found]), unproven=tuple(unproven),
        sentence=Sentence(words, n=proven, total=total),
    )  # fmt: skip


def unproven_words(state: State, proof: Proof) -> list[Sentence]:
    """A sentence for each entry that is not proven on two devices, by day and time."""
    docs = (state.get(one) for day in proof.unproven for one in day.entries)
    return [Sentence(UNPROVEN, entry=entry_words(state, doc)) for doc in docs if doc]


def is_safe(found: Iterable[Holder], needs: Needs, now: datetime) -> bool:
    """Whether two who let nothing go, one of them a device, have these originals, read back lately."""
    have = [one for one in found if one.has_lately(needs, now)]
    return not needs.originals or (on_two(have) and any(one.kind == "device" for one in have))


async def missing(work: Workspace, standing: str, day: str) -> tuple[Missing, ...]:
    """What is not proven at a device or place, by its `id`, of a production day (ISO), in order of time. All is
    missing where there is no such."""
    lines = await lines_here(work)
    holder = next((one for one in await holders(work, lines) if one.id == standing), None)
    days = [one async for one in _days(work, lines) if one.day == day]
    return tuple(
        _missing(work, entry, needs, holder)
        for one in days for entry, needs in one.entries if holder is None or not holder.has(needs)
    )  # fmt: skip


def _missing(work: Workspace, entry: Mapping[str, Any], needs: Needs, holder: Holder | None) -> Missing:
    state, told = work.store.state, entry_words(work.store.state, entry)
    words = holder is None or not holder.has_words(needs)
    files = [state.read(StoredFile, one) for one in StoredEntry.of(entry).attachments]
    has = holder.originals if holder else {}
    names = tuple(
        file.name or file.sha256 for file in files if file and file.sha256 and short(file.sha256) not in has
    )  # fmt: skip
    said = [Sentence(NO_WORDS, entry=told)] if words else []
    said += [Sentence(NO_FILES, name=name, entry=told) for name in names]
    return Missing(entry=id_of(entry), words=words, files=names, told=tuple(said))


async def _days(work: Workspace, lines: Lines) -> AsyncIterator[_Day]:
    state = work.store.state
    for table in state.entry_tables():
        docs = sorted(state.docs(table), key=in_time)
        if docs:
            day = table.removeprefix(ENTRIES)
            yield _Day(day, code_of(state, day), [(doc, lines.of_entry(state, doc)) for doc in docs])
        await breath()


def _oldest(work: Workspace, entries: Iterable[str]) -> datetime | None:
    """When the first of those that were written with FieldLog was made; of what was imported no id tells that."""
    made = []
    for entry in entries:
        with suppress(ValueError):
            made.append(ms_of_id(entry))
    first = min(filter(None, made), default=None)
    return from_ms(first, work.zone) if first else None


def _standing(one: Holder, days: Iterable[_Day], now: datetime) -> Standing:
    cells = tuple([_cell(one, day, now) for day in days])
    return Standing(
        id=one.id, kind=one.kind, form=one.form, name=one.name, own=one.own, read_at=one.at, cells=cells,
        n=sum(cell.n for cell in cells), total=sum(cell.total for cell in cells),
        fresh=one.may_be_relied_on(now),
    )  # fmt: skip


def _cell(one: Holder, day: _Day, now: datetime) -> Cell:
    n, total = sum(one.has(needs) for _, needs in day.entries), len(day.entries)
    state: CellState = "full" if n == total else "part" if n else "none"
    if n < total and abs(now - one.heard) > OVERDUE:
        state = "overdue"
    return Cell(day=day.day, code=day.code, n=n, total=total, state=state)
