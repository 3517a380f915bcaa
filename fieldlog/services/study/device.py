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
    each={
        "writers": (dict, gate.mapped(gate.identifier)),
        "former_writers": (dict, gate.listed(gate.identifier)),
        "former": (list, gate.identifier),
        "preferences": (dict, gate.text),
    },
)


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
        kept = await read_kept(machine.disk_at(""), DEVICE)
        known = (*DEVICE.whole, *DEVICE.each)
        return cls(
            machine, kept.get("id") or machine.new_id(), kept.get("label", ""), kept.get("current"),
            kept.get("writers", {}), kept.get("preferences", {}), kept.get("former", []),
            kept.get("former_writers", {}),
            {name: value for name, value in kept.items() if name not in known},
        )  # fmt: skip

    async def keep(self) -> None:
        await self._hear()
        await self._write()

    async def _write(self) -> None:
        kept = {
            **self.more, "id": self.id, "label": self.label, "current": self.current, "writers": self.writers,
            "preferences": self.preferences, "former": self.former, "former_writers": self.former_writers,
        }  # fmt: skip
        disk = self.machine.disk_at("")
        await self.machine.room.needed(lambda: write_kept(disk, DEVICE, kept))

    async def _hear(self) -> None:
        """Take over what was drawn or renewed here meanwhile, for another study that is open beside this one."""
        kept = await read_kept(self.machine.disk_at(""), DEVICE)
        if self.id in kept.get("former", ()) and "id" in kept:
            self.id, self.former = kept["id"], kept["former"]
        for study, former in kept.get("former_writers", {}).items():
            self.former_writers[study] = list(dict.fromkeys([*former, *self.former_writers.get(study, ())]))
        for study, own in kept.get("writers", {}).items():
            left = {*self.writers.get(study, {}).values()} & {*self.former_writers.get(study, ())}
            if left or study not in self.writers:
                self.writers[study] = own

    @property
    def ids(self) -> tuple[str, ...]:
        """What this device is called, and was called before."""
        return self.id, *self.former

    async def renew(self, study: str) -> dict[str, str]:
        """New writers in a study, by lane, and a new id; the former ones stay this device's. Raises `NotSaved`;
        then nothing has changed."""
        await self._hear()
        before, own = vars(self).copy(), self.writers.get(study, {})
        former = [*self.former_writers.get(study, ()), *own.values()]
        self.id, self.former = self.machine.new_id(), [*self.former, self.id]
        self.writers = {**self.writers, study: self._drawn()}
        self.former_writers = {**self.former_writers, study: former}
        try:
            await self._write()
        except BaseException:
            vars(self).update(before)
            raise
        return self.writers[study]

    def _drawn(self) -> dict[str, str]:
        return {lane: self.machine.new_salt()[:16] for lane in LANES}

    async def prefer(self, name: str, value: str) -> None:
        """Remember how the person likes it here: language, look."""
        if self.preferences.get(name) != value:
            self.preferences[name] = value
            await self.keep()

    async def forget(self, study: str) -> None:
        """A study leaves this device: should it come back, other writers go on in it."""
        await self._hear()
        known = self.writers.pop(study, None)
        if known is not None or self.current == study:
            self.current = None if self.current == study else self.current
            await self._write()

    async def join(self, study: str) -> dict[str, str]:
        """This device's writer for each lane of a study; drawn at random the first time."""
        own = self.writers.get(study, {})
        if self.current != study or not own.keys() >= set(LANES):
            self.current = study
            self.writers[study] = self._drawn() | own
            await self.keep()
        return self.writers[study]
