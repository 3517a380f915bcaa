"""The terminal's front door: what can't be is refused in a sentence, and nothing is made of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from fieldlog.services.machine.bundled import sample_month
from tests.cli.terminal import Ran, fieldlog, rows


def without_zone(data: Path, *words: str, lang: str = "en") -> Ran:
    """On a machine whose zone is a rule without a name."""
    return fieldlog(data, *words, lang=lang, TZ="CST-8")


def refused(ran: Ran, says: str) -> bool:
    return ran.returncode == 1 and says in ran.stderr and "Traceback" not in ran.stderr and not ran.stdout


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "1899-12-31"])
def test_a_note_of_another_millennium_is_refused_before_anything_is_written(data: Path, at: str) -> None:
    assert refused(fieldlog(data, "log", "far", "--at", at), "is not between 1900 and 2200")
    assert refused(fieldlog(data, "log", "far", "--at", at, lang="zh"), "不在 1900 到 2200 之间")
    assert not data.exists()


def test_a_study_that_is_not_here_is_not_made(data: Path) -> None:
    for name in ("../../../pwn", "typo"):
        assert refused(
            fieldlog(data, "--study", name, "log", "x"), f"There is no study {name} here. `fieldlog studies`"
        )
        assert refused(fieldlog(data, "--study", name, "log", "x", lang="zh"), f"这里没有研究 {name}")
        assert refused(fieldlog(data, "--study", name), "There is no study")
    assert not data.exists()
    fieldlog(data, "log", "mine")
    (before,) = rows(fieldlog(data, "studies", "--json"))
    assert refused(fieldlog(data, "--study", "typo", "log", "x"), "There is no study typo here")
    assert rows(fieldlog(data, "studies", "--json")) == [before]


def test_a_study_is_removed_with_its_title_or_where_a_backup_holds_it(data: Path) -> None:
    fieldlog(data, "log", "mine")
    made = fieldlog(data, "studies", "new", "Night block", "--first", "2025-03-03", "--days", "3").stdout.strip()
    (kept,) = (str(row["id"]) for row in rows(fieldlog(data, "studies", "--json")) if row["id"] != made)
    assert refused(fieldlog(data, "studies", "remove", "typo"), "There is no study typo here")
    assert refused(fieldlog(data, "studies", "remove", made), "type its title to remove it all the same")
    assert refused(fieldlog(data, "studies", "remove", made, lang="zh"), "什么都没有移除")
    assert (
        fieldlog(data, "studies", "remove", made, "--title", "Night block").stdout == "Removed from this device.\n"
    )
    assert [row["id"] for row in rows(fieldlog(data, "studies", "--json"))] == [kept]
    fieldlog(data, "bundle", str(data.parent / "all.zip"))
    assert fieldlog(data, "studies", "remove", kept).returncode == 0
    assert rows(fieldlog(data, "studies", "--json")) == []


def test_studies_are_made_and_listed_and_chosen_by_their_id(data: Path) -> None:
    fieldlog(data, "log", "mine")
    made = fieldlog(data, "studies", "new", "竖屏的日子", "--first", "2025-03-03", "--days", "3")
    assert made.returncode == 0
    first, second = rows(fieldlog(data, "studies", "--json"))
    assert first == {"id": made.stdout.strip(), "title": "竖屏的日子", "entries": 0, "current": True}
    assert (second["title"], second["entries"], second["current"]) == ("Untitled study", 1, False)
    assert [row["code"] for row in rows(fieldlog(data, "days", "--json"))] == ["PD01", "PD02", "PD03"]
    assert fieldlog(data, "--study", str(second["id"]), "log", "again").returncode == 0
    listed = fieldlog(data, "studies", lang="zh").stdout
    assert made.stdout.strip() in listed
    assert "笔记" in listed
    assert refused(fieldlog(data, "studies", "new", "X", "--zone", "Mars/Olympus"), "zone says Mars/Olympus")
    assert refused(fieldlog(data, "studies", "new", "X", "--first", "2025-02-30"), "first day says 2025-02-30")
    assert len(rows(fieldlog(data, "studies", "--json"))) == 2


def test_a_machine_that_does_not_know_its_zone_asks_for_it(data: Path) -> None:
    for words in (["log", "x"], ["studies", "new", "T"]):
        assert refused(without_zone(data, *words), "take --zone, like --zone Asia/Shanghai")
        assert refused(without_zone(data, *words, lang="zh"), "--zone Asia/Shanghai")
        assert refused(without_zone(data, *words, "--zone", "Mars/Olympus"), "Mars/Olympus: there is no time zone")
    assert not data.exists()
    assert without_zone(data, "log", "x", "--zone", "Asia/Shanghai", "--at", "2025-03-16T01:00").returncode == 0
    assert without_zone(data, "log", "and on it goes").returncode == 0
    (day, _) = rows(fieldlog(data, "days", "--json"))
    assert day["date"] == "2025-03-15"


def test_a_bundle_that_names_another_place_is_refused(data: Path, tmp_path: Path) -> None:
    fieldlog(data, "log", "mine")
    fieldlog(data, "bundle", str(tmp_path / "true.zip"))
    for project in ("../../../pwn", "a/b", 5, None, ["x"]):
        with zipfile.ZipFile(tmp_path / "true.zip") as true, zipfile.ZipFile(tmp_path / "b.zip", "w") as bag:
            for name in true.namelist():
                said = true.read(name)
                form = json.dumps({"format": 1, "project": project, "min_reader": 1}).encode()
                bag.writestr(name, form if name == "format.json" else said)
        ran = fieldlog(tmp_path / "other", "import", str(tmp_path / "b.zip"))
        assert refused(ran, "project says "), ran.stderr
        assert "an id is at most 64 letters, digits and dashes" in ran.stderr
    assert not (tmp_path / "other").exists()
    assert not list(tmp_path.parent.glob("**/pwn"))


@pytest.mark.parametrize(
    "form", ["[]", "5", "{}", '{"project":"x"}', '{"project":"x","min_reader":"1"}', "NaN", "[" * 3000]
)
def test_a_bundle_whose_form_is_none_is_refused(data: Path, tmp_path: Path, form: str) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bag:
        bag.writestr("format.json", form)
    assert refused(fieldlog(data, "import", str(tmp_path / "b.zip")), "FieldLog: ")
    assert not data.exists()


def test_a_bundle_whose_journals_lie_elsewhere_is_refused(data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bag:
        bag.writestr("format.json", '{"format":1,"project":"x","min_reader":1}')
        bag.writestr("log/../1-0-e3b0c44298fc1c14.jsonl", "")
    assert refused(fieldlog(data, "import", str(tmp_path / "b.zip")), "an id is at most")
    assert not data.exists()


def test_a_month_that_cannot_be_is_refused_over_a_good_store_too(data: Path, tmp_path: Path) -> None:
    fieldlog(data, "log", "mine")
    month = json.loads(sample_month().read_text(encoding="utf-8"))
    for said in ({"default_tz": "Mars/Olympus"}, {"day_boundary_hour": "6"}):
        path = tmp_path / "month.json"
        path.write_text(json.dumps({**month, "study": {**month["study"], **said}}), encoding="utf-8")
        (name,) = said
        assert refused(fieldlog(data, "import", str(path)), f"study st-01: {name} says {said[name]}")
    assert [row["title"] for row in rows(fieldlog(data, "studies", "--json"))] == ["Untitled study"]


def test_what_cannot_be_read_is_named_by_verify_and_shown_where_it_is_listed(data: Path) -> None:
    from tests.services.test_hostile_records import STRANGER, far_entry, journal_of

    fieldlog(data, "import", str(sample_month()))
    (study,) = rows(fieldlog(data, "studies", "--json"))
    true = {**far_entry(), "e": "01950000-0000-7000-8000-0000000000ff"}
    journal = data / "studies" / str(study["id"]) / "journals" / STRANGER / "000001.jsonl"
    journal.parent.mkdir()
    journal.write_bytes(journal_of(str(study["id"]), [true]))
    for lang, says in (
        ("en", "can't be read and is set aside, unchanged: occurred_at says 9999"),
        ("zh", "无法读取，已原样搁置"),
    ):
        verified, listed = fieldlog(data, "verify", lang=lang), fieldlog(data, "day", "PD01", lang=lang)
        assert verified.returncode == 1
        assert f"entry {true['e']} {says.removeprefix('entry')}" in " ".join(verified.stdout.split())
        assert says in " ".join(listed.stdout.split())
        assert true["v"]["text"][:30] in listed.stdout
    assert fieldlog(data, "log", "on it goes").returncode == 0
