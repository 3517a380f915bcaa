"""A store as an earlier FieldLog left it opens with every note; what a later one wrote is kept and passed on.

Each folder of `earlier/` is a data root as it was written once, by the code of its day. They are never made again:
when what is stored changes, a new one is put beside them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from pathlib import Path

import pytest

from fieldlog.model.line import compact, decode, first_prev
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace

EARLIER = sorted((Path(__file__).parent / "earlier").iterdir())
STUDY = "01950000-0000-7000-8000-000000000001"
NOTES = [
    "I was afraid",
    "after midnight, still shooting",
    "rain on the tarpaulin, and nobody answers",
    "灯还没好",
]
LATER = "later-later-1234"


@pytest.fixture(params=EARLIER, ids=lambda path: f"format {path.name}")
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    there: Path = shutil.copytree(request.param, tmp_path / "data")
    return there


def folder(data: Path) -> Path:
    return data / "studies" / STUDY


def texts(work: Workspace) -> list[str]:
    return sorted(doc["text"] for doc in work.store.state.entries())


@pytest.mark.parametrize("views", ["as they were", "gone"])
async def test_every_note_of_an_earlier_store_is_found(data: Path, views: str) -> None:
    if views == "gone":
        shutil.rmtree(folder(data) / "views")
    before = {path: path.read_bytes() for path in folder(data).glob("journals/*/*.jsonl")}
    assert len(before) == 2
    work = await open_study(laptop(data), write=True)
    assert work.store.own_writers == {"team": "0" * 15 + "2", "mine": "0" * 15 + "3"}
    assert texts(work) == NOTES
    assert {work.store.state.date(doc["id"]) for doc in work.store.state.entries()} == {"2025-03-16"}
    assert len(list(work.store.search.find(["gong"]))) == 1
    assert sum("_erased" in doc for doc in work.store.state.tables["entries-2025-03-16"].values()) == 1
    assert await verify_store(work) == []
    entry = await Capture(work).note("written today")
    await work.close()
    again = await open_study(laptop(data), write=False)
    assert texts(again) == sorted([*NOTES, entry.text])
    assert all(path.read_bytes().startswith(data) for path, data in before.items())
    await again.close()


def later_lines(project: str) -> list[bytes]:
    """What a FieldLog of another day may write: a sealed line, and a line with an operation nobody here knows."""
    lines, prev = list[bytes](), first_prev(project, LATER)
    note = {"u": "later", "t": f"{1:012x}{0:04x}{LATER}", "r": "entry", "e": "later-entry", "k": "new", "v": {
        "kind": "hologram", "text": "from tomorrow", "occurred_at": "2025-03-16T09:00:00+00:00",
        "created_at": "2025-03-16T09:00:00+00:00", "smell": "rain",
    }}  # fmt: skip
    bodies = [(2, b'"c2VhbGVk"'), (1, compact({"salt": "s", "ops": [note, {**note, "u": "odd", "k": "fold"}]}))]
    for n, (version, body) in enumerate(bodies, 1):
        head = compact(
            {"w": LATER, "lane": "team", "n": n, "prev": prev, "body": hashlib.sha256(body).hexdigest()}
        )
        start = b'{"fl":%d,"head":' % version + head + b',"body":' + body
        lines.append(start + b',"crc":"%08x"}' % zlib.crc32(start))
        prev = hashlib.sha256(head).hexdigest()
    return lines


async def test_what_a_later_fieldlog_wrote_is_kept_read_as_far_as_it_can_be_and_passed_on(
    data: Path, tmp_path: Path
) -> None:
    lines = later_lines(STUDY)
    assert [(line.version, len(line.ops)) for line in map(decode, lines)] == [(2, 0), (1, 1)]
    journal = folder(data) / "journals" / LATER / "000001.jsonl"
    journal.parent.mkdir()
    journal.write_bytes(b"".join(line + b"\n" for line in lines))
    work = await open_study(laptop(data), write=True)
    assert texts(work) == sorted([*NOTES, "from tomorrow"])
    doc = next(doc for doc in work.store.state.entries() if doc["text"] == "from tomorrow")
    assert (doc["kind"], doc["smell"]) == ("hologram", "rain")
    await Capture(work).note("written today")
    await work.store.settle(idle=True)
    await make_bundle(work, tmp_path / "all.zip")
    assert await verify_store(work) == []
    await work.close()
    other = laptop(tmp_path / "other")
    assert (await import_bundle(other, tmp_path / "all.zip")).problems == []
    passed_on = tmp_path / "other" / "studies" / STUDY / "journals" / LATER / "000001.jsonl"
    assert journal.read_bytes() == passed_on.read_bytes() == b"".join(line + b"\n" for line in lines)


async def test_views_of_a_format_that_is_not_known_here_are_made_anew(data: Path) -> None:
    index = folder(data) / "views" / "index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "format": 99}))
    work = await open_study(laptop(data), write=False)
    assert texts(work) == NOTES
    await work.close()
