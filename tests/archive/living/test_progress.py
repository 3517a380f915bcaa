"""How far a writing is, told in bytes."""

from __future__ import annotations

import pytest

from fieldlog.archive.day.content import Survey
from fieldlog.archive.living.tree import Progress
from fieldlog.archive.living.verify import verify
from fieldlog.archive.living.write import write
from fieldlog.model.errors import Cancelled
from fieldlog.model.ports import Disk
from tests.fakes.months import here
from tests.fakes.worlds import fresh, night, sample, tree


async def test_a_writing_tells_bytes_that_only_grow_and_ends_whole(disk: Disk) -> None:
    told: list[Progress] = []
    await sample(60).written(disk, progress=told.append)
    done = [at.done for at in told]
    assert done == sorted(done)
    assert len(set(done)) > 25
    assert len({at.total for at in told if at.done}) == 1
    assert told[-1].done == told[-1].total > 100_000


async def test_a_second_writing_ends_whole_though_nothing_is_written(disk: Disk) -> None:
    world, told = night(), list[Progress]()
    await world.written(disk)
    await world.written(disk, progress=told.append)
    assert told[-1].done == told[-1].total > 0


def test_the_weight_of_a_day_is_its_media_and_a_guess_at_its_texts() -> None:
    world = night()
    media = sum(map(len, world.files.values()))
    survey = Survey(world.state())
    assert sum(map(survey.weight, survey.dates())) > media > 0
    assert survey.weight("2031-01-01") == 0


async def test_an_archive_of_what_was_surveyed_is_not_of_what_came_later(disk: Disk) -> None:
    world = night()
    state = world.state()
    survey, journals = Survey(state), world.journals()
    before = world.then()
    world.note("late", "2025-03-17T16:30:00+08:00", "After the survey.")
    state.apply(world.ops[len(before.ops) :])
    await write(disk, survey, journals, world.media(), offload=here)
    assert await tree(disk) == await tree(await fresh(before))


async def test_a_check_that_is_stopped_says_nothing(disk: Disk) -> None:
    await night().written(disk)
    asked = iter([False] * 3)
    with pytest.raises(Cancelled):
        await verify(disk, cancelled=lambda: next(asked, True))
