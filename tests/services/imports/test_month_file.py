"""A month comes in: every note under its production day, every file with a verdict, twice without a change."""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.derived import read_derived
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import conflicts
from fieldlog.model.imported import created
from fieldlog.model.line import compact
from fieldlog.model.readable import check
from fieldlog.model.state import State
from fieldlog.model.strict_json import read_json
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.imports.imports import import_csv, import_folder, import_month
from fieldlog.services.imports.month_file import Month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.register import consent
from fieldlog.services.rows import days as production_days
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.erasing import lines_about
from fieldlog.ui.words.words import Words
from tests.month.scaled import BASE, Scaled

pytestmark = pytest.mark.xdist_group("month")
"""The month is made and brought in once."""


@pytest.fixture
async def work(imported: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(imported), write=False)
    yield opened
    await opened.close()


def test_counts_by_production_day_are_true(work: Workspace, scaled: Scaled) -> None:
    counts = {str(row["n"]): row["entries"] for row in production_days.days(work.store) if row["n"]}
    assert counts == scaled.truth["counts"]["by_day"]


def test_no_note_is_misfiled(work: Workspace, scaled: Scaled) -> None:
    days = {entry["id"]: entry["day"] for entry in scaled.month["entries"]}
    filed = {row["source_id"]: row["day"] for day in production_days.days(work.store) if day["n"]
             for row in entry_rows.day(work.store, day["code"])}  # fmt: skip
    assert filed == {source: f"PD{n:02d}" for source, n in days.items()}


def test_search_in_the_text_finds_what_is_true(work: Workspace, scaled: Scaled) -> None:
    for words, truth in scaled.truth["search"].items():
        found = sorted(row["source_id"] for row in entry_rows.find(work.store, [words], "text"))
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
        found = {row["source_id"] for row in entry_rows.find(work.store, [words]) if row["source_id"]}
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
    for expected in ((2, 1), (0, 0)):
        done = await import_month(machine, changed)
        assert (done.changed, done.kept_as_edited) == expected
    work = await open_study(machine, write=False)
    doc = work.store.state.get(mine["id"])
    assert doc
    assert conflicts(doc)["text"] == ["my own words", "their new words"]
    found = {doc["source_id"]: doc["text"] for doc in work.store.state.entries()}
    assert (found["e-0001"], found["e-0002"]) == ("my own words", "their new words")


async def test_what_belongs_to_a_personal_note_alone_is_not_for_the_team(tmp_path: Path) -> None:
    def change(month: dict[str, Any]) -> None:
        mine, ours = [entry for entry in month["entries"] if entry["note_type"] != "PN"][:2]
        files = [{"id": f"x-{n}", "kind": "photo", "caption": f"picture {n}"} for n in range(2)]
        month["attachments"] += files
        mine |= {"note_type": "PN", "attachments": ["x-0", "x-1"]}
        ours["attachments"] = ["x-1"]
        month["links"].append({"from": mine["id"], "to": ours["id"], "rel": "about"})

    machine = laptop(tmp_path / "data")
    done = await import_month(machine, written(tmp_path, change))
    work = await open_study(machine, done.study, write=True)
    links = await lines_about(work.store.disk, {doc["id"] for doc in work.store.state.docs("links")})
    made = await make_bundle(work, tmp_path / "team.zip", team_only=True)
    await work.close()
    said = (tmp_path / "team.zip").read_bytes()
    assert made.lines
    assert [b"picture 0" in said, b"picture 1" in said] == [False, True]
    assert "mine" in {line.lane for lines in links.values() for line in lines}


async def test_real_names_are_not_in_the_log(imported: Path) -> None:
    work = await open_study(laptop(imported), write=False)
    assert all("identity_key" not in table for table in work.store.state.tables)
    people = list(work.store.state.docs("people"))
    assert len(people) == 21
    assert "苗可欣" not in str(people)


async def test_a_consent_withdrawn_elsewhere_comes_in_as_a_step_and_had_held_until_then(work: Workspace) -> None:
    (zhe,) = (doc for doc in work.store.state.docs("people") if doc["code"] == "P14")
    (step,) = consent.history(work, zhe["id"])
    assert (step.action, step.at, step.channel) == ("withdrawn", "2025-03-20T23:58:00+08:00", "message")
    assert step.words == "车上说的那些别用了，录音也删掉吧。我在组里这件事可以写。"
    assert dict(step.was) == dict.fromkeys(("quote", "audio", "photo"), "yes")
    assert dict(step.scopes) == dict.fromkeys(("quote", "audio", "photo"), "no")
    since = {row.scope: (row.answer, row.since) for row in consent.grid(work, zhe["id"])}
    assert (since["audio"], since["notes"]) == (("no", "2025-03-20"), ("yes", "2025-03-08"))


