"""What this device remembers of a target: a file of its own for each, below the study's folder.

Nothing relies on it. Where it is lost or damaged, more is asked of the target; no note is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fieldlog.model import gate
from fieldlog.model.moment import iso, parse
from fieldlog.model.ports import Disk
from fieldlog.services.study.kept import Form, made_of, read_kept, write_kept
from fieldlog.sync.target import Item

LOOKS_EVERY = timedelta(hours=1)
"""After that nothing is taken for unchanged because its head is."""

_ITEM = gate.complete(name=gate.text, bytes=gate.amount)
_ORIGINAL = gate.complete(
    extension=gate.text, bytes=gate.amount, records=gate.listed(gate.text), there=gate.truth, begun=gate.truth
)  # fmt: skip


@dataclass(kw_only=True)
class Original:
    """An original that attachments name, and whether it is `there`. `begun` says that some of it may be.

    `records` are the attachments.
    """

    extension: str
    bytes: int
    records: Sequence[str]
    there: bool = False
    begun: bool = False


@dataclass
class Remembered:
    """`heads` are those seen before the last run that was done to its end (`complete`), `settled` by writer what
    its journal here and its segments there were called then. `taken` are names of segments that hold nothing we
    lack, `damaged` files that this device found to be not what their names say, `told` those of which its head
    says so, `due` the writers whose head is to be written. `media` has every original that was ever named, by its
    sha256: when it is erased, nothing else knows any more what it was called. `proofs` are the receipts that were
    read, `proof` tells what our own there says.
    """

    disk: Disk
    address: str
    exchanged: bool = False
    complete: bool = False
    looked_at: datetime | None = None
    heads: list[Item] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    due: set[str] = field(default_factory=set)
    media: dict[str, Original] = field(default_factory=dict)
    proofs: list[Item] = field(default_factory=list)
    proof: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def of(cls, disk: Disk, address: str) -> Remembered:
        kept = await read_kept(disk, _form(address))
        media = {sha256: made_of(Original, one) for sha256, one in kept.get("media", {}).items()}
        at = kept.get("looked_at")
        return cls(
            disk, address, kept.get("exchanged", False), kept.get("complete", False), parse(at) if at else None,
            [made_of(Item, one) for one in kept.get("heads", [])],
            kept.get("settled", {}), set(kept.get("taken", [])), set(kept.get("damaged", [])),
            set(kept.get("told", [])), set(kept.get("due", [])), media,
            [made_of(Item, one) for one in kept.get("proofs", [])], kept.get("proof", ""),
            {name: value for name, value in kept.items() if name not in _KNOWN},
        )  # fmt: skip

    async def keep(self) -> None:
        """Raises as the disk does; then what was remembered before is."""
        told = {
            **self.more, "address": self.address, "exchanged": self.exchanged, "complete": self.complete,
            "looked_at": iso(self.looked_at) if self.looked_at else None,
            "heads": [vars(item) for item in self.heads], "settled": self.settled, "taken": sorted(self.taken),
            "damaged": sorted(self.damaged), "told": sorted(self.told), "due": sorted(self.due),
            "media": {sha256: vars(one) for sha256, one in self.media.items()},
            "proofs": [vars(item) for item in self.proofs], "proof": self.proof,
        }  # fmt: skip
        await write_kept(self.disk, _form(self.address), told)

    def begin(self) -> bool:
        """A run begins. Whether the one before was stopped: then of originals that it had not seen to be there it
        is asked whether they are."""
        stopped, self.complete = self.exchanged and not self.complete, False
        for one in self.media.values() if stopped else ():
            one.begun = True
        return stopped

    def forget(self) -> None:
        """Nothing that was known of the target is relied on any more."""
        self.complete, self.heads, self.settled = False, [], {}
        self.proofs, self.proof = [], ""
        self.taken.clear()
        for one in self.media.values():
            one.there, one.begun = False, True

    def is_idle(self, heads: Sequence[Item], settled: Mapping[str, str], now: datetime) -> bool:
        """Whether nothing is new here or there, as far as the heads tell. `settled` is our side of it."""
        known = {writer: ours for writer, said in self.settled.items() if (ours := said.partition(" ")[0])}
        same = len(heads) == len(self.heads) and all(map(self.is_as_it_was, heads))
        return self.complete and not self.is_due(now) and same and known == dict(settled)

    def is_as_it_was(self, head: Item) -> bool:
        """What bears no mark may be another of the same length."""
        return bool(head.mark) and head in self.heads

    def is_due(self, now: datetime) -> bool:
        """Whether everything there is to be looked at once more; also where the clock was moved."""
        return self.looked_at is None or abs(now - self.looked_at) >= LOOKS_EVERY


_KNOWN = ("version", "address", "exchanged", "complete", "looked_at", "heads", "settled", "taken", "damaged",
          "told", "due", "media", "proofs", "proof")  # fmt: skip


def key_of(address: str) -> str:
    """What a target is called where its address is not to be seen."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _form(address: str) -> Form:
    return Form(
        path=f"sync/{key_of(address)}.json",
        whole={
            "address": gate.text, "exchanged": gate.truth, "complete": gate.truth, "looked_at": gate.instant,
            "proof": gate.text,
        },
        each={
            "heads": (list, _ITEM), "settled": (dict, gate.text), "taken": (list, gate.text),
            "damaged": (list, gate.text), "told": (list, gate.text), "due": (list, gate.text),
            "media": (dict, _ORIGINAL), "proofs": (list, _ITEM),
        },
    )  # fmt: skip
