"""The disk contract on a laptop: in memory and in a real folder."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from tests.disk.contract import CONTRACT, STRICT, Clause


def named(clause: Clause) -> str:
    return clause.__name__


@pytest.mark.parametrize("clause", CONTRACT, ids=named)
def test_in_a_folder(clause: Clause, tmp_path: Path) -> None:
    asyncio.run(clause(PosixDisk(tmp_path / "store")))


@pytest.mark.parametrize("clause", CONTRACT + STRICT, ids=named)
def test_in_memory(clause: Clause) -> None:
    asyncio.run(clause(MemoryDisk()))
