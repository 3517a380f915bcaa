"""A sealed bundle in the terminal: made, checked, brought in, proven; what is wrong with it changes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.terminal import Ran, fieldlog, rows

PASSPHRASE = "four words nobody guesses 灯还没好"


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    path = tmp_path / "phrase.txt"
    path.write_text(f"{PASSPHRASE}\na second line\n", encoding="utf-8")
    return path


@pytest.fixture
def sealed(data: Path, tmp_path: Path, phrase: Path) -> Path:
    fieldlog(data, "log", "The lamp is not ready 灯还没好")
    made = fieldlog(data, "bundle", str(tmp_path / "b.sealed"), "--sealed", "--passphrase-file", str(phrase))
    assert (made.returncode, "read back and whole" in made.stdout) == (0, True), made.stderr
    return tmp_path / "b.sealed"


def brought_in(data: Path, path: Path, phrase: Path, *words: str, lang: str = "en") -> Ran:
    return fieldlog(data, *words, "import", str(path), "--passphrase-file", str(phrase), lang=lang)


def texts(data: Path) -> list[object]:
    return [row["text"] for row in rows(fieldlog(data, "find", "lamp", "--json"))]


def test_it_is_made_checked_and_brought_in_and_eight_digits_are_shown(
    data: Path, sealed: Path, phrase: Path, tmp_path: Path
) -> None:
    assert "灯还没好".encode() not in sealed.read_bytes()
    checked = fieldlog(data, "verify", str(sealed), "--passphrase-file", str(phrase))
    assert (checked.returncode, checked.stdout) == (0, "No faults.\n")
    ran = brought_in(tmp_path / "other", sealed, phrase)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"Eight digits for the device that made it: \d{4} \d{4}\.", ran.stdout)
    assert texts(tmp_path / "other") == ["The lamp is not ready 灯还没好"]
    assert [one.name for one in (tmp_path / "other").iterdir() if one.name.endswith(".part")] == []


@pytest.mark.parametrize(("lang", "says"), [("en", "The passphrase does not open b.sealed"), ("zh", "b.sealed")])
def test_a_wrong_passphrase_changes_nothing(
    sealed: Path, phrase: Path, tmp_path: Path, lang: str, says: str
) -> None:
    phrase.write_text("another passphrase\n", encoding="utf-8")
    ran = brought_in(tmp_path / "other", sealed, phrase, lang=lang)
    assert (ran.returncode, ran.stdout, says in ran.stderr) == (1, "", True)
    assert not (tmp_path / "other").exists()


def test_a_cut_file_is_refused_before_anybody_is_asked_for_a_passphrase(sealed: Path, tmp_path: Path) -> None:
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:-7])
    ran = fieldlog(tmp_path / "other", "import", str(sealed))
    assert ran.returncode == 1
    assert f"b.sealed has {len(whole) - 7} bytes; when it was made it had {len(whole)}." in ran.stderr
    assert not (tmp_path / "other").exists()


def test_another_studys_file_changes_nothing_where_a_study_was_chosen(
    sealed: Path, phrase: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    fieldlog(other, "log", "ours")
    (study,) = rows(fieldlog(other, "studies", "--json"))
    before = {path: path.read_bytes() for path in (other / "studies").rglob("*.jsonl")}
    ran = brought_in(other, sealed, phrase, "--study", str(study["id"]))
    assert (ran.returncode, "b.sealed is of another study" in ran.stderr) == (1, True)
    assert {path: path.read_bytes() for path in (other / "studies").rglob("*.jsonl")} == before
    assert len(rows(fieldlog(other, "studies", "--json"))) == 1


def test_what_is_new_since_the_last_asks_for_the_one_before(
    data: Path, sealed: Path, phrase: Path, tmp_path: Path
) -> None:
    fieldlog(data, "log", "Another lamp")
    new = tmp_path / "new.sealed"
    words = ("--sealed", "--since-last", "--passphrase-file", str(phrase))
    assert fieldlog(data, "bundle", str(new), *words).returncode == 0
    ran = brought_in(tmp_path / "other", new, phrase)
    assert (ran.returncode, "Import the bundle before this one first" in ran.stderr) == (1, True)
    assert not (tmp_path / "other" / "studies").exists()
    for path in (sealed, new):
        assert brought_in(tmp_path / "other", path, phrase).returncode == 0
    assert len(texts(tmp_path / "other")) == 2


def test_a_passphrase_that_is_short_and_one_that_nobody_can_be_asked_for_are_refused(
    data: Path, phrase: Path, tmp_path: Path
) -> None:
    fieldlog(data, "log", "x")
    phrase.write_text("short\n", encoding="utf-8")
    path = str(tmp_path / "b.sealed")
    ran = fieldlog(data, "bundle", path, "--sealed", "--passphrase-file", str(phrase))
    assert (ran.returncode, "at least 8 characters" in ran.stderr) == (1, True)
    ran = fieldlog(data, "bundle", path, "--sealed")
    assert (ran.returncode, "--passphrase-file" in ran.stderr) == (1, True)
    assert not (tmp_path / "b.sealed").exists()
