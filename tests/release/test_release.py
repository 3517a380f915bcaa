"""What a release is made of: one version, what is new, hashes, and files that are always the same."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pocket
import release
from fieldlog import __version__

CHANGELOG = """# Changelog

## [Unreleased]

### Added

- What is coming.

## [1.1.0] - 2026-01-02

### Fixed

- A fault.

## [1.0.0] - 2026-01-01

- The first.
"""


def test_the_version_stands_in_one_place() -> None:
    assert release.version() == __version__


def test_the_notes_are_what_the_changelog_says_of_the_version() -> None:
    assert release.notes(CHANGELOG, "1.1.0") == "### Fixed\n\n- A fault.\n"
    assert release.notes(CHANGELOG, "1.0.0") == "- The first.\n"


def test_a_version_of_which_nothing_is_said_yet_gets_what_is_coming() -> None:
    assert release.notes(CHANGELOG, "1.2.0") == "### Added\n\n- What is coming.\n"
    with pytest.raises(SystemExit, match=r"says nothing of version 1\.2\.0"):
        release.notes("# Changelog\n\n## [1.1.0]\n\n- A fault.\n", "1.2.0")


def test_the_notes_of_this_version_are_there() -> None:
    assert release.notes(release.CHANGES.read_text(encoding="utf-8"), __version__)


def test_a_tag_that_is_not_the_version_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["release.py", "--out", str(tmp_path / "dist"), "--tag", "v99.0.0"])
    with pytest.raises(SystemExit, match=r"The tag is v99\.0\.0, but .* Nothing was made"):
        release.main()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit, match="holds something else"):
        release.make(Path(sys.executable), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_hashes_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"wheel")
    (tmp_path / "b.zip").write_bytes(b"zip")
    (tmp_path / release.SUMS).write_text(release.sums(tmp_path), encoding="utf-8")
    checked = ["sha256sum", "--check", "--strict", "--quiet", release.SUMS]
    assert subprocess.run(checked, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "b.zip").write_bytes(b"zap")
    assert subprocess.run(checked, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_folder_packed_later_and_in_another_order_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder, names in (("one", "ab"), ("other", "ba")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_bytes(name.encode())
        pocket.zip_up(tmp_path / folder, tmp_path / f"{folder}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_a_wheel_made_again_is_the_same(wheel: Path, tmp_path: Path) -> None:
    assert release.wheel(Path(sys.executable), tmp_path).read_bytes() == wheel.read_bytes()


def test_the_wheel_holds_fieldlog_with_its_assets_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        about = packed.read(f"fieldlog-{__version__}.dist-info/METADATA").decode()
        assert {one.date_time for one in packed.infolist()} == {pocket.LONG_AGO}
    assert {name.split("/")[0] for name in names} == {"fieldlog", f"fieldlog-{__version__}.dist-info"}
    assert f"\nVersion: {__version__}\n" in about
    for name in ("sample/month.json", "fonts/NotoSansSC-Regular.otf", "caret.js", "rows.css"):
        assert f"fieldlog/assets/{name}" in names
    assert "fieldlog/ui/words/locale/zh/LC_MESSAGES/fieldlog.mo" in names
    assert not [name for name in names if name.endswith(".pyc") or "/__pycache__/" in name]
