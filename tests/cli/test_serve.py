"""A hub in one terminal, and laptops that pair and exchange in others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldlog.sync.pairing import read_code
from tests.cli.terminal import Ran, fieldlog, rows
from tests.fakes.made import photo
from tests.fakes.serving import ended, serving, with_keyring


def texts(data: Path) -> list[str]:
    days = [str(row["date"]) for row in rows(fieldlog(data, "days", "--json"))]
    return sorted(str(row["text"]) for day in days for row in rows(fieldlog(data, "day", day, "--json")))


def done(ran: Ran) -> str:
    assert (ran.returncode, ran.stderr) == (0, ""), ran
    return ran.stdout


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return tmp_path / "other"


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, str]:
    return with_keyring(tmp_path / "ring.json")


def test_an_empty_laptop_pairs_joins_and_from_then_on_goes_by_the_hubs_name(
    data: Path, other: Path, tmp_path: Path, ring: dict[str, str]
) -> None:
    picture = tmp_path / "IMG_1.jpg"
    picture.write_bytes(photo())
    done(fieldlog(data, "log", "灯还没好"))
    done(fieldlog(data, "log", "I am tired", "--type", "PN"))
    done(fieldlog(data, "import", str(picture)))
    with serving(data) as (hub, code):
        said = done(fieldlog(other, "sync", code, **ring))
        assert said.startswith("Paired with ")
        name = said.splitlines()[0].removeprefix("Paired with ").removesuffix(".")
        assert "In: " in said
        done(fieldlog(other, "log", "they wait for the wind"))
        assert "Out: " in done(fieldlog(other, "sync", name, **ring))
        assert "is used, too old or wrong" in fieldlog(tmp_path / "third", "sync", code, **ring).stderr
        shown = ended(hub)
    assert "is paired now." in shown
    assert "The code is used up." in shown
    with serving(data) as (hub, _):
        assert "Nothing was new" in done(fieldlog(other, "sync", name, **ring))
        ended(hub)
    assert texts(data) == texts(other)
    assert {"灯还没好", "I am tired", "they wait for the wind"} <= set(texts(data))
    for store in (data, other):
        assert "No faults." in done(fieldlog(store, "verify"))


def test_what_is_erased_on_either_goes_from_the_hubs_folder_and_from_the_other(
    data: Path, other: Path, ring: dict[str, str]
) -> None:
    first = done(fieldlog(data, "log", "she said it in the van")).strip()
    done(fieldlog(data, "log", "the rain has stopped"))
    with serving(data) as (hub, code):
        done(fieldlog(other, "sync", code, **ring))
        ended(hub)
    second = done(fieldlog(other, "log", "the van again, word for word")).strip()
    address = f"hub://{hub_id(other)}"
    with serving(data) as (hub, _):
        done(fieldlog(other, "sync", address, **ring))
        ended(hub)
    done(fieldlog(data, "erase", first, "--reason", "asked-to", "--yes"))
    done(fieldlog(other, "erase", second, "--reason", "asked-to", "--yes"))
    for _ in range(2):
        with serving(data) as (hub, _):
            done(fieldlog(other, "sync", address, **ring))
            ended(hub)
    assert texts(data) == texts(other) == ["the rain has stopped"]
    for folder in (data, other):
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != "reserve.bin"]
        assert [path for path in files if b"the van" in path.read_bytes()] == []


def hub_id(data: Path) -> str:
    return str(json.loads((data / "hubs.json").read_text("utf-8"))["hubs"][0]["id"])


def test_a_device_is_listed_and_revoked(data: Path, other: Path, ring: dict[str, str]) -> None:
    done(fieldlog(data, "log", "one"))
    assert "No device is paired yet." in done(fieldlog(data, "serve", "--devices"))
    with serving(data) as (hub, code):
        done(fieldlog(other, "sync", code, **ring))
        ended(hub)
    listed = done(fieldlog(data, "serve", "--devices"))
    assert ": last here " in listed
    name = listed.partition(": last here")[0]
    assert "let in no more" in done(fieldlog(data, "serve", "--revoke", name))
    assert ": revoked (" in done(fieldlog(data, "serve", "--devices"))
    assert fieldlog(data, "serve", "--revoke", name).returncode == 1
    with serving(data):
        ran = fieldlog(other, "sync", f"hub://{hub_id(other)}", **ring)
        assert (ran.returncode, "Pair it again" in ran.stderr) == (1, True)
        ran = fieldlog(other, "sync", f"hub://{hub_id(other)}", **ring)
        assert (ran.returncode, "Pair it again" in ran.stderr) == (1, True)


def test_without_a_keyring_the_next_run_pairs_again(data: Path, other: Path) -> None:
    done(fieldlog(data, "log", "one"))
    with serving(data) as (_, code):
        done(fieldlog(other, "sync", code))
        ran = fieldlog(other, "sync", f"hub://{hub_id(other)}")
        assert (ran.returncode, "Pair it again" in ran.stderr) == (1, True)


def test_a_hub_that_is_not_there_is_said_so_and_a_code_that_is_none_too(
    data: Path, other: Path, ring: dict[str, str]
) -> None:
    done(fieldlog(data, "log", "one"))
    with serving(data) as (hub, code):
        done(fieldlog(other, "sync", code, **ring))
        ended(hub)
    ran = fieldlog(other, "sync", f"hub://{hub_id(other)}", **ring)
    assert (ran.returncode, "lets nobody in" in ran.stderr) == (1, True)
    assert "can’t be read" in fieldlog(other, "sync", "p1.nonsense", **ring).stderr
    assert (
        "There is no hub" in fieldlog(other, "sync", "hub://0195aaaa-0000-7000-8000-000000000001", **ring).stderr
    )


def test_the_code_of_another_study_changes_nothing(data: Path, other: Path, ring: dict[str, str]) -> None:
    done(fieldlog(data, "log", "one"))
    done(fieldlog(other, "log", "of another study"))
    with serving(data) as (_, code):
        ran = fieldlog(other, "sync", code, **ring)
    assert (ran.returncode, "holds another study" in ran.stderr) == (1, True)
    assert texts(other) == ["of another study"]


def test_the_code_leads_to_the_app_whose_address_was_given(data: Path) -> None:
    done(fieldlog(data, "log", "one"))
    for words in (["--app", "https://notes.example.org/"], []):
        with serving(data, *words) as (_, code):
            assert code.startswith("https://notes.example.org/#/p1.")
            assert read_code(code).token
            assert len(code) <= 220
