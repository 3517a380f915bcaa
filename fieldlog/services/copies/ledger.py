"""The ledger: what of a study was handed out, copied and archived from this device, and where it lies.

Every such thing is a row of one shape, from the moment its writing begins: if the app is killed, what it wrote by
then may stay. Rows go only when what they name was removed by us, so that erasing can name all that may hold
what it erases. Reading never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from fieldlog.media.vault import patiently
from fieldlog.model import gate
from fieldlog.model.moment import parse
from fieldlog.model.sentence import Sentence
from fieldlog.services.study.kept import Form, change_kept, made_of, read_kept
from fieldlog.store.journal import Position

if TYPE_CHECKING:
    from fieldlog.services.study.workspace import Workspace

Kind = Literal["bundle", "outgoing", "archive", "zip"]

_POSITION = gate.complete(segment=gate.amount, offset=gate.amount, n=gate.amount, head=gate.text)
_COPY = {"at": gate.instant, "lines": gate.amount, "bytes": gate.amount, "team_only": gate.truth}
_NAMED = gate.complete(kind=gate.text, path=gate.text)
_FACTS = gate.shape(
    **_COPY, part=gate.text, begun=gate.instant, sha256=gate.sha256, covered=gate.mapped(_POSITION),
    verified_at=gate.instant, faults=gate.amount, whole=gate.truth, digits=gate.text, tries=gate.amount,
)  # fmt: skip


def _row(value: Any) -> Sentence | None:
    return _NAMED(value) or _FACTS(value)


_EARLIER = ("copies", "outgoing", "begun", "archive")
LEDGER = Form(
    path="settings.json",
    whole={
        "archive": gate.shape(
            folder=gate.text, written_at=gate.instant, verified_at=gate.instant, faults=gate.amount
        )
    },
    each={
        "rows": (list, _row),
        "covered": (dict, _POSITION),
        "bundled": (dict, gate.amount),
        "copies": (list, gate.complete(path=gate.text, **_COPY)),
        "outgoing": (
            list,
            gate.complete(name=gate.text, sha256=gate.sha256, covered=gate.mapped(_POSITION), **_COPY),
        ),
        "begun": (dict, gate.instant),
    },
    version=2,
)
"""`rows` are told by `Row`; `covered` is how far all bundles together hold each journal, `bundled` its numbers.
What stands in `copies`, `outgoing`, `begun` and `archive` was written by version 1."""

_PART = ".part"
TIMES = ("at", "begun", "verified_at")
EARLIEST = datetime.min.replace(tzinfo=UTC)
LOCK = "ledger.lock"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A bundle proven here, one that left unproven (`outgoing`), an archive's folder, or an archive as one ZIP.

    `path` is where it was written, of what was picked again just its name; `part` how a bundle is called while it
    is in the making. `begun` says that it may be unfinished, since when; `at` when it was last finished. `whole`
    says that it holds everything up to `covered`, which is how far it holds each journal: all lines from the first
    on, and every original they name. `digits` prove an outgoing one, and `tries` counts the wrong ones typed.
    """

    kind: str
    path: str
    part: str = ""
    at: datetime | None = None
    begun: datetime | None = None
    lines: int = 0
    bytes: int = 0
    team_only: bool = False
    sha256: str = ""
    covered: Mapping[str, Position] = field(default_factory=dict)
    verified_at: datetime | None = None
    faults: int | None = None
    whole: bool = False
    digits: str = ""
    tries: int | None = None

    @property
    def name(self) -> str:
        return PurePath(self.path).name

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Row:
        times: dict[str, Any] = {name: parse(said[name]) for name in TIMES if said.get(name)}
        covered = {writer: made_of(Position, at) for writer, at in (said.get("covered") or {}).items()}
        plain = {name: value for name, value in said.items() if value is not None}
        return made_of(cls, {**plain, **times, "covered": covered})

    def as_json(self) -> dict[str, Any]:
        told = {name: value for name, value in vars(self).items() if value not in (None, "", {})}
        times = {name: told[name].isoformat() for name in TIMES if name in told}
        covered = {writer: vars(at) for writer, at in self.covered.items()}
        return {**told, **times, **({"covered": covered} if covered else {})}


