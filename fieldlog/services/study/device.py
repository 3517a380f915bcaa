"""This device: its id, its writer for each lane of a study, and what is liked here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fieldlog.media.vault import patiently
from fieldlog.model import gate
from fieldlog.model.vocabulary import LANES
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.kept import Form, Kept, read_kept, write_kept

DEVICE = Form(
    path="device.json",
    whole={"id": gate.identifier, "label": gate.text, "current": gate.text},
    must=("id",),
    each={
        "writers": (dict, gate.mapped(gate.identifier)),
        "former_writers": (dict, gate.listed(gate.identifier)),
        "former": (list, gate.identifier),
        "preferences": (dict, gate.text),
    },
)

LOCK = "device.lock"


@dataclass
class Device:
    """`device.json` of the data root: this device's id, its writers in each study, and what is liked here.

    `former` are ids it had, `former_writers` writers it had in each study, before it was restored or cloned.
    `more` is what a later version keeps there.
    """

    machine: Machine
    id: str
    label: str = ""
    current: str | None = None
    writers: dict[str, dict[str, str]] = field(default_factory=dict)
    preferences: dict[str, str] = field(default_factory=dict)
    former: list[str] = field(default_factory=list)
    former_writers: dict[str, list[str]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def load(cls, machine: Machine) -> Device:
        """The device of a data root; a new one where there is none yet, or none that can be read."""
        return cls._of(machine, await read_kept(machine.disk_at(""), DEVICE))

    @classmethod
    def _of(cls, machine: Machine, kept: Kept, new: str = "") -> Device:
        known = (*DEVICE.whole, *DEVICE.each)
        return cls(
            machine, kept.get("id") or new or machine.new_id(), kept.get("label", ""), kept.get("current"),
            dict(kept.get("writers", {})), dict(kept.get("preferences", {})), list(kept.get("former", [])),
            dict(kept.get("former_writers", {})),
            {name: value for name, value in kept.items() if name not in known},
        )  # fmt: skip

    def _told(self) -> Kept:
        told = {
            **self.more, "id": self.id, "label": self.label, "current": self.current, "writers": self.writers,
            "preferences": self.preferences, "former": self.former, "former_writers": self.former_writers,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}

    async def change(self, change: Callable[[Device], object]) -> None:
        """Let `change` alter what the file says by now, whoever wrote it meanwhile, and keep that: then this says
        the same. Raises `NotSaved`; then the file says what it said."""
        disk = self.machine.disk_at("")

        async def changed() -> None:
            lock = await patiently(lambda: disk.lock(LOCK))
            try:
                kept = await read_kept(disk, DEVICE)
                there = Device._of(self.machine, kept, self.id)
                change(there)
                if there._told() != kept:
                    await write_kept(disk, DEVICE, there._told())
            finally:
                lock.release()
            vars(self).update(vars(there))

        await self.machine.room.needed(changed)

    @property
    def ids(self) -> tuple[str, ...]:
        """What this device is called, and was called before."""
        return self.id, *self.former

    async def renew(self, study: str) -> dict[str, str]:
        """New writers in a study, by lane, and a new id; the former ones stay this device's. Raises `NotSaved`;
        then nothing has changed."""

        def renewed(device: Device) -> None:
            own = device.writers.get(study, {})
            device.former = [*device.former, device.id]
            device.former_writers[study] = [*device.former_writers.get(study, ()), *own.values()]
            device.id, device.writers[study] = self.machine.new_id(), self._drawn()

        await self.change(renewed)
        return self.writers[study]

    def _drawn(self) -> dict[str, str]:
        return {lane: self.machine.new_salt()[:16] for lane in LANES}

    async def prefer(self, name: str, value: str) -> None:
        """Remember how the person likes it here: language, look."""
        if self.preferences.get(name) != value:
            await self.change(lambda device: device.preferences.update({name: value}))

    async def opens(self, study: str | None) -> None:
        """The study that is opened where none is named; None where nobody says which."""
        await self.change(lambda device: setattr(device, "current", study))

    async def forget(self, study: str) -> None:
        """A study leaves this device: should it come back, other writers go on in it."""

        def forgotten(device: Device) -> None:
            device.writers.pop(study, None)
            device.current = None if device.current == study else device.current

        await self.change(forgotten)

    async def join(self, study: str, *, anew: bool = False) -> dict[str, str]:
        """This device's writer for each lane of a study; drawn at random the first time, and `anew` where nothing
        of it is here: what wrote in it once may have gone on elsewhere."""

        def joined(device: Device) -> None:
            own = {} if anew else device.writers.get(study, {})
            device.current = study
            device.writers[study] = self._drawn() | own

        await self.change(joined)
        return self.writers[study]
