"""Which places this device exchanges a study with. Only it knows: that stands in no journal, bundle or backup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from fieldlog.model import gate
from fieldlog.model.moment import iso, parse
from fieldlog.model.ports import Disk
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.sync.over_network import is_hub, is_over_network

Kind = Literal["folder", "webdav", "s3", "hub"]
_FORM = Form(
    path="sync/places.json", whole={}, each={"places": (list, gate.complete(address=gate.text, met=gate.text))}
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """`address` is how it is known (`known_by`), without a password. `met` is when an exchange with it was last
    done to its end; None for never. `called` is what it calls itself, "" for a place that does not."""

    address: str
    met: datetime | None = None
    called: str = ""

    @property
    def kind(self) -> Kind:
        if not is_over_network(self.address):
            return "folder"
        if is_hub(self.address):
            return "hub"
        return "s3" if self.address.lower().startswith("s3:") else "webdav"

    @property
    def name(self) -> str:
        """What a person calls it: the folder, the host, the bucket."""
        from fieldlog.services.sync.addresses import name_of_place  # not before the first screen

        return self.called or name_of_place(self.address)


async def read_places(disk: Disk) -> list[Place]:
    """Those of the study whose disk this is, in the order in which they were added."""
    said = (await read_kept(disk, _FORM)).get("places", [])
    return [Place(address=one["address"], met=_time(one["met"]), called=_text(one.get("called"))) for one in said]


async def keep_place(disk: Disk, place: Place) -> None:
    """Remember a place; one of the same address is this one from now on. Raises as the disk does."""
    places = await read_places(disk)
    kept = [place if one.address == place.address else one for one in places]
    await _write(disk, kept if place in kept else [*kept, place])


async def met(disk: Disk, address: str, at: datetime) -> None:
    """An exchange with this address was done to its end. A place that is not remembered stays so."""
    for one in await read_places(disk):
        if one.address == address:
            await keep_place(disk, replace(one, met=at))


async def forget_place(disk: Disk, address: str) -> None:
    """It is no place of this device any more. What lies there stays, and so does what is known of that: what is
    erased here later goes from there, too, should it come back."""
    await _write(disk, [one for one in await read_places(disk) if one.address != address])


async def _write(disk: Disk, places: Sequence[Place]) -> None:
    said = [
        {
            "address": one.address,
            "met": iso(one.met) if one.met else "",
            **({"called": one.called} if one.called else {}),
        }
        for one in places
    ]
    await write_kept(disk, _FORM, {**await read_kept(disk, _FORM), "places": said})


def _time(said: str) -> datetime | None:
    return parse(said) if gate.instant(said) is None else None


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""
