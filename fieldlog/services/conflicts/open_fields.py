"""Every field that says several things: what each device said and when, and what they changed.

Nothing waits for it: until somebody settles a field the latest is shown, and all are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldlog.model.conflict import Base, Version, common_base, first_said, versions_of
from fieldlog.model.entry import lane_of
from fieldlog.model.fold import conflicts
from fieldlog.model.moment import from_ms, iso
from fieldlog.model.op import Op
from fieldlog.model.pieces import Together, together
from fieldlog.model.records import StoredEntry, id_of
from fieldlog.model.standing import said_again, shown
from fieldlog.model.state import ENTRIES, TABLES
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.erasing import lines_about

TEXTS = frozenset(
    (
        "text title title_zh series_title notice name name_zh pseudonym pseudonym_zh role role_zh label label_zh "
        "memo synopsis note caption summary weather presence access_note guardian words"
    ).split()
)
"""The fields that a person writes in words of their own: their versions can be put together."""

ELSEWHERE = frozenset({"consent", "withdrawal"})
"""What is said on a person's page alone, each time with how it was said; until then the strictest holds."""

GO_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "occurred_at": ("occurred", "precision"), "may_record": ("may_record_words",),
}  # fmt: skip
"""Fields that are said with another one: settling that settles them."""

_KINDS = {table: kind for kind, table in TABLES.items()}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one device said. `at` is an ISO text on the study's wall, "" where nobody knows; `writer` names a lane
    of that device, `here` says that it is this one. `us` are the operations that say it."""

    value: Any
    at: str
    writer: str
    here: bool
    us: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A field of a record that says several things, the one that is shown first.

    `kind` is the kind of record, `base` what all came from where that is known; `lane` is where it is settled.
    """

    record: str
    kind: str
    field: str
    versions: tuple[Said, ...]
    base: Base | None = None
    lane: str = "team"

    @property
    def is_text(self) -> bool:
        """Whether it can say what was put together or typed."""
        return self.field in TEXTS

    @property
    def settles(self) -> bool:
        """Whether it is settled here: what a person agreed to is not."""
        return self.field not in ELSEWHERE

    def together(self) -> Together:
        """All versions of a text as one."""
        first, *others = (str(one.value or "") for one in self.versions)
        before = None if self.base is None else str(self.base.value or "")
        found, clashes = together(before, first, others[0]), 0
        for other in others[1:]:
            clashes += found.clashes
            found = together(before, found.text, other)
        return found


def count(work: Workspace) -> int:
    """How many fields say several things. Costs a look at each record."""
    return sum(1 for _ in _open(work))


def fields_of(work: Workspace, record: str) -> list[str]:
    """The fields of a record that say several things, by name; none where it is not here."""
    doc = work.store.state.get(record)
    return _fields(doc) if doc and shown(doc) else []


async def read(work: Workspace) -> list[Conflict]:
    """All of them, with what the journals still say of them; those of entries first, the latest day first."""
    found = list(_open(work))
    ops = await _said_of(work, {id_of(doc) for _, doc, _ in found}) if found else {}
    return [_conflict(work, kind, doc, field, ops.get(id_of(doc), ())) for kind, doc, field in found]


def _open(work: Workspace) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Kind of record, document and field."""
    state = work.store.state
    for table in [*state.entry_tables()[::-1], *TABLES.values()]:
        for doc in state.docs(table):
            for field in _fields(doc):
                yield "entry" if table.startswith(ENTRIES) else _KINDS[table], doc, field


def _fields(doc: Mapping[str, Any]) -> list[str]:
    fields = conflicts(doc) if said_again(doc) else {}
    return sorted(fields.keys() - {other for field in fields for other in GO_TOGETHER.get(field, ())})


async def _said_of(work: Workspace, records: set[str]) -> dict[str, list[tuple[str, Op]]]:
    """The operations on these records that the journals still have, each with its lane."""
    found = dict[str, list[tuple[str, Op]]]()
    for lines in (await lines_about(work.store.disk, records)).values():
        for line in lines:
            for op in line.ops:
                if op.e in records:
                    found.setdefault(op.e, []).append((line.lane, op))
    return found


def _conflict(
    work: Workspace, kind: str, doc: Mapping[str, Any], field: str, known: Sequence[tuple[str, Op]]
) -> Conflict:
    ops, versions = [op for _, op in known], versions_of(doc, field)
    us = {u for one in versions for u in one.us}
    private = any(lane == "mine" for lane, op in known if op.u in us)
    if kind == "entry":
        private = lane_of(StoredEntry.of(doc).note_type) == "mine"
    return Conflict(
        record=id_of(doc),
        kind=kind,
        field=field,
        versions=tuple(_said(work, one, ops, field) for one in versions),
        base=common_base(ops, field, versions[0].us, versions[1].us),
        lane="mine" if private else "team",
    )


def _said(work: Workspace, version: Version, ops: Sequence[Op], field: str) -> Said:
    first = first_said(ops, field, version)
    at = iso(from_ms(first.ms, work.zone)) if first.ms else ""
    device, study = work.device, work.store.project
    own = {*device.writers.get(study, {}).values(), *device.former_writers.get(study, ())}
    return Said(value=version.value, at=at, writer=first.writer, here=first.writer in own, us=version.us)
