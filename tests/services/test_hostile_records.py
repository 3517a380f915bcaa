"""A store opens whatever its journals say: what can't be read is set aside by name, and the rest is there."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldlog.archive.day.content import Survey
from fieldlog.model import gate
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.gate import LAST_MS
from fieldlog.model.ids import uuid7
from fieldlog.model.imported import created
from fieldlog.model.line import first_prev
from fieldlog.model.op import ms_of_stamp
from fieldlog.model.readable import NOUNS, unread
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.only_here import Copies
from fieldlog.services.day import sessions
from fieldlog.services.day.plan import Plan
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.imports.imports import import_month
from fieldlog.services.imports.month_file import Found, Month
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.register import consent, people, places_scenes_codes
from fieldlog.services.rows import days, entries
from fieldlog.services.rows.strips import month, strip_of
from fieldlog.services.rows.together import together
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.store import Store
from fieldlog.ui.rows import views
from fieldlog.ui.words.strip_words import length_words, month_said, strip_words, when_words
from fieldlog.ui.words.words import Words
from tests.fakes.clock import FakeClock, machine_of

STRANGER = "feedfacefeedface"
"""The journal of another device, which wrote whatever it liked."""

HOSTILE: list[Any] = [
    5, -1, 0, 2**63, 1.5, 1e300, float("nan"), True, False, None, "", "x" * 3000, "\x00", "../../../pwn", "/etc",
    "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2025-02-30", "2025-02-30T10:00:00+08:00", "soon",
    "1899-12-31T23:00:00Z", "2025-W11-7", "Mars/Olympus", "Asia", "6", "\ud83c", "\u202e",
    [], [[]], [5], [None], ["x", 5], [{"a": []}], {}, {"at": "x", "memo": 5}, {"a": {"b": [1, {"c": 2}]}},
    {"state": [], "scopes": {"audio": []}}, {"mono_ms": "x", "zone": 5, "wall": {}}, {"_u": 5, "id": []},
    json.loads("[" * 300 + "]" * 300),
]  # fmt: skip
"""What stands where the value of a field belongs, or where all of a record's fields do."""

MONTH = Month(json.loads(sample_month().read_text(encoding="utf-8")))
RECORDS: dict[str, list[Found]] = {}
for _one in MONTH.records():
    RECORDS.setdefault(_one.record.kind_of_record, []).append(_one)

OF_NO_MONTH: dict[str, dict[str, Any]] = {
    "planned-session": {"date": "2025-03-16", "title": "Roof", "people": ["p"]},
}  # fmt: skip
KINDS = sorted(NOUNS)


def shape_of(kind: str, place: int = 0) -> dict[str, Any]:
    """The stored operation that makes a record of this kind as it should be."""
    if kind in RECORDS:
        return created(RECORDS[kind][place].record, RECORDS[kind][place].ms).as_json()
    record = uuid7(1, kind.encode()[:10].ljust(10))
    return {"u": f"u-{kind}", "t": f"{1:016x}x", "r": kind, "e": record, "k": "new", "v": OF_NO_MONTH[kind]}


def journal_of(project: str, bodies: Iterable[Any], writer: str = STRANGER) -> bytes:
    """A whole journal, a line an operation: checksums, hashes and chain are right, whatever it says."""
    data, prev = b"", first_prev(project, writer)
    for n, shape in enumerate(bodies, 1):
        body = json.dumps({"salt": "s", "ops": [shape]}, separators=(",", ":")).encode()
        told = {"w": writer, "lane": "team", "n": n, "prev": prev, "body": hashlib.sha256(body).hexdigest()}
        head = json.dumps(told, separators=(",", ":")).encode()
        start = b'{"fl":1,"head":' + head + b',"body":' + body
        data += start + b',"crc":"%08x"}\n' % zlib.crc32(start)
        prev = hashlib.sha256(head).hexdigest()
    return data


