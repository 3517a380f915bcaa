"""Places, scenes and codes: numbered, counted by the entries that name them, and called what people call them."""

from __future__ import annotations

import pytest

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.register.people import add_unknown, merge, quick_add
from fieldlog.services.register.places_scenes_codes import (
    Table,
    add_code,
    add_place,
    add_scene,
    entries_naming,
    found_rows,
    number_naming,
    rename,
    rows,
    uses,
)
from fieldlog.services.study.workspace import Workspace


async def test_places_are_numbered_and_counted(work: Workspace) -> None:
    await add_place(work, "Rooftop", "天台")
    await add_place(work, "", "编剧室")
    await Capture(work).note("wind", Chips(place="天台"))
    assert [(row.code, row.name, row.name_zh, row.uses) for row in rows(work, "places")] == [
        ("L01", "Rooftop", "天台", 1), ("L02", "编剧室", "编剧室", 0),
    ]  # fmt: skip


async def test_scenes_stand_in_the_order_of_the_slate(work: Workspace) -> None:
    for typed in ("342", "9-2", "34-10", "1-1A", "34"):
        await add_scene(work, typed)
    assert [row.code for row in rows(work, "scenes")] == ["1-1A", "3-4", "9-2", "34-2", "34-10"]
    assert [row.code for row in found_rows(work, "scenes", "342")] == ["34-2"]


async def test_codes_are_a_tree_and_a_branch_counts_what_lies_below(work: Workspace) -> None:
    for name in ("metrics.roi", "metrics.completion", "hook"):
        await add_code(work, name)
    await Capture(work).note("61 %", Chips(codes=("metrics.roi", "metrics.completion")))
    await Capture(work).note("58 %", Chips(codes=("metrics.roi",)))
    assert [(row.code, row.depth, row.uses, bool(row.id)) for row in rows(work, "codes")] == [
        ("hook", 0, 0, True), ("metrics", 0, 2, False), ("metrics.completion", 1, 1, True),
        ("metrics.roi", 1, 2, True),
    ]  # fmt: skip
    assert [row.code for row in found_rows(work, "codes", "roi")] == ["metrics.roi"]


async def test_as_many_entries_are_found_as_are_counted(work: Workspace) -> None:
    top, below = [(await add_code(work, name)).made for name in ("metrics", "metrics.roi")]
    place, scene = (await add_place(work, "Rooftop")).made, (await add_scene(work, "342")).made
    both = await Capture(work).note("61 %", Chips(codes=("metrics.roi", "metrics"), place="Rooftop"))
    one = await Capture(work).note("58 %", Chips(codes=("metrics.roi",), scene="34-2"))
    naming = {"codes": {top.id: {both.id, one.id}, below.id: {both.id, one.id}}}
    naming |= {"places": {place.id: {both.id}}, "scenes": {scene.id: {one.id}}}
    for table, records in naming.items():
        for record, found in records.items():
            assert set(entries_naming(work, table, record, 9)) == found
            assert number_naming(work, table, record) == len(found)


async def test_what_is_removed_or_moved_is_counted_no_more(work: Workspace) -> None:
    await add_place(work, "Rooftop")
    capture = Capture(work)
    one, _ = [await capture.note(text, Chips(place="Rooftop")) for text in ("one", "two")]
    assert rows(work, "places")[0].uses == 2
    await Editing(work).remove(one.id)
    assert rows(work, "places")[0].uses == 1


async def test_notes_about_an_unknown_man_are_notes_about_the_person_he_is(work: Workspace) -> None:
    man, lei = (await add_unknown(work, "a man")).made, (await quick_add(work, pseudonym="Lei")).made
    both = await Capture(work).note("the man is Lei", Chips(people=("U1", "P01")))
    first = await Capture(work).note("a man", Chips(people=("U1",)))
    await merge(work, man.id, lei.id)
    assert uses(work, "people")[lei.id] == 2
    assert entries_naming(work, "people", lei.id, 5) == [first.id, both.id]
    assert entries_naming(work, "people", lei.id, 1) == [first.id]


@pytest.mark.parametrize("table", ["places", "codes"])
async def test_names_are_corrected_in_both_scripts(work: Workspace, table: Table) -> None:
    added = await (add_place(work, "Roof") if table == "places" else add_code(work, "roof"))
    made = added.made
    await rename(work, made.id, name="Rooftop", name_zh="天台", about="windy")
    row = rows(work, table)[0]
    assert (row.named(chinese=False), row.named(chinese=True), row.about) == ("Rooftop", "天台", "windy")
    with pytest.raises(NotUnderstood, match="needs a name"):
        await rename(work, made.id, name=" ", name_zh="", about="")


async def test_a_slip_is_told_and_nothing_is_added(work: Workspace) -> None:
    await add_place(work, "Roof", "天台")
    await add_scene(work, "342")
    await add_code(work, "hook")
    for again in (add_place(work, "x", "天台"), add_scene(work, "34-2"), add_code(work, "Hook")):
        with pytest.raises(NotUnderstood, match="already"):
            await again
    for nothing in (add_place(work, " "), add_scene(work, ""), add_code(work, " . ")):
        with pytest.raises(NotUnderstood, match="needs"):
            await nothing
    with pytest.raises(NotFound):
        await rename(work, "nothing", name="x", name_zh="", about="")
    assert [len(rows(work, table)) for table in ("places", "scenes", "codes")] == [1, 1, 1]
