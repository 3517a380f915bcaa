"""Names that need no server: UUIDs made on the device, or from what they name."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable

from fieldlog.model.gate import LAST_MS

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def uuid7(ms: int, rand: bytes) -> str:
    """A UUIDv7 (RFC 9562) from Unix milliseconds and 10 bytes: 48 bits of time, 74 of `rand`."""
    value = (ms & (2**48 - 1)) << 80 | int.from_bytes(rand[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


class Ids:
    """Fresh UUIDv7s, each greater than the one before, even within a millisecond or after a clock jump back."""

    def __init__(self, wall_ms: Callable[[], int], random_bytes: Callable[[int], bytes]) -> None:
        self._wall_ms = wall_ms
        self._random_bytes = random_bytes
        self._ms = 0
        self._count = 0

    def __call__(self) -> str:
        ms = self._wall_ms()
        if ms > self._ms:
            self._ms, self._count = ms, 0
        else:
            self._count += 1
            if self._count > 0xFFF:
                self._ms, self._count = self._ms + 1, 0
        # rand_a (12 bits behind the version nibble) counts within the millisecond
        return uuid7(self._ms, self._count.to_bytes(2, "big") + self._random_bytes(8))


def ms_of_id(text: str) -> int:
    """The Unix milliseconds in a UUIDv7. Raises ValueError where there are none, or none a screen can show."""
    ms = uuid.UUID(text).int >> 80
    if ms >= LAST_MS:
        raise ValueError(f"{text} holds no time")
    return ms


def imported_id(ms: int, *parts: str) -> str:
    """A UUIDv7-shaped id for a record that came from elsewhere: the same parts give the same id anywhere.

    `ms` is 0 for whatever is imported: a time may be understood otherwise later, or on another device.
    """
    return uuid7(ms, hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest())


TIMELESS = "00000000-0000-"
"""How ids begin that tell no time."""


def hash_bits(record_id: str) -> str:
    """What of an id tells no time: by it an imported record is known again whose id was made with one."""
    return record_id[13:]


def day_id(study: str, date: str) -> str:
    """The id of a study's production day of an ISO date; made, never drawn, so two devices agree."""
    return imported_id(0, study, "day", date)


def doc_key(record_id: str) -> str:
    """The TinyDB document id of a record: its UUID as decimal text, as JSON keys of plain TinyDB are.

    What is no UUID as they are written has that of its hash, so that two names never share one.
    """
    if _UUID.fullmatch(record_id):
        return str(int(record_id.replace("-", ""), 16))
    return str(int.from_bytes(hashlib.sha256(record_id.encode()).digest()[:16], "big"))
