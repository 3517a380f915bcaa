"""What is damaged is named in the terminal, what is whole is done, and the shell hears of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldlog.cli import main


def fl(data: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *args])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five notes, with one bit of the third changed in the journal."""
    data = tmp_path / "data"
    for n in range(5):
        assert fl(data, "log", f"note {n}").exit_code == 0
    (journal,) = [one for one in data.glob("studies/*/journals/*/000001.jsonl") if b"note 3" in one.read_bytes()]
    journal.write_bytes(journal.read_bytes().replace(b"note 3", b"note 2"))
    return data


def test_archive_bundle_restore_and_import_do_what_they_can_and_say_what_they_could_not(
    data: Path, tmp_path: Path
) -> None:
    archive, bundle = tmp_path / "A", tmp_path / "B.zip"
    for done in (
        fl(data, "verify"), fl(data, "archive", str(archive)), fl(data, "bundle", str(bundle)),
        fl(data, "verify", str(archive)), fl(data, "verify", str(bundle)),
        fl(tmp_path / "r", "restore", str(archive)), fl(tmp_path / "i", "import", str(bundle)),
    ):  # fmt: skip
        assert done.exit_code == 1
        assert "journal" in done.output
        assert "Traceback" not in done.output
    for elsewhere in ("r", "i"):
        found = fl(tmp_path / elsewhere, "find", "note").output
        assert [f"note {n}" in found for n in range(5)] == [True, True, True, False, True]
    assert fl(tmp_path / "r", "archive", str(tmp_path / "again")).exit_code == 1


def test_an_entry_that_an_archive_filled_in_says_so_until_its_line_is_here(tmp_path: Path) -> None:
    data, archive, bundle = tmp_path / "data", tmp_path / "A", tmp_path / "B.zip"
    for n in range(3):
        assert fl(data, "log", f"note {n}").exit_code == 0
    for made in (fl(data, "archive", str(archive)), fl(data, "bundle", str(bundle))):
        assert made.exit_code == 0
    (log,) = archive.glob("log/*.jsonl")
    log.write_bytes(log.read_bytes().replace(b'"note 1"', b'"note 9"'))
    other, mark = tmp_path / "other", "filled in from an archive"
    assert fl(other, "restore", str(archive)).exit_code == 1
    found = fl(other, "find", "note").output
    assert ["note 1" in found, found.count(mark)] == [True, 1]
    assert mark in fl(other, "find", "1").output
    assert fl(other, "import", str(bundle)).exit_code == 0
    healed = fl(other, "find", "note").output
    assert ["note 1" in healed, mark in healed] == [True, False]


def test_what_a_bundle_may_not_take_the_place_of_stays(data: Path, tmp_path: Path) -> None:
    text = tmp_path / "mine.txt"
    text.write_text("My own words.", encoding="utf-8")
    refused = fl(data, "bundle", str(text))
    assert refused.exit_code == 1
    assert text.read_text(encoding="utf-8") == "My own words."
    assert fl(data, "bundle", str(tmp_path / "no" / "b.zip")).exit_code == 1
    assert not (tmp_path / "no").exists()
    whole = tmp_path / "other"
    assert fl(whole, "log", "one").exit_code == 0
    assert fl(whole, "bundle", str(tmp_path / "w.zip")).exit_code == 0
    before = (tmp_path / "w.zip").read_bytes()
    assert fl(whole, "bundle", str(tmp_path / "w.zip"), "--since-last").exit_code == 1
    assert (tmp_path / "w.zip").read_bytes() == before
    assert fl(whole, "verify", str(tmp_path / "w.zip")).exit_code == 0
