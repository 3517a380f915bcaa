"""This device: its id, its writer for each lane of a study, and what is liked here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldlog.model import gate
from fieldlog.model.vocabulary import LANES
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.kept import Form, read_kept, write_kept

DEVICE = Form(
    path="device.json",
    whole={"id": gate.identifier, "label": gate.text, "current": gate.text},
    must=("id",),
    each={"writers": (dict, gate.mapped(gate.identifier)), "preferences": (dict, gate.text)},
)


@dataclass
class Device:
    """`device.json` of the data root: this device's id, its writers in each study, and what is liked here.

    `more` is what a later version keeps there.
    """

    machine: Machine
    id: str
    label: str = ""
    current: str | None = None
    writers: dict[str, dict[str, str]] = field(default_factory=dict)
    preferences: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def load(cls, machine: Machine) -> Device:
        """The device of a data root; a new one where there is none yet, or none that can be read."""
        kept = await read_kept(machine.disk_at(""), DEVICE)
        known = (*DEVICE.whole, *DEVICE.each)
        return cls(
            machine, kept.get("id") or machine.new_id(), kept.get("label", ""), kept.get("current"),
            kept.get("writers", {}), kept.get("preferences", {}),
            {name: value for name, value in kept.items() if name not in known},
        )  # fmt: skip

    async def keep(self) -> None:
        kept = {
            **self.more, "id": self.id, "label": self.label, "current": self.current, "writers": self.writers,
            "preferences": self.preferences,
        }  # fmt: skip
        disk = self.machine.disk_at("")
        await self.machine.room.needed(lambda: write_kept(disk, DEVICE, kept))

    async def prefer(self, name: str, value: str) -> None:
        """Remember how the person likes it here: language, look."""
        if self.preferences.get(name) != value:
            self.preferences[name] = value
            await self.keep()

    async def forget(self, study: str) -> None:
        """A study leaves this device: should it come back, other writers go on in it."""
        known = self.writers.pop(study, None)
        if known is not None or self.current == study:
            self.current = None if self.current == study else self.current
            await self.keep()

    async def join(self, study: str, machine: Machine) -> dict[str, str]:
        """This device's writer for each lane of a study; drawn at random the first time."""
        own = self.writers.get(study, {})
        if self.current != study or not own.keys() >= set(LANES):
            self.current = study
            self.writers[study] = {lane: machine.new_salt()[:16] for lane in LANES} | own
            await self.keep()
        return self.writers[study]
