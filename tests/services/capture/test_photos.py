"""A photo on set: of the shutter's moment, safe before it is made small, upright whatever the camera says."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from PIL import Image

from fieldlog.model.op import Op
from fieldlog.model.state import Change
from fieldlog.services.capture.capture import Capture
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import in_place
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.serving import Serving
from fieldlog.services.study.erase_promise import let_go
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.made import photo
from tests.media.photo.test_picture import is_red

T = TypeVar("T")


async def test_a_photo_is_of_the_moment_of_the_shutter_and_written_when_it_is_saved(
    work: Workspace, clock: FakeClock
) -> None:
    capture = Capture(work)
    session = (await Sessions(work, capture).start("Rig")).made
    shutter = capture.now()
    clock.advance(seconds=4)
    await Sessions(work, capture).stop()
    entry, _ = await capture.file(Bytes(name="photo.jpg", data=photo()), began=shutter)
    assert entry
    assert (entry.occurred_at, entry.created_at) == ("2025-03-16T08:00:00+00:00", "2025-03-16T08:00:04+00:00")
    assert (entry.precision, entry.occurred["source"]) == ("exact", "device")
    assert entry.session in (session.id, None)


async def test_the_entry_is_on_the_disk_before_anything_is_made_small(work: Workspace) -> None:
    done: list[str] = []

    async def watching(verb: Callable[..., T], /, *frozen: object) -> T:
        named = getattr(verb, "func", verb)
        done.append(f"{getattr(named, '__name__', '')} {len(list(work.store.state.entries()))}")
        return await in_place(verb, *frozen)

    work.machine = replace(work.machine, offload=watching)
    _, taken = await Capture(work).file(Bytes(name="a.jpg", data=photo()))
    assert done == ["examine 0", "fault_of 0", "previews 1"]
    assert taken.derived == ("thumb.jpg", "preview.jpg")
    done.clear()
    await Capture(work).file(Bytes(name="b.jpg", data=photo(size=(500, 300))), derive=False)
    assert done == ["examine 1", "fault_of 1"]


async def test_a_photo_keeps_its_file_where_the_same_bytes_are_let_go_of_while_it_is_being_saved(
    work: Workspace,
) -> None:
    data = photo()
    sha256 = hashlib.sha256(data).hexdigest()

    async def meanwhile(verb: Callable[..., T], /, *frozen: object) -> T:
        await let_go(work, [sha256])
        return await in_place(verb, *frozen)

    work.machine = replace(work.machine, offload=meanwhile)
    entry, taken = await Capture(work).file(Bytes(name="a.jpg", data=data), derive=False)
    assert entry
    assert taken.kept
    assert await work.vault.verify(sha256) is None
    await let_go(work, [sha256])
    assert await served(work, f"file/{sha256}") == data


async def test_nothing_is_let_go_of_between_a_photo_found_whole_and_its_record(work: Workspace) -> None:
    data = photo()
    sha256 = hashlib.sha256(data).hexdigest()
    going: list[asyncio.Task[None]] = []
    save = work.save

    async def beside(*batches: Sequence[Op], lane: str = "team") -> Change:
        going.append(asyncio.ensure_future(let_go(work, [sha256])))
        await asyncio.sleep(0.01)
        return await save(*batches, lane=lane)

    work.save = beside  # type: ignore[method-assign]
    await Capture(work).file(Bytes(name="a.jpg", data=data), derive=False)
    await asyncio.gather(*going)
    assert going
    assert await work.vault.verify(sha256) is None


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_thumb_and_preview_are_upright_and_the_original_is_untouched(
    work: Workspace, orientation: int
) -> None:
    data = photo(size=(800, 600), orientation=orientation)
    _, taken = await Capture(work).file(Bytes(name="a.jpg", data=data), derive=False)
    assert taken.kept
    for kind, size in (("thumb", (320, 240)), ("preview", (800, 600))):
        with Image.open(io.BytesIO(await served(work, f"{kind}/{taken.kept.sha256}"))) as shown:
            assert shown.size == size
            assert is_red(shown, (size[0] // 8, size[1] // 8))
            assert not is_red(shown, (size[0] * 7 // 8, size[1] // 8))
    assert await served(work, f"file/{taken.kept.sha256}") == data


async def served(work: Workspace, path: str) -> bytes:
    found = await Serving(lambda: work).open(path)
    try:
        return found.read(0, found.size)
    finally:
        found.close()
