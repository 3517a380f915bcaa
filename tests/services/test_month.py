"""A month comes in: every note under its production day, every file with a verdict, twice without a change."""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fieldlog.media.derived import read_derived
from fieldlog.model.errors import NotUnderstood
from fieldlog.services import reading
from fieldlog.services.importing import import_csv, import_folder, import_month
from fieldlog.services.machine import laptop
from fieldlog.services.open import Workspace, open_study
from tests.month.scaled import BASE, Scaled


@pytest.fixture
async def work(imported: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(imported), write=False)
    yield opened
    await opened.close()


def test_counts_by_production_day_are_true(work: Workspace, scaled: Scaled) -> None:
    counts = {str(row["n"]): row["entries"] for row in reading.days(work.store) if row["n"]}
    assert counts == scaled.truth["counts"]["by_day"]


def test_no_note_is_misfiled(work: Workspace, scaled: Scaled) -> None:
    days = {entry["id"]: entry["day"] for entry in scaled.month["entries"]}
    filed = {row["source_id"]: row["day"] for day in reading.days(work.store) if day["n"]
             for row in reading.day(work.store, day["code"])}  # fmt: skip
    assert filed == {source: f"PD{n:02d}" for source, n in days.items()}


def test_search_in_the_text_finds_what_is_true(work: Workspace, scaled: Scaled) -> None:
    for words, truth in scaled.truth["search"].items():
        found = sorted(row["source_id"] for row in reading.find(work.store, [words], "text"))
        assert len(found) == truth["hits"], words
        assert hashlib.sha256("\n".join(found).encode()).hexdigest() == truth["sha256_of_ids"], words


def test_the_default_search_equals_a_look_at_every_field(work: Workspace, scaled: Scaled) -> None:
    month = scaled.month
    nouns = {name: {doc["id"]: doc for doc in month[name]}
             for name in ("people", "places", "sessions", "attachments", "codes", "scenes")}  # fmt: skip

    def fields(entry: dict[str, Any]) -> list[str]:
        found = [entry["text"], entry["id"], entry["scene"]]
        found += [nouns["sessions"].get(entry["session"] or "", {}).get("title")]
        place = nouns["places"].get(entry["place"] or "", {})
        found += [entry["place"], place.get("name"), place.get("name_zh")]
        for who in entry["people"]:
            person = nouns["people"][who]
            found += [who, *(person[name] for name in ("pseudonym", "pseudonym_zh", "role", "role_zh"))]
        for code in entry["codes"]:
            found += [code, nouns["codes"][code]["label"], nouns["codes"][code]["label_zh"]]
        for file in entry["attachments"]:
            doc = nouns["attachments"][file]
            found += [doc.get("caption"), doc.get("filename") or (doc.get("file") or "").split("/")[-1]]
        return [text for text in found if text]

    def folded(text: str) -> str:
        return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())

    plain = {entry["id"]: [folded(text) for text in fields(entry)] for entry in month["entries"]}
    for words in [
        "rain",
        "制片",
        "阿哲",
        "P05",
        "34-2",
        "staircase",
        "metrics.roi",
        "台阶",
        "录",
        "gaffer",
        "x-0",
    ]:
        expected = {name for name, texts in plain.items() if any(folded(words) in text for text in texts)}
        found = {row["source_id"] for row in reading.find(work.store, [words]) if row["source_id"]}
        assert found == expected, words


async def test_every_photo_is_upright_in_its_preview(work: Workspace, scaled: Scaled) -> None:
    from io import BytesIO

    from PIL import Image

    seen = 0
    for doc in work.store.state.docs("attachments"):
        truth = scaled.truth["photos"].get(doc.get("source_id") or "")
        if truth:
            with Image.open(BytesIO(await read_derived(work.vault, doc["sha256"], "preview.jpg"))) as picture:
                upright = [picture.width >= picture.height, truth["upright"][0] >= truth["upright"][1]]
                red, green, blue = picture.convert("RGB").getpixel((12, 12))  # type: ignore[misc]
            assert upright[0] == upright[1]
            assert red > 150, doc["source_id"]
            assert max(green, blue) < 100, doc["source_id"]
            seen += 1
    assert seen == len(scaled.truth["photos"]) > 20