@pytest.mark.parametrize(
    ("state", "erase", "ended"),
    [
        ("partly-withdrawn", ["录音", "Photos with face"], ["audio", "photo"]),
        ("partly-withdrawn", ["Voice memos"], ["audio"]), ("partly-withdrawn", ["the recording"], ["audio"]),
        ("partly-withdrawn", ["photos", "the joke about the van"], ["audio", "photo"]),
        ("partly-withdrawn", ["everything"], ["audio", "photo"]), ("partly-withdrawn", ["notes"], []),
        ("partly-withdrawn", None, []),
        ("withdrawn", None, ["audio", "photo"]), ("withdrawn", ["notes"], ["audio", "photo"]),
    ],
)  # fmt: skip
def test_a_withdrawal_ends_what_its_words_name_and_is_refused_now(
    state: str, erase: list[str] | None, ended: list[str]
) -> None:
    month = json.loads(BASE.read_text(encoding="utf-8"))
    scopes = {"notes": "yes", "audio": "no", "photo": "no"}
    told = {"asked_at": "2025-03-20T23:58:00+08:00", "erase": erase}
    month["people"] = [{"id": "P01", "consent": {"state": state, "scopes": scopes}, "withdrawal": told}]
    (step,) = (one.record for one in Month(month).records() if one.record.kind_of_record == "consent-event")
    assert (list(step.fields().get("was", {})), step.fields()["state"]) == (ended, state)


async def test_what_may_be_recorded_is_kept_in_words_and_read_strictly(work: Workspace) -> None:
    sessions = {doc["source_id"]: doc for doc in work.store.state.docs("sessions")}
    words = {doc["may_record_words"]: tuple(doc.get("may_record", ())) for doc in sessions.values()}
    assert words["none agreed"] == ()
    assert words["notes; slides no photo"] == ("notes",)
    assert words["audio"] == ("notes", "audio")


