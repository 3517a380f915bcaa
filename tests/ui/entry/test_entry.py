"""The form of an entry: keeping it is in reach however far one has scrolled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

import flet as ft
import pytest
from flet.controls.base_control import BaseControl

from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.plan import Plan
from fieldlog.services.desk import Desk
from fieldlog.services.held.freed import change_freed, freed_here
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.workspace import Workspace
from tests.fakes.headless import Seen, _walk, a_window
from tests.fakes.months import journal

ASIDE, STRANGER, WRITTEN = uuid7(0, b"set-aside-"), "feedfacefeedface", "2025-03-16T23:41:00+08:00"
TOLD = "“teatime” is no time. Write it like 22:05"


def moving(seen: Seen) -> Iterator[BaseControl]:
    """What moves out of sight when one scrolls."""
    for one in seen.controls():
        if getattr(one, "scroll", None) or isinstance(one, ft.ListView):
            yield from _walk(one)


@pytest.mark.parametrize(("width", "scale"), [(412, 1.0), (412, 2.0), (1280, 1.0)])
async def test_keep_stays_where_it_is_and_tells_what_is_wrong(
    desk: Desk, work: Workspace, width: int, scale: float
) -> None:
    note = await Capture(work).note("the crane moves")
    async with a_window(desk, width=width) as seen:
        seen.window.shell.scale = scale
        seen.journeys.rows.open(note.id)
        await seen.go(f"/days/PD14/e/{note.id}")
        await seen.tap("entry-edit")
        away = {str(one.identifier) for one in moving(seen) if isinstance(one, ft.Semantics)}
        assert {"entry-field", "entry-when"} <= away
        assert not {"entry-keep", "entry-cancel"} & away
        await seen.type("entry-when", "teatime")
        await seen.tap("entry-keep")
        assert TOLD in seen.words()
        assert not any(TOLD in one.value for one in moving(seen) if isinstance(one, ft.Text))
        await seen.type("entry-when", "15:30")
        await seen.type("entry-field", "the crane moves twice")
        await seen.tap("entry-keep")
        assert (work.store.state.get(note.id) or {})["text"] == "the crane moves twice"
        assert "entry-edit" in seen.tags()


async def test_the_picture_the_sound_and_the_history_stay_below_the_form(desk: Desk, work: Workspace) -> None:
    note = await Capture(work).note("the crane moves")
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{note.id}")
        await seen.tap("entry-edit")
        assert {"entry-erase", "entry-keep"} <= set(seen.tags())
        assert "History" in seen.words()
        await seen.tap("entry-cancel")
        assert {"entry-edit", "entry-remove"} <= set(seen.tags())
        assert not seen.crashed


async def test_what_is_set_aside_is_shown_as_far_as_it_can_be_read_and_offers_no_change(
    desk: Desk, work: Workspace
) -> None:
    said = {
        "text": "rain",
        "kind": "jotting",
        "occurred_at": "soon",
        "created_at": WRITTEN,
        "day_choice": "2025-03-16",
    }
    op = Op(u="u", t="1x", r="entry", e=ASIDE, k="new", v=said)
    await work.store.merge(STRANGER, journal(work.store.project, STRANGER, [op]).splitlines())
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{ASIDE}")
        assert "occurred_at says soon" in seen.words()
        assert "16 Mar 23:41" in seen.words()
        assert not {"entry-edit", "entry-remove"} & seen.tags().keys()


async def test_what_lies_beyond_the_end_of_the_clock_has_its_date_above_its_time(
    desk: Desk, work: Workspace
) -> None:
    chips = Chips(at=datetime.fromisoformat("2025-03-18T02:05:00+08:00"), precision="minute")
    note = await Capture(work).note("fifty hours later", chips)
    await Plan(work).choose(note.id, "2025-03-16")
    async with a_window(desk) as seen:
        await seen.go("/days/PD14")
        assert "18 Mar\n02:05" in seen.words()


async def test_an_original_that_was_let_go_says_where_it_lies_and_is_fetched_when_asked(
    desk: Desk, work: Workspace
) -> None:
    entry, _ = await Capture(work).file(Bytes(name="a.bin", data=b"a file"), derive=False)
    assert entry is not None
    sha256 = hashlib.sha256(b"a file").hexdigest()
    told = {"at": "2025-03-16T08:00:00+00:00", "on": ["laptop", "the stick"]}
    await change_freed(work, lambda freed: freed.originals.update({sha256: told}))
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{entry.id}")
        assert "entry-let-go" not in seen.tags(), "it is here all the same"
    await work.vault.let_go(sha256)
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{entry.id}")
        assert "The original was let go here to make room. It lies on the laptop, the stick." in seen.words()
        await seen.tap("entry-fetch")
        assert "It is fetched with the next exchange." in seen.words()
        assert not seen.crashed
    assert (await freed_here(work)).again == {sha256}


async def test_on_a_laptop_the_day_stays_beside_its_entry_and_the_history_is_folded(
    desk: Desk, work: Workspace
) -> None:
    first = await Capture(work).note("the crane moves")
    second = await Capture(work).note("the crane stops")
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.go(f"/days/PD14/e/{first.id}")
        assert {f"entry-{first.id}", f"entry-{second.id}", "entry-edit"} <= set(seen.tags())
        assert seen.tags()[f"entry-{first.id}"].selected
        assert not seen.tags()[f"entry-{second.id}"].selected
        assert "History: 1 change" in seen.words()
        await seen.tap("entry-history")
        assert "Written" in seen.words()
        await seen.tap(f"entry-{second.id}")
        await seen.go(f"/days/PD14/e/{second.id}")
        assert seen.tags()[f"entry-{second.id}"].selected
        assert not seen.tags()[f"entry-{first.id}"].selected
        assert not seen.crashed
