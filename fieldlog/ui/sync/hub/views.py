"""A hub and its devices in words: pure, without Flet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from fieldlog.ui.sync.views import HOUR, age
from fieldlog.ui.words.times import moment_words
from fieldlog.ui.words.words import Words, later

if TYPE_CHECKING:
    from fieldlog.services.hub.record import PairedDevice

LOOPBACK = "127."
STEPS_BY_LINK = (
    later("Point the phone’s camera at the square. It opens in FieldLog."),
    later("No camera, or another laptop? Copy the code: there, Devices and backups, Pair."),
    later("Say yes there. From then on both exchange by themselves while both are open."),
)
STEPS = (
    later(
        "Scan the square with the phone’s camera and copy what it says; on another laptop, copy the code below."
    ),
    later("In FieldLog there: Devices and backups, Pair, and paste it."),
    later("Say yes there. From then on both exchange by themselves while both are open."),
)


@dataclass(frozen=True, kw_only=True)
class PairedRow:
    """A device that was paired; `revoked` says that its key was taken back."""

    id: str
    name: str
    told: str
    revoked: bool


def paired_rows(
    devices: Sequence[PairedDevice], now: datetime, zone: str, words: Words
) -> tuple[PairedRow, ...]:  # fmt: skip
    """Those that may come first, each with when it was here last."""
    rows = [
        PairedRow(
            id=one.id, name=one.name or words("Another device"), told=_told(one, now, zone, words),
            revoked=not one.key,
        )
        for one in devices
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.revoked, row.name)))


def _told(one: PairedDevice, now: datetime, zone: str, words: Words) -> str:
    if not one.key:
        return words("its key was taken back: it is not let in")
    if one.met_at is None:
        return words("paired, and not here since")
    if timedelta() <= now - one.met_at < HOUR:
        return words("here {time} ago", time=age(now - one.met_at, words))
    return words("here last {when}", when=moment_words(one.met_at, zone, words))


def reached_words(addresses: Sequence[str], words: Words, *, moved: bool, met: bool) -> tuple[str, ...]:
    """Where it is reached, and what may stand in the way until a device has `met` it."""
    if all(one.startswith(LOOPBACK) for one in addresses):
        return (words("This laptop is in no network. Join a Wi-Fi, or a phone’s own hotspot."),)
    said = [words("It is reached at {address}.", address=addresses[0])]
    if moved:
        said.append(words(
            "Another program has the port of last time. Devices that are paired already don’t find this one until "
            "they have read a new code."
        ))  # fmt: skip
    if not met:
        said.append(words(
            "If nothing comes through, a firewall may stand in the way: allow FieldLog where the system asks, or "
            "in its settings."
        ))  # fmt: skip
    return tuple(said)


def left_words(until: datetime | None, now: datetime, words: Words) -> str:
    """Good for 9 min, for one device."""
    minutes = max(1, ceil((until - now).total_seconds() / 60)) if until else 0
    return words("good for {n} min, for one device", n=minutes) if minutes else ""
