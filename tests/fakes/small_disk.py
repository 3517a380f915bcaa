"""A real file system that can be filled."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    """A tmpfs of that size ("300k") on a folder that is made; without the right to mount the test is skipped."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        if os.environ.get("CI") and sys.platform.startswith("linux"):
            mount = ["sudo", "-n", *mount[:-2], "-o", f"uid={os.geteuid()}", *mount[-2:]]
        else:
            pytest.skip("mounting a small disk needs root")
    subprocess.run(mount, check=True)
    try:
        yield place
    finally:
        subprocess.run([*mount[: mount.index("mount")], "umount", "--lazy", str(place)], check=True)
