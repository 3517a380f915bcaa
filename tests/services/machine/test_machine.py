"""What a laptop tells of itself: where its browsers put what they fetch."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldlog.services.machine.machine import browser, downloads_folder, laptop


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", "Downloads"),
        ('XDG_DESKTOP_DIR="$HOME/桌面"\nXDG_DOWNLOAD_DIR="$HOME/下载"\n', "下载"),
        ('# XDG_DOWNLOAD_DIR="$HOME/old"\n', "Downloads"),
        ('XDG_DOWNLOAD_DIR="/mnt/fetched"\n', "/mnt/fetched"),
    ],
)
def test_downloads_is_called_as_the_desktop_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, found: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    if said:
        (tmp_path / ".config").mkdir()
        (tmp_path / ".config" / "user-dirs.dirs").write_text(said, encoding="utf-8")
    assert downloads_folder() == tmp_path / found
    assert laptop(tmp_path / "data").downloads == tmp_path / found


def test_a_laptop_keeps_every_original_and_a_phone_makes_room(tmp_path: Path) -> None:
    assert laptop(tmp_path).keeps
    assert not browser().keeps
