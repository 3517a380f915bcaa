"""Both disks an archive may lie on."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.ports import Disk


@pytest.fixture(params=["memory", "posix"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return MemoryDisk() if request.param == "memory" else PosixDisk(tmp_path / "archive")