async def month_with(bodies: Sequence[Any], *, but: str = "", without: Collection[str] = ()) -> Workspace:
    """The sample month, less a record or several, and what a stranger's journal says; opened anew."""
    machine, project = machine_of(FakeClock()), MONTH.study.id
    work = await open_study(machine, project, write=True)
    less = {but, *without}
    await work.save(*([created(one.record, one.ms)] for one in MONTH.records() if one.record.id not in less))
    await work.close()
    await work.store.disk.replace(f"journals/{STRANGER}/000001.jsonl", journal_of(project, bodies))
    return await open_study(machine, project, write=True)


async def all_of_it(work: Workspace) -> set[str]:
    """Ask every screen, list and search for all it has; the ids of the records that a person sees."""
    state, store, words = work.store.state, work.store, Words("zh")
    rows = [row for day in days.days(store) for row in entries.day(store, day["date"])]
    for row in rows:
        views.entry_view(row, work.zone, words)
    strips = month(state)
    together(state, store.project, strips)
    month_said(strips, words)
    for strip in strips:
        strip_words(strip_of(state, strip.date), words)
        when_words(strip, words)
        length_words(strip.observed, words)
    for day in days.days(store):
        entries.part_of_day(store, day["date"], -60, 60)
        sessions.planned(state, day["date"])
        for session in days.sessions_of(store, day["date"]):
            views.session_row(session, day["date"], work.zone, words)
    list(entries.find(store, ["a"]))
    for one in people.people(work):
        consent.history(work, one.id)
    for table in ("places", "scenes", "codes"):
        places_scenes_codes.rows(work, table)
    survey = Survey(state)
    for date in survey.dates():
        survey.day(date)
    await Copies.open(work)
    seen = {doc["id"] for table in state.tables if not table.startswith("aside") for doc in state.docs(table)}
    return seen | {row["id"] for row in rows}


async def works_on(work: Workspace, rest: set[str], named: set[str] | None = None) -> None:
    """All the rest is there and goes on; what can't be read, these where they are told, is named by verify."""
    stood = await work.store.disk.read(f"journals/{STRANGER}/000001.jsonl")
    capture = Capture(work)
    await capture.begin()
    entry = await capture.note("still writing")
    assert rest | {entry.id} <= await all_of_it(work)
    await work.store.settle(idle=True)
    faults = await verify_store(work)
    aside = {doc["id"] for _, doc in work.store.state.aside()}
    assert named in (None, aside)
    assert all(any(gate.brief(record) in fault for fault in faults) for record in aside)
    assert await work.store.disk.read(f"journals/{STRANGER}/000001.jsonl") == stood
    await work.close()
    again = await Store.open(work.store.disk, work.store.project, salt=work.machine.new_salt)
    assert again.state.tables == work.store.state.tables


def folded(shape: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in shape["v"].items() if value is not None}
    return {**said, "id": shape["e"], "_u": shape["u"], "_t": shape["t"]}


def is_line(value: Any) -> bool:
    """Whether a line that says this is one of JSON, as far as we read it."""
    return value == value and value is not HOSTILE[-1]


def is_record(value: Any) -> bool:
    """Whether an operation that says this instead of fields makes a record; else its line can't be read."""
    return not value or (isinstance(value, dict) and "_u" not in value)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "study"])
