"""The process is killed at every step of a writing: the next one finishes it, whatever is to be written then."""

from __future__ import annotations

from random import Random

import pytest

from fieldlog.archive.living import tree as archive_tree
from fieldlog.archive.living.verify import verify
from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ids import day_id
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.months import wav
from tests.fakes.worlds import NIGHT, SEGMENT, STUDY, World, night, record, tree

FOREIGN = {"mine.txt": b"x", f"days/{NIGHT}/my.docx": b"y"}


def changed() -> World:
    """A note reworded, photos come before others, so that numbers move, and a memo one segment longer."""
    world = night()
    world.reworded("dusk", "Lamps on, then off.")
    early = world.file("early", b"\xff\xd8 early", kind="photo", extension="jpg")
    world.note("first", "2025-03-17T16:30:00+08:00", "A photo.", kind="photo", attachments=[early])
    world.note("late", "2025-03-16T16:30:00+08:00", "Another.", kind="photo", attachments=[early])
    more = world.file("part4", wav(b"\4\0" * 1600), **SEGMENT)
    world.do("add", "entry", record("entry", "memo"), {"attachments": [more]})
    return world


def renamed() -> World:
    world = changed()
    made = next(op.u for op in world.ops if op.e == day_id(STUDY, "2025-03-16"))
    world.do("set", "day", day_id(STUDY, "2025-03-16"), {"code": "PD13"}, {"code": [made]})
    made = next(op.u for op in world.ops if op.e == record("entry", "memo"))
    world.do("del", "entry", record("entry", "memo"), {}, {"*": [made]})
    return world


async def start(world: World | None, *, foreign: bool) -> MemoryDisk:
    disk = MemoryDisk()
    if world:
        await world.written(disk)
    if foreign:
        for path, data in FOREIGN.items():
            await disk.replace(path, data)
    return disk


STORIES = {
    "a first writing": (None, night, [night]),
    "changes": (night, changed, [changed, night]),
    "a renumbered day": (night, renamed, [renamed, night, changed]),
}


@pytest.mark.parametrize("way", ["torn", "clean", "streamed"])
@pytest.mark.parametrize("story", sorted(STORIES))
async def test_killed_at_any_step_the_next_run_leaves_what_an_unkilled_one_leaves(
    story: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file being replaced is torn or not; media go through memory, or are streamed beside their place.

    The power goes too: names not flushed yet are all lost, or some of them.
    """
    if way == "streamed":
        monkeypatch.setattr(archive_tree, "AT_ONCE_BYTES", 4)
    before, intended, nexts = STORIES[story]
    base, target = before() if before else None, intended()
    begun = await start(base, foreign=bool(base))
    counted = DyingDisk(begun.crash())
    await target.written(counted)
    assert counted.steps > 10
    for make in nexts:
        world = make()
        expected = await tree(await start(world, foreign=False))
        if base:
            expected |= FOREIGN
            expected.setdefault(f"days/{NIGHT}", None)
        for step in range(counted.steps):
            inner = begun.crash()
            with pytest.raises(Killed):
                await target.written(DyingDisk(inner, step, tears=way == "torn"))
            found = inner.crash(Random(step) if way == "clean" else None)
            written = await world.written(found)
            assert await tree(found) == expected, f"killed at step {step}, then {make.__name__}"
            assert set(written.foreign) == (set(FOREIGN) if base else set())
            assert {fault.path for fault in await verify(found)} == set(written.foreign)


async def test_a_finished_writing_survives_a_power_cut() -> None:
    disk = await start(night(), foreign=False)
    before = await tree(disk)
    assert await tree(disk.crash()) == before
    await changed().written(disk)
    assert await tree(disk.crash()) == await tree(disk) != before


async def test_a_killed_writing_is_told_by_a_check() -> None:
    """Before the first step all is as it was; from then on until the last the archive says it is unfinished."""
    base, target = night(), changed()
    begun = await start(base, foreign=False)
    counted = DyingDisk(begun.crash())
    await target.written(counted)
    for step in range(1, counted.steps):
        inner = begun.crash()
        with pytest.raises(Killed):
            await target.written(DyingDisk(inner, step))
        faults = await verify(inner.crash())
        assert "unfinished" in {fault.what for fault in faults}, f"killed at step {step}"
