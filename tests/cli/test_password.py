"""The password of a server in a terminal: from the environment, or typed where there is a screen."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from fieldlog.cli import password
from fieldlog.model.errors import NotUnderstood
from fieldlog.services.machine.machine import laptop

ADDRESS = "webdavs://ana@x.org/dav"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldlog.services.sync.secrets._keyring", lambda: None)
    monkeypatch.delenv(password.GIVEN, raising=False)


async def test_it_is_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(password.GIVEN, "given")
    assert await password.secrets_here(laptop(tmp_path)).find(ADDRESS) == ("given", False)
    assert list(tmp_path.iterdir()) == []


async def test_it_is_typed_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()

    def typed(said: str) -> str:
        asked.append(said)
        return "typed"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(password, "getpass", typed)
    assert await password.secrets_here(laptop(tmp_path)).find(ADDRESS) == ("typed", True)
    assert asked == [f"Password of {ADDRESS}: "]


async def test_without_a_screen_it_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(NotUnderstood, match="put it into FIELDLOG_SYNC_PASSWORD"):
        await password.secrets_here(laptop(tmp_path)).find(ADDRESS)