async def test_every_field_of_a_record_may_say_what_it_likes(kind: str, count: Callable[[int, int], int]) -> None:
    fields = [name for name in NOUNS[kind].__dataclass_fields__ if name != "id"]
    chosen = HOSTILE[:: len(HOSTILE) // count(13, len(HOSTILE))]
    shapes = [
        {**(true := shape_of(kind)), "e": uuid7(n, b"hostile---"), "u": f"u{n}", "v": {**true["v"], field: value}}
        for n, (field, value) in enumerate((field, value) for field in fields for value in chosen)
    ]
    odd = {shape["e"] for shape in shapes if is_line(shape["v"]) and unread(kind, folded(shape))}
    read = [shape for shape in shapes if all(map(is_line, shape["v"].values()))]
    work = await month_with(shapes)
    rest = {one.record.id for one in MONTH.records()} | {shape["e"] for shape in read} - odd
    await works_on(work, rest, {shape["e"] for shape in read} & odd)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_record_that_says_something_else_altogether_stops_nothing(
    kind: str, count: Callable[[int, int], int]
) -> None:
    true = shape_of(kind)
    rest = {one.record.id for one in MONTH.records()} - {true["e"]}
    for value in HOSTILE[:: count(8, 1)]:
        work = await month_with([{**true, "v": value}], but=true["e"])
        await works_on(work, rest, {true["e"]} if is_record(value) else set())


async def test_each_record_of_the_month_may_be_anything_and_is_named(
    count: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    """Each of them with each value; so many at once in one store, and all the others are there."""
    found, at_once, tried = list(MONTH.records()), 16, 0
    slices = [(first, turn) for first in range(-(-len(found) // at_once)) for turn in range(len(HOSTILE))]
    for first, turn in slices[:: count(len(slices) // 6, 1)]:
        chosen = found[first :: -(-len(found) // at_once)]
        values = [HOSTILE[(turn + n) % len(HOSTILE)] for n in range(len(chosen))]
        shapes = [
            {**created(one.record, one.ms).as_json(), "v": value}
            for one, value in zip(chosen, values, strict=True)
        ]  # fmt: skip
        ids = [one.record.id for one in chosen]
        work = await month_with(shapes, without=ids)
        lines = await verify_store(work)
        for n, value in enumerate(values, start=1):
            is_named = any(fault.startswith(f"Line {n} of journal {STRANGER} is whole") for fault in lines)
            assert is_named != is_record(value)
        named = {one for one, value in zip(ids, values, strict=True) if is_record(value)}
        await works_on(work, {one.record.id for one in found} - {*ids}, named)
        tried += len(chosen)
    record_property("fuzz", f"{tried} records replaced")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["u", "t", "r", "e", "k", "base"])
async def test_an_operation_that_is_none_stops_nothing(
    kind: str, part: str, count: Callable[[int, int], int]
) -> None:
    true = shape_of(kind)
    chosen = HOSTILE[:: count(4, 1)]
    rest = {one.record.id for one in MONTH.records()} - {true["e"]}
    work = await month_with([{**true, "u": f"u{n}", part: value} for n, value in enumerate(chosen)], but=true["e"])
    await works_on(work, rest)


OUT_OF_TIME = {"occurred_at": "9999-12-31T23:59:59-12:00", "created_at": "9999-12-31T23:59:59-12:00"}


def far_entry() -> dict[str, Any]:
    """An entry as an earlier FieldLog took it: its words are fine, its times are none."""
    true = shape_of("entry")
    return {**true, "v": {**true["v"], **OUT_OF_TIME}}


async def test_an_entry_that_cannot_be_read_is_listed_as_such_in_both_languages() -> None:
    true = far_entry()
    work = await month_with([true], but=true["e"])
    state = work.store.state
    date = state.date(true["e"])
    assert date == "2025-03-03", "its session tells its day"
    (row,) = [row for row in entries.day(work.store, date) if row["id"] == true["e"]]
    assert row["text"] == true["v"]["text"]
    assert "9999-12-31T23:59:59-12:00" in row["unread"]
    english, chinese = (views.stream_row(row, work.zone, Words(one)).states for one in ("en", "zh"))
    assert english.startswith(f"entry {true['e']} can't be read and is set aside, unchanged: ")
    assert english.endswith("it lies outside of the years 1900 to 2200.")
    assert chinese.startswith(f"entry {true['e']} 无法读取")
    assert "1900 年到 2200 年" in chinese
    assert row in entries.part_of_day(work.store, date, 0, 99)[0]
    assert days.day_row(work.store, date)["entries"] == len(entries.day(work.store, date))
    await work.close()


async def test_an_entry_without_any_day_is_listed_under_that_of_its_id() -> None:
    true = far_entry()
    true["v"].pop("session")
    work = await month_with([true], but=true["e"])
    assert work.store.state.date(true["e"]) in {row["date"] for row in days.days(work.store)}
    assert true["e"] in {
        row["id"] for day in days.days(work.store) for row in entries.day(work.store, day["date"])
    }
    await work.close()


async def test_a_record_comes_back_once_an_operation_mends_it() -> None:
    true = far_entry()
    when = "2025-03-03T10:00:00+08:00"
    mends = {
        "u": "mends", "t": f"{LAST_MS - 1:012x}0000x", "r": "entry", "e": true["e"], "k": "set",
        "v": dict.fromkeys(OUT_OF_TIME, when), "base": {name: [true["u"]] for name in OUT_OF_TIME},
    }  # fmt: skip
    for bodies in ([true, mends], [mends, true]):
        work = await month_with(bodies, but=true["e"])
        doc = work.store.state.get(true["e"])
        assert doc
        assert (doc["occurred_at"], work.store.state.date(true["e"])) == (when, "2025-03-03")
        assert not list(work.store.state.aside())
        assert await verify_store(work) == []
        await work.close()


async def test_a_conflict_with_what_cannot_be_sets_the_record_aside_and_loses_neither_value() -> None:
    true = shape_of("entry")
    other = {**true, "u": "other", "k": "set", "v": {"text": ["no", "text"]}, "base": {}, "t": "0" * 16}
    work = await month_with([true, other], but=true["e"])
    assert work.store.state.get(true["e"]) is None
    (row,) = [row for row in entries.day(work.store, "2025-03-03") if row["id"] == true["e"]]
    assert row["unread"]
    await work.close()


async def test_no_clock_follows_a_stamp_of_another_millennium() -> None:
    true = shape_of("entry")
    work = await month_with([{**true, "t": "f" * 12 + "0000x"}], but=true["e"])
    assert work.store.state.get(true["e"])
    entry = await Capture(work).note("now")
    assert entry.created_at.startswith("2025-")
    assert ms_of_stamp(work.store.state.get(entry.id)["_t"]) is not None  # type: ignore[index]
    await Editing(work).history(true["e"])
    await work.close()


@pytest.mark.parametrize("body", [HOSTILE[-1], float("nan"), {"k": "new"}, 5, {"k": "set", "u": "x"}, None, []])
async def test_a_whole_line_that_says_nothing_readable_is_kept_named_and_passed_on(
    body: Any, tmp_path: Path
) -> None:
    true = shape_of("entry")
    work = await month_with([body, true], but=true["e"])
    assert work.store.state.get(true["e"]), "the line after it is read"
    assert work.store.faults == [], "it is no damage"
    assert any(fault.startswith(f"Line 1 of journal {STRANGER} is whole") for fault in await verify_store(work))
    assert (await make_bundle(work, tmp_path / "all.zip")).lines == len(list(MONTH.records())) + 1
    await work.close()


async def test_what_cannot_be_read_is_erased_like_anything_else() -> None:
    true = far_entry()
    work = await month_with([true], but=true["e"])
    await Erasing(work).erase([true["e"]], reason="asked-to")
    assert true["v"]["text"][:40].encode() not in await work.store.disk.read(f"journals/{STRANGER}/000001.jsonl")
    assert not list(work.store.state.aside())
    assert true["e"] not in await all_of_it(work)
    await work.close()


async def test_a_study_whose_zone_is_none_keeps_its_title_and_its_notes() -> None:
    true = shape_of("study")
    work = await month_with([{**true, "v": {**true["v"], "default_tz": "Mars/Olympus"}}], but=true["e"])
    study = work.store.state.study()
    assert study
    assert (study["title"], work.zone) == (true["v"]["title"], "UTC")
    assert "default_tz" not in study
    await Capture(work).begin()
    assert not list(work.store.state.docs("study")), "no second record is made beside it"
    await work.set(work.store.state.about, {"day_boundary_hour": 5}, "")
    await works_on(work, {one.record.id for one in MONTH.records()} - {true["e"]}, {true["e"]})


async def test_archive_and_bundle_are_made_and_carry_it_on(tmp_path: Path) -> None:
    true = far_entry()
    work = await month_with([true], but=true["e"])
    line = (await work.store.disk.read(f"journals/{STRANGER}/000001.jsonl")).splitlines()[0]
    await write_archive(work, tmp_path / "archive")
    assert await verify_archive(tmp_path / "archive") == []
    assert line in (tmp_path / "archive" / "log" / f"{STRANGER}.jsonl").read_bytes()
    await make_bundle(work, tmp_path / "all.zip")
    await work.close()
    other = machine_of(FakeClock())
    assert (await import_bundle(other, tmp_path / "all.zip")).problems == []
    there = await other.disk_at(f"studies/{MONTH.study.id}").read(f"journals/{STRANGER}/000001.jsonl")
    assert there.splitlines()[0] == line


async def test_the_app_opens_on_it_and_an_entry_that_cannot_be_read_is_changed_by_nobody() -> None:
    true = far_entry()
    work = await month_with([true, {**shape_of("session"), "e": uuid7(9, b"hostile---"), "v": {"starts": 5}}])
    await work.close()
    desk = Desk(work.machine)
    await desk._sit(await open_study(work.machine, MONTH.study.id, write=True))
    assert desk.work
    with pytest.raises(NotFound):
        await Editing(desk.work).reword(uuid7(9, b"hostile---"), "x")
    await desk.close()


async def test_a_month_imported_again_mends_a_record_set_aside() -> None:
    true = {**far_entry(), "u": "of an earlier version"}
    work = await month_with([true], but=true["e"])
    done = await import_month(work.machine, sample_month(), here=work)
    assert (done.new, done.changed) == ({}, 1), "it sets the times anew: they are what the file says"
    assert work.store.state.get(true["e"])
    await work.close()


@settings(max_examples=25)
@given(
    place=st.integers(0, len(list(MONTH.records())) - 1), cut=st.binary(min_size=1, max_size=6), at=st.floats(0, 1)
)
async def test_any_bytes_in_any_line_stop_nothing(place: int, cut: bytes, at: float) -> None:
    one = list(MONTH.records())[place]
    data = journal_of(MONTH.study.id, [created(one.record, one.ms).as_json()])
    where = int(at * (len(data) - 1))
    work = await month_with([], but=one.record.id)
    await work.close()
    hurt = data[:where] + cut + data[where + len(cut) :]
    await work.store.disk.replace(f"journals/{STRANGER}/000001.jsonl", hurt)
    again = await open_study(work.machine, MONTH.study.id, write=True)
    await works_on(again, {one.record.id for one in MONTH.records()} - {one.record.id})


async def test_a_note_of_year_9999_is_refused_before_a_byte_is_written() -> None:
    work = await month_with([])
    writer = work.store.own_writers["team"]
    before = await work.store.disk.read(f"journals/{writer}/000001.jsonl")
    doc = next(work.store.state.docs("sessions"))
    with pytest.raises(NotUnderstood, match="starts says 9999"):
        await work.save([work.change("set", "session", doc["id"], {"starts": OUT_OF_TIME["occurred_at"]})])
    with pytest.raises(NotUnderstood, match="ends says"):
        await Plan(work).wrap("2025-03-16", "9999-12-31T23:59:59-12:00")
    assert await work.store.disk.read(f"journals/{writer}/000001.jsonl") == before
    await work.close()
