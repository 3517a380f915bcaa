"""Two stores exchange over a folder, in the terminal."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

import pytest

from tests.cli.terminal import Ran, fieldlog, rows
from tests.fakes.made import photo


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def texts(data: Path) -> list[str]:
    days = [str(row["date"]) for row in rows(fieldlog(data, "days", "--json"))]
    return sorted(str(row["text"]) for day in days for row in rows(fieldlog(data, "day", day, "--json")))


def done(ran: Ran) -> str:
    assert (ran.returncode, ran.stderr) == (0, ""), ran
    return ran.stdout


def test_two_stores_over_a_folder_end_equal(data: Path, tmp_path: Path, stick: Path) -> None:
    other = tmp_path / "other"
    picture = tmp_path / "IMG_1.jpg"
    picture.write_bytes(photo())
    done(fieldlog(data, "log", "灯还没好"))
    done(fieldlog(data, "log", "I am tired", "--type", "PN"))
    done(fieldlog(data, "import", str(picture)))
    assert "Out: " in done(fieldlog(data, "sync", str(stick)))
    assert "In: " in done(fieldlog(other, "sync", str(stick)))
    done(fieldlog(other, "log", "they wait for the wind"))
    done(fieldlog(other, "sync", str(stick)))
    done(fieldlog(data, "sync", str(stick)))
    assert texts(data) == texts(other)
    assert {"灯还没好", "I am tired", "they wait for the wind"} <= set(texts(data))
    for store in (data, other):
        assert "No faults." in done(fieldlog(store, "verify"))
    assert "Nothing was new" in done(fieldlog(other, "sync", str(stick)))


def test_what_is_erased_in_one_store_goes_from_the_folder_and_from_the_other(
    data: Path, tmp_path: Path, stick: Path
) -> None:
    other = tmp_path / "other"
    done(fieldlog(data, "log", "the rain has stopped"))
    note = done(fieldlog(data, "log", "she said it in the van")).strip()
    done(fieldlog(data, "sync", str(stick)))
    done(fieldlog(other, "sync", str(stick)))
    done(fieldlog(other, "erase", note, "--reason", "asked-to", "--yes"))
    done(fieldlog(other, "sync", str(stick)))
    done(fieldlog(data, "sync", str(stick)))
    assert texts(data) == texts(other) == ["the rain has stopped"]
    for folder in (stick, data, other):
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != "reserve.bin"]
        assert [path for path in files if b"in the van" in path.read_bytes()] == []


def test_what_would_be_done_is_shown_and_not_done(data: Path, stick: Path) -> None:
    done(fieldlog(data, "log", "one"))
    said = done(fieldlog(data, "sync", str(stick), "--plan"))
    assert said.startswith("Send: log/")
    assert not stick.exists()
    done(fieldlog(data, "sync", str(stick)))
    assert "Nothing to do." in done(fieldlog(data, "sync", str(stick), "--plan"))


def test_everything_is_read_back_and_each_fault_is_named(data: Path, stick: Path) -> None:
    done(fieldlog(data, "log", "one"))
    assert "read back" in done(fieldlog(data, "sync", str(stick), "--verify"))
    segment = next((stick / "log").rglob("*.jsonl"))
    whole = segment.read_bytes()
    segment.write_bytes(whole.replace(b"one", b"two"))
    ran = fieldlog(data, "sync", str(stick), "--verify")
    assert (ran.returncode, segment.name in ran.stdout, "1 fault" in ran.stderr) == (1, True, True)
    done(fieldlog(data, "sync", str(stick)))
    assert segment.read_bytes() == whole
    done(fieldlog(data, "sync", str(stick), "--verify"))


def test_a_folder_that_was_emptied_stops_and_asks(data: Path, stick: Path) -> None:
    done(fieldlog(data, "log", "one"))
    done(fieldlog(data, "sync", str(stick)))
    rmtree(stick)
    ran = fieldlog(data, "sync", str(stick))
    assert (ran.returncode, "filled again" in ran.stderr, stick.exists()) == (1, True, False)
    done(fieldlog(data, "sync", str(stick), "--again"))
    assert list((stick / "log").rglob("*.jsonl"))


def test_an_empty_store_and_an_empty_folder_have_nothing_to_join(data: Path, stick: Path) -> None:
    ran = fieldlog(data, "sync", str(stick))
    assert (ran.returncode, "no study" in ran.stderr, stick.exists()) == (1, True, False)
    ran = fieldlog(data, "sync", str(stick), "--plan")
    assert ran.returncode == 1


@pytest.mark.parametrize("address", ["ftp://host/x", "mailto:x"])
def test_what_is_no_place_to_exchange_with_is_refused(data: Path, address: str) -> None:
    done(fieldlog(data, "log", "one"))
    ran = fieldlog(data, "sync", address)
    assert (ran.returncode, address in ran.stderr) == (1, True)


def test_our_own_data_and_an_archive_are_no_place_either(data: Path, tmp_path: Path) -> None:
    done(fieldlog(data, "log", "one"))
    ran = fieldlog(data, "sync", str(data / "there"))
    assert (ran.returncode, "its own data" in ran.stderr) == (1, True)
    done(fieldlog(data, "archive", str(tmp_path / "archive")))
    ran = fieldlog(data, "sync", str(tmp_path / "archive"))
    assert (ran.returncode, "is an archive" in ran.stderr) == (1, True)


def test_the_archive_follows_for_days_that_changed(data: Path, tmp_path: Path, stick: Path) -> None:
    other, archive = tmp_path / "other", tmp_path / "archive"
    done(fieldlog(data, "log", "one", "--at", "2025-03-16"))
    done(fieldlog(data, "archive", str(archive)))
    done(fieldlog(data, "sync", str(stick)))
    done(fieldlog(other, "sync", str(stick)))
    done(fieldlog(other, "log", "from the other", "--at", "2025-03-17"))
    done(fieldlog(other, "sync", str(stick)))
    assert "The archive followed: 1 day written." in done(fieldlog(data, "sync", str(stick)))
    said = "".join(page.read_text("utf-8") for page in (archive / "days").rglob("*.json"))
    assert "from the other" in said
    assert "No faults." in done(fieldlog(data, "verify", str(archive)))


def test_it_speaks_chinese(data: Path, stick: Path) -> None:
    done(fieldlog(data, "log", "one"))
    assert "发送" in done(fieldlog(data, "sync", str(stick), "--plan", lang="zh"))


def test_what_is_proven_on_two_devices_is_said_and_what_is_not_is_named(
    data: Path, tmp_path: Path, stick: Path
) -> None:
    other = tmp_path / "other"
    done(fieldlog(data, "log", "灯还没好"))
    assert "0 of 1 proven on 2 devices." in done(fieldlog(data, "sync", str(stick)))
    safe = "1 of 1 proven on 2 devices: safe to free space on the phone."
    assert safe in done(fieldlog(other, "sync", str(stick)))
    done(fieldlog(data, "sync", str(stick)))
    assert safe in done(fieldlog(data, "verify"))
    done(fieldlog(data, "log", "they wait"))
    said = done(fieldlog(data, "sync", "--proof"))
    assert "1 of 2 proven on 2 devices." in said
    assert ["“they wait”" in line for line in said.splitlines() if line.startswith("Not proven")] == [True]
    assert "the laptop: 2 of 2" not in said, "it was not read back yet"
    assert fieldlog(data, "sync").returncode == 2
