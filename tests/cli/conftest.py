"""Where the terminal keeps its data, and the end of what its tests have started."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import terminal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="session", autouse=True)
def what_forks_is_let_go(
    nothing_outlives_its_test: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    terminal.Forking.folder = tmp_path_factory.mktemp("terminal")
    yield
    terminal.let_go()