@dataclass
class Ledger:
    """What the ledger says. `rows` stand newest first, `more` is what a later version keeps there."""

    rows: list[Row] = field(default_factory=list)
    covered: dict[str, Position] = field(default_factory=dict)
    bundled: dict[str, int] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Ledger:
        """From what the file says, as far as it can be read, of whichever version."""
        rows = [Row.of(one) for one in kept.get("rows", ())] + _of_version_1(kept)
        covered = {writer: made_of(Position, at) for writer, at in kept.get("covered", {}).items()}
        known = (*_EARLIER, "rows", "covered", "bundled")
        more = {name: value for name, value in kept.items() if name not in known}
        return cls(rows, covered, dict(kept.get("bundled", {})), more)

    def told(self) -> dict[str, Any]:
        """As the file says it."""
        covered = {writer: vars(at) for writer, at in self.covered.items()}
        rows = [row.as_json() for row in self.rows]
        return {**self.more, "rows": rows, "covered": covered, "bundled": self.bundled}

    def find(self, kind: Kind, path: str, part: str = "") -> Row | None:
        wanted = (kind, path, part)
        return next((row for row in self.rows if (row.kind, row.path, row.part) == wanted), None)

    def put(self, row: Row, instead: Row | None = None) -> None:
        """Write a row in front, in place of another where one is given."""
        self.rows = [row, *(one for one in self.rows if one != instead)]

    def newest(self, kind: Kind) -> list[Row]:
        """What was finished, newest first."""
        found = [row for row in self.rows if row.kind == kind and row.at]
        return sorted(found, key=lambda row: row.at or EARLIEST, reverse=True)

    @property
    def unfinished(self) -> dict[str, datetime]:
        """Where something may lie that was begun and not finished, with when: a bundle by either name."""
        return {path: row.begun for row in self.rows if row.begun for path in (row.part, row.path) if path}


def _of_version_1(kept: Mapping[str, Any]) -> list[Row]:
    rows = [Row.of({"kind": "bundle", **one}) for one in kept.get("copies", ())]
    rows += [Row.of({"kind": "outgoing", "path": one["name"], **one}) for one in kept.get("outgoing", ())]
    archive = kept.get("archive", {})
    begun = dict(kept.get("begun", {}))
    if folder := archive.get("folder"):
        times = {"at": archive.get("written_at"), "begun": begun.pop(folder, None)}
        rows.append(Row.of({**archive, "kind": "archive", "path": folder, **times}))
    for path, at in begun.items():
        whole = path.removesuffix(_PART)
        bundle = {"kind": "bundle", "path": whole, "part": path, "begun": at}
        rows.append(Row.of(bundle if whole != path else {"kind": "archive", "path": path, "begun": at}))
    return rows


async def read_ledger(work: Workspace) -> Ledger:
    """What the ledger says; nothing where there is none."""
    return Ledger.of(await read_kept(work.store.disk, LEDGER))


async def change_ledger(work: Workspace, change: Callable[[Ledger], None]) -> None:
    """Let `change` alter what the ledger says, and keep that. Raises `NotSaved`; then it says what it said.

    One at a time, whatever process: who writes an archive from a terminal while the app is open takes no word out.
    """

    def told_anew(kept: Mapping[str, Any]) -> dict[str, Any] | None:
        before = Ledger.of(kept)
        after = replace(before, rows=[*before.rows])
        change(after)
        return after.told() if after != before else None

    async def changed() -> None:
        disk = work.store.disk
        lock = await patiently(lambda: disk.lock(LOCK))
        try:
            await change_kept(disk, LEDGER, told_anew)
        finally:
            lock.release()

    async with work.ledger:
        await work.room.needed(changed)


async def remember_begun(work: Workspace, kind: Kind, path: str, part: str = "") -> None:
    """Say that something is being written there. Begun anew it may still hold what it held at first."""
    now = work.machine.clock().at

    def change(ledger: Ledger) -> None:
        row = ledger.find(kind, path, part)
        if row is None or row.begun is None:
            ledger.put(replace(row or Row(kind=kind, path=path, part=part), begun=now), row)

    await change_ledger(work, change)


async def forget_begun(work: Workspace, kind: Kind, path: str, part: str = "", *, left: bool = False) -> None:
    """It is finished, or it is not there any more; `left` says that something of that name is, and may hold it."""

    def change(ledger: Ledger) -> None:
        row = ledger.find(kind, path, part)
        if row and row.begun:
            done = replace(row, begun=None, at=row.at or (row.begun if left else None))
            ledger.rows = [one if one != row else done for one in ledger.rows if one != row or done.at]

    if path in (await read_ledger(work)).unfinished:
        await change_ledger(work, change)


async def remember_copy(
    work: Workspace, row: Row, covered: Mapping[str, Position], *, instead: Row | None = None
) -> None:
    """Write a proven copy into the ledger. `covered` are the journals' ends when it was begun."""

    def change(ledger: Ledger) -> None:
        ledger.put(row, instead)
        # A copy may be proven after a later one was.
        known = {name: at.n for name, at in ledger.covered.items()}
        further = {name: at for name, at in covered.items() if at.n >= known.get(name, 0)}
        ledger.covered = {**ledger.covered, **further}
        ledger.bundled = {name: at.n for name, at in ledger.covered.items()}

    await change_ledger(work, change)


async def remember_archive(work: Workspace, path: str, *, kind: Kind = "archive", **facts: Any) -> None:
    """Say of an archive what happened to it: `at`, when it was finished, or `verified_at` and `faults`."""

    def change(ledger: Ledger) -> None:
        row = ledger.find(kind, path)
        told = replace(row or Row(kind=kind, path=path), **facts)
        ledger.put(replace(told, begun=None) if "at" in facts else told, row)

    await change_ledger(work, change)
