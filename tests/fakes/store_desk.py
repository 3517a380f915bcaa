"""A small study on a disk of one's own, for tests of the store."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import Any

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.model.ports import Disk
from fieldlog.store.store import Store

PROJECT = "11111111-1111-7111-8111-111111111111"
OWN = {"team": "aaaaaaaaaaaaaaaa", "mine": "bbbbbbbbbbbbbbbb"}
_numbers = count(1)


def salt() -> str:
    return f"{next(_numbers):032x}"


async def opened(disk: Disk, *, own: dict[str, str] | None = OWN) -> Store:
    return await Store.open(disk, PROJECT, salt=salt, own=own)


def entry_id(n: int) -> str:
    return uuid7(1_740_000_000_000 + n, b"entry-----")


def note(n: int, text: str = "", **said: Any) -> Op:
    """The operation of a note: the same for the same number and text."""
    when = f"2025-03-{3 + n // 600 % 25:02d}T{8 + n // 60 % 10:02d}:{n % 60:02d}:00+00:00"
    v = {"kind": "jotting", "occurred_at": when, "created_at": when, "text": text or f"note {n} 第{n}条", **said}
    return Op(u=uuid7(n, b"operation-"), t=f"{n:016x}w", r="entry", e=entry_id(n), k="new", v=v)


def texts(store: Store) -> list[str]:
    return sorted(doc["text"] for doc in store.state.entries())


async def journal_of(lines: int) -> tuple[MemoryDisk, bytes]:
    """A disk with a journal of so many lines and no views, and the journal's bytes."""
    disk = MemoryDisk()
    store = await opened(disk)
    for n in range(lines):
        store.commit("team", [[note(n)]])
    await store.close()
    return disk, await disk.read(team_file())


def team_file(segment: int = 1) -> str:
    return f"journals/{OWN['team']}/{segment:06d}.jsonl"


async def with_journal(data: bytes) -> MemoryDisk:
    disk = MemoryDisk()
    await disk.replace(team_file(), data)
    return disk


def dice(seed: int) -> Random:
    return Random(seed)
