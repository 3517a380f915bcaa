"""What this device has read back from its own disk and hashed, and when: the ground of what it publishes.

    read-back.json    below the study's folder; it goes with this device, and is in no copy

It counts for the device, and on a laptop for the computer, that wrote it: data that were put back, or copied, have
read nothing. Lost or damaged, everything is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.media.vault import patiently
from fieldlog.model import gate
from fieldlog.model.branch import writer_of
from fieldlog.model.errors import FieldLogError
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.study.workspace import Workspace
from fieldlog.sync.receipt import HOLDING, Holding, Stretch, holding_in, holding_told, short

LOCK = "read-back.lock"
MOST_SENT = 100
"""Of so many receipts it is remembered that they are our own."""

_FILES = gate.listed(gate.listed(gate.anything))
READ_BACK = Form(
    path="read-back.json",
    whole={
        "device": gate.identifier,
        "nonce": gate.text,
        "marked": gate.truth,
        "at": gate.text,
        "seq": gate.amount,
        "key": gate.text,
    },
    must=("device", "nonce"),
    each={
        "journals": (dict, gate.complete(files=_FILES, stretches=_FILES)),
        "originals": (dict, gate.complete(bytes=gate.amount, on=gate.iso_date)),
        "places": (dict, HOLDING),
        "sent": (list, gate.text),
    },
)


@dataclass(frozen=True, kw_only=True)
class Journal:
    """A journal as far as it was read: its files, each with the bytes that were, and what stretches it holds."""

    files: tuple[tuple[str, int], ...] = ()
    stretches: tuple[Stretch, ...] = ()

    def told(self) -> dict[str, Any]:
        return {"files": [list(one) for one in self.files], "stretches": [one.told() for one in self.stretches]}


@dataclass(kw_only=True)
class ReadHere:
    """`originals` leads from a sha256 to its bytes and the date (ISO) it was read on; `places` has what this
    device read back of places, by their keys. `at` is when something was read last, "" for never.

    `seq` counts what was published, `key` tells what the last of it said, and `sent` are the hashes of it, newest
    last. `nonce` is another each time this is written, and where it is `marked` stands outside of the data, too.
    """

    device: str
    nonce: str = ""
    marked: bool = False
    at: str = ""
    seq: int = 0
    key: str = ""
    journals: dict[str, Journal] = field(default_factory=dict)
    originals: dict[str, tuple[int, str]] = field(default_factory=dict)
    places: dict[str, Holding] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def own(self) -> Holding:
        return Holding(
            at=self.at,
            stretches=tuple(one for name in sorted(self.journals) for one in self.journals[name].stretches),
            originals={short(sha256): date for sha256, (_, date) in self.originals.items()},
        )  # fmt: skip

    def _told(self) -> dict[str, Any]:
        return {
            "device": self.device, "nonce": self.nonce, "marked": self.marked, "at": self.at, "seq": self.seq,
            "key": self.key,
            "journals": {name: one.told() for name, one in self.journals.items()},
            "originals": {sha256: {"bytes": size, "on": on} for sha256, (size, on) in self.originals.items()},
            "places": {key: holding_told(one) for key, one in self.places.items()},
            "sent": self.sent[-MOST_SENT:],
        }  # fmt: skip

    @classmethod
    def _of(cls, said: Mapping[str, Any]) -> ReadHere:
        return cls(
            device=said["device"], nonce=said["nonce"], marked=said.get("marked", False), at=said.get("at", ""),
            seq=said.get("seq", 0), key=said.get("key", ""), sent=list(said.get("sent", ())),
            journals={name: _journal_of(name, one) for name, one in said.get("journals", {}).items()},
            originals={one: (has["bytes"], has["on"]) for one, has in said.get("originals", {}).items()},
            places={key: holding_in(one) for key, one in said.get("places", {}).items()},
        )  # fmt: skip


def _journal_of(name: str, said: Mapping[str, Any]) -> Journal:
    writer = writer_of(name)
    return Journal(
        files=tuple((one[0], one[1]) for one in said["files"]),
        stretches=tuple(
            Stretch(writer=writer, first=one[0], last=one[1], head=one[2]) for one in said["stretches"]
        ),
    )  # fmt: skip


# -- kept


async def read_here(work: Workspace) -> ReadHere:
    """What was read back here; nothing where that was another device's, or of other data."""
    device = work.device.id
    said = await read_kept(work.store.disk, READ_BACK)
    if said.get("device") != device or not said.get("nonce"):
        return ReadHere(device=device)
    if work.machine.marks is not None and said.get("marked"):
        known = (await read_kept(work.machine.marks, _mark_of(device))).get("nonces", {})
        if known.get(work.store.project) != said["nonce"]:
            return ReadHere(device=device)
    return ReadHere._of(said)


async def change_read_here(work: Workspace, change: Callable[[ReadHere], None]) -> ReadHere:
    """Let `change` alter what is said there, and keep that; what is said there now. One at a time, whatever
    process. Raises `NotSaved`; then it says what it said."""

    async def changed() -> ReadHere:
        disk = work.store.disk
        lock = await patiently(lambda: disk.lock(LOCK))
        try:
            here = await read_here(work)
            before = here._told()
            change(here)
            if here._told() != before:
                here.nonce = work.machine.new_salt()
                here.marked = await _keep_mark(work, here)
                await write_kept(disk, READ_BACK, here._told())
            return here
        finally:
            lock.release()

    return await work.room.needed(changed)


def _mark_of(device: str) -> Form:
    """Outside of the data, beside the mark of a device (`put_back/mark.py`): the nonce of each study."""
    return Form(path=f"{device}-read-back.json", whole={}, each={"nonces": (dict, gate.text)})


async def _keep_mark(work: Workspace, here: ReadHere) -> bool:
    """Whether the nonce stands outside of the data now. Stopped right after it, everything is read again."""
    if work.machine.marks is None:
        return False
    form = _mark_of(here.device)
    try:
        kept = await read_kept(work.machine.marks, form)
        told = {**kept.get("nonces", {}), work.store.project: here.nonce}
        await write_kept(work.machine.marks, form, {**kept, "nonces": told})
    except FieldLogError:
        return False
    return True
