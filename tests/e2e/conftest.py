"""Where pictures go: beside the tests' other output, or where FIELDLOG_SHOTS says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for screenshots of this run."""
    asked = os.environ.get("FIELDLOG_SHOTS")
    folder = Path(asked) if asked else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def pocket_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phone's app as build/pocket.py makes it, once for the run."""
    folder = tmp_path_factory.mktemp("pocket") / "site"
    command = [sys.executable, str(PROJECT / "build" / "pocket.py"), "--out", str(folder)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert made.returncode == 0, made.stdout
    return folder