async def test_the_same_import_again_changes_nothing(imported: Path, scaled: Scaled, tmp_path: Path) -> None:
    machine = laptop(shutil.copytree(imported, tmp_path / "data"))
    done = await import_month(machine, scaled.file)
    assert (sum(done.new.values()), done.changed, done.problems) == (0, 0, [])
    work = await open_study(machine, write=True)
    before = dict(work.store.ends)
    again = await import_folder(work, scaled.bad)
    assert sum(again.new.values()) == 0
    assert work.store.ends == before
    assert await work.store.verify() == []
    await work.close()


async def test_two_devices_that_import_the_same_month_have_the_same_state(tmp_path: Path) -> None:
    tables = []
    for name in ("phone", "laptop"):
        await import_month(laptop(tmp_path / name), BASE)
        work = await open_study(laptop(tmp_path / name), write=False)
        tables.append(work.store.state.tables)
        await work.close()
    assert tables[0] == tables[1]


async def test_a_month_that_changed_since_is_taken_over_but_not_over_your_own_words(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "data")
    await import_month(machine, BASE)
    work = await open_study(machine, write=True)
    entries = {doc["source_id"]: doc for doc in work.store.state.entries()}
    mine = entries["e-0001"]
    edit = work.change("set", "entry", mine["id"], {"text": "my own words"}, {"text": [mine["_u"]]})
    await work.save([edit])
    await work.close()
    month = json.loads(BASE.read_text(encoding="utf-8"))
    for entry in month["entries"][:2]:
        entry["text"] = "their new words"
    changed = tmp_path / "month.json"
    changed.write_text(json.dumps(month), encoding="utf-8")
    for expected in (1, 0):
        done = await import_month(machine, changed)
        assert (done.changed, done.kept_as_edited) == (expected, 1)
    work = await open_study(machine, write=False)
    found = {doc["source_id"]: doc["text"] for doc in work.store.state.entries()}
    assert (found["e-0001"], found["e-0002"]) == ("my own words", "their new words")


async def test_real_names_are_not_in_the_log(imported: Path) -> None:
    work = await open_study(laptop(imported), write=False)
    assert all("identity_key" not in table for table in work.store.state.tables)
    people = list(work.store.state.docs("people"))
    assert len(people) == 21
    assert "苗可欣" not in str(people)


async def test_what_may_be_recorded_is_kept_in_words_and_read_strictly(work: Workspace) -> None:
    sessions = {doc["source_id"]: doc for doc in work.store.state.docs("sessions")}
    words = {doc["may_record_words"]: tuple(doc.get("may_record", ())) for doc in sessions.values()}
    assert words["none agreed"] == ()
    assert words["notes; slides no photo"] == ("notes",)
    assert words["audio"] == ("notes", "audio")


async def test_bad_records_are_named_and_the_rest_comes_in(tmp_path: Path) -> None:
    month = json.loads(BASE.read_text(encoding="utf-8"))
    month["entries"][0]["occurred_at"] = "yesterday"
    del month["sessions"][0]["starts"]
    month["entries"].append("not a record")
    path = tmp_path / "month.json"
    path.write_text(json.dumps(month), encoding="utf-8")
    done = await import_month(laptop(tmp_path / "data"), path)
    assert len(done.problems) == 3
    assert done.new["entry"] == 44


async def test_what_is_no_month_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for text in ("", "[]", '{"format":"other"}', "{"):
        path = tmp_path / "month.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(NotUnderstood):
            await import_month(laptop(tmp_path / "data"), path)


async def test_a_csv_of_notes_comes_in_once(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "data")
    await import_month(machine, BASE)
    work = await open_study(machine, write=True)
    path = tmp_path / "notes.csv"
    rows = 'occurred_at,text,kind\n2025-03-17T03:10,"胶带, two strips",jotting\nsoon,x,jotting\n,late,question\n'
    path.write_bytes(rows.encode("gb18030"))
    done = await import_csv(work, path)
    assert (done.new["entry"], len(done.problems)) == (2, 1)
    (found,) = reading.find(work.store, ["胶带"], "text")
    assert (found["day"], found["text"]) == ("PD14", "胶带, two strips")
    assert (await import_csv(work, path)).new["entry"] == 0
    await work.close()
