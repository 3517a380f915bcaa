"""What comes in before its lines: it goes where they do not come, and stays where any line may name it."""

from __future__ import annotations

import hashlib

import pytest

from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.originals.expected import COMING, expecting
from fieldlog.services.study.workspace import Workspace
from tests.fakes.phone import Phone

LAMP, RAIN = b"lamp" * 300, b"rain" * 300


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Stopped(Exception):
    """The import is stopped."""


async def originals(work: Workspace) -> set[str]:
    return {one.sha256 for one in await work.vault.all()}


async def brought(work: Workspace, *, stopped: bool) -> None:
    """One original comes in."""
    async with expecting(work) as expected:
        await expected.add([sha256(LAMP)])
        await work.vault.keep(Bytes(name="lamp.bin", data=LAMP))
        if stopped:
            raise Stopped
        await expected.named()


async def test_stopped_it_goes_and_nothing_waits_for_it_any_more(work: Workspace) -> None:
    with pytest.raises(Stopped):
        await brought(work, stopped=True)
    assert await originals(work) == set()
    assert await work.store.disk.size(COMING.path) is None


async def test_what_another_import_brings_at_the_same_time_is_left_alone(work: Workspace) -> None:
    async with expecting(work) as other:
        await other.add([sha256(LAMP), sha256(RAIN)])
        with pytest.raises(Stopped):
            await brought(work, stopped=True)
        assert await originals(work) == {sha256(LAMP)}
        await work.vault.keep(Bytes(name="rain.bin", data=RAIN))
        assert sha256(RAIN).encode() in await work.store.disk.read(COMING.path)
        await brought(work, stopped=False)
        assert sha256(RAIN).encode() in await work.store.disk.read(COMING.path)
        await other.named()
    assert await work.store.disk.size(COMING.path) is None


async def test_what_only_a_line_of_a_later_version_names_is_never_taken_for_unnamed(phone: Phone) -> None:
    desk = await phone.begun()
    work = desk.work
    assert work
    async with expecting(work) as expected:
        await expected.add([sha256(LAMP), sha256(RAIN)])
        for name, data in (("lamp.bin", LAMP), ("rain.bin", RAIN)):
            await work.vault.keep(Bytes(name=name, data=data))
        op = work.change("wind", "reel", work.machine.new_id(), {"frames": [sha256(LAMP)]})
        await work.store.at_rest()
        work.store.commit("team", [[op]])
        desk = await phone.killed(desk)
    assert desk.work
    assert await originals(desk.work) == {sha256(LAMP)}
    assert await desk.work.store.disk.size(COMING.path) is None
    await desk.close()


async def test_what_nobody_wrote_about_goes_once_the_lines_are_there(work: Workspace) -> None:
    async with expecting(work) as expected:
        await expected.add([sha256(LAMP)])
        await work.vault.keep(Bytes(name="lamp.bin", data=LAMP))
        await expected.settle()
        assert await originals(work) == set()