def written(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The sample month with something changed in it."""
    month = json.loads(BASE.read_text(encoding="utf-8"))
    change(month)
    path = tmp_path / "month.json"
    path.write_text(json.dumps(month), encoding="utf-8")
    return path


def held(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}


FAR = "9999-12-31T23:59:59-12:00"
IMPOSSIBLE: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (
        lambda month: month["study"].update(default_tz="Mars/Olympus"),
        "study st-01: default_tz says Mars/Olympus: there is no",
    ),
    (
        lambda month: month["study"].update(day_boundary_hour="6"),
        "study st-01: day_boundary_hour says 6: a day turns",
    ),
    (
        lambda month: month["days"][4].update(date="2025-02-30"),
        "days PD05: date says 2025-02-30: that is not a date",
    ),
    (
        lambda month: month["entries"][0].update(occurred_at=FAR),
        f"entries e-0001: occurred_at says {FAR}: it lies outside",
    ),
    (lambda month: month["entries"][0].update(created_at=FAR), f"entries e-0001: created_at says {FAR}: it lies"),
    (lambda month: month["sessions"][0].update(starts=FAR), f"sessions s-001: starts says {FAR}: it lies outside"),
    (
        lambda month: month["entries"][0].update(occurred_at="yesterday"),
        "entries e-0001: occurred_at says yesterday: that",
    ),
    (lambda month: month["entries"][0].update(text=5), "entries e-0001: text says 5: that is not a text"),
    (lambda month: month["sessions"][0].pop("starts"), "sessions s-001: starts says null: nothing is said"),
    (lambda month: month.update(entries=None), "entries says null: that is not a list"),
    (
        lambda month: month["entries"].append("not a record"),
        "entries says .*: that is not a set of names and values",
    ),
    (
        lambda month: month["entries"][0].update(people="P01"),
        "entries e-0001: people says P01: that is not a list",
    ),
    (lambda month: month["entries"][0].update(extra=float("nan")), "NaN is not a number of JSON"),
    (lambda month: month["people"][0].update(consent=[]), "people P01: consent says \\[\\]: that is not a set"),
    (
        lambda month: month["people"][0].update(consent={"scopes": {"audio": 5}}),
        "consent says .*: scopes in it: that is not",
    ),
    (
        lambda month: month["people"][0].update(withdrawal={"asked_at": "soon"}),
        "people P01: withdrawal says .*: asked_at in it: that is not a time",
    ),
    (lambda month: month["attachments"][0].update(file="a\0b"), "file says .*: no file can be called so"),
    (lambda month: month["takes"][0].update(secs=-1), "secs says -1: that is not a length in seconds"),
]


@pytest.mark.parametrize(("change", "says"), IMPOSSIBLE, ids=[says for _, says in IMPOSSIBLE])
async def test_a_month_in_which_anything_cannot_be_is_refused_whole(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    path = written(tmp_path, change)
    with pytest.raises(NotUnderstood, match=says):
        await import_month(laptop(tmp_path / "data"), path)
    assert held(tmp_path) == {path: path.read_bytes()}


async def test_over_a_good_store_nothing_changes_either(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "data")
    await import_month(machine, BASE)
    work = await open_study(machine, write=True)
    await Capture(work).note("my own words")
    before = held(tmp_path / "data")
    for change, _ in IMPOSSIBLE:
        path = written(tmp_path, change)
        with pytest.raises(NotUnderstood):
            await import_month(machine, path, here=work)
    assert held(tmp_path / "data") == before
    assert len(list(entry_rows.find(work.store, ["my own words"]))) == 1
    await work.close()


async def test_lists_in_lists_without_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "month.json"
    path.write_text(
        BASE.read_text(encoding="utf-8").replace('"notice":', f'"x":{"[" * 3000}{"]" * 3000},"notice":', 1)
    )
    with pytest.raises(NotUnderstood, match="lists in lists without end"):
        await import_month(laptop(tmp_path / "data"), path)
    assert not (tmp_path / "data").exists()


def test_a_refusal_of_a_month_is_told_in_chinese() -> None:
    month = json.loads(BASE.read_text(encoding="utf-8"))
    month["days"][4]["date"] = "2025-02-30"
    with pytest.raises(NotUnderstood) as refused:
        Month(month)
    assert Words("zh").told(refused.value) == (
        "days PD05: date 写的是 2025-02-30：这不是日期；请写成 2025-03-16 这样。什么都没有改动。"
    )


NAMES = (
    "study days entries sessions people attachments id date text occurred_at consent default_tz starts kind secs"
)
places = st.lists(st.sampled_from(NAMES.split()), max_size=3)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from([FAR, "2025-02-30", "Mars/Olympus", "../../pwn"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=5,
)  # fmt: skip


def put(into: Any, path: list[str], value: Any, dice: Random) -> Any:
    """The same JSON with something in it replaced, where the names lead as far as they fit, else anywhere."""
    if isinstance(into, list) and into:
        place = dice.randrange(len(into))
        return [*into[:place], put(into[place], path, value, dice), *into[place + 1 :]]
    if isinstance(into, dict) and into and path:
        name = path[0] if path[0] in into else dice.choice(sorted(into))
        return {**into, name: put(into[name], path[1:], value, dice)}
    return value


@given(path=places, value=anything, seed=st.integers(0, 2**16))
def test_any_other_month_is_taken_or_refused_in_a_sentence(path: list[str], value: Any, seed: int) -> None:
    month = put(json.loads(BASE.read_text(encoding="utf-8")), path, value, Random(seed))
    try:
        found = list(Month(read_json(json.dumps(month))).records())
    except (NotUnderstood, ValueError):
        return
    state = State()
    state.apply([created(one.record, one.ms) for one in found])
    assert not list(state.aside())
    for op in [created(one.record, one.ms) for one in found]:
        check(op)
        compact(op.as_json())


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
    (found,) = entry_rows.find(work.store, ["胶带"], "text")
    assert (found["day"], found["text"]) == ("PD14", "胶带, two strips")
    assert (await import_csv(work, path)).new["entry"] == 0
    await work.close()


def test_null_in_a_month_is_taken_or_refused_as_what_is_left_out() -> None:
    month = json.loads(BASE.read_text(encoding="utf-8"))
    places = [(month, "study"), *((month[table], 0) for table in month if isinstance(month[table], list))]
    tried = 0
    for holder, at in places:
        whole = holder[at]
        for name in whole:
            said = []
            for one in ({**whole, name: None}, {key: value for key, value in whole.items() if key != name}):
                holder[at] = one
                try:
                    said.append(f"{len(list(Month(month).records()))} records")
                except NotUnderstood as why:
                    said.append(str(why))
            assert said[0] == said[1], (at, name)
            tried += 1
        holder[at] = whole
    assert tried > 50
