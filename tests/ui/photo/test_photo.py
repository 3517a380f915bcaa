"""The camera, files, the form of an entry and drawing, on a real desk without a browser."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import flet as ft
import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import DiskFull
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.desk import Desk
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.sketches import pictures_of
from fieldlog.services.register import people
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.fakes.made import photo

WOKEN_SECONDS = 0.5
LENSES = ("front", "back")
CAMERAS = [
    {"name": name, "lens_direction": name, "sensor_orientation": 90, "lens_type": "wide"} for name in LENSES
]


async def wake(seen: Seen, **answers: Any) -> None:
    """Open the camera and wait until it is awake."""
    seen.client.answers |= {"get_available_cameras": CAMERAS, "take_picture": photo(), **answers}
    await seen.tap("now-camera")
    await seen.drawn(WOKEN_SECONDS)


def photos(desk: Desk) -> list[dict[str, Any]]:
    assert desk.work
    return [doc for doc in desk.work.store.state.entries() if doc["kind"] == "photo"]


async def test_two_shots_at_once_are_two_photos_in_their_order(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        eye = seen.journeys.photo
        one = asyncio.ensure_future(eye.shoot())
        await asyncio.sleep(0)
        clock.advance(seconds=1)
        seen.client.answers["take_picture"] = photo(size=(500, 300))
        other = asyncio.ensure_future(eye.shoot())
        await asyncio.sleep(0)
        assert eye.taking.waiting == 2
        await eye.close()
        await asyncio.gather(one, other)
        assert [doc["occurred_at"][14:19] for doc in photos(desk)] == ["00:00", "00:01"]
        assert (eye.taking.taken, eye.taking.waiting, seen.window.shell.sheet) == (2, 0, "")


async def test_a_shot_that_cannot_be_saved_waits_and_is_saved_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        eye = seen.journeys.photo
        with monkeypatch.context() as full:

            def no_room(*_: object) -> int:
                raise DiskFull

            full.setattr("fieldlog.disk.memory.MemoryHandle.append", no_room, raising=True)
            await seen.tap("camera-shutter")
            assert (eye.taking.taken, eye.taking.waiting) == (0, 1)
            assert "no space left" in seen.words()
        await seen.tap("camera-shutter")
        assert (eye.taking.taken, eye.taking.waiting) == (2, 0)
        assert len(photos(desk)) == 2


async def test_flash_is_off_until_asked_for_and_hidden_where_there_is_none(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        told = [message.body.args["mode"] for message, _ in seen.client.sent if named(message) == "set_flash_mode"]
        assert [mode.value for mode in told] == ["off"]
        for label in ("Flash by itself", "Flash on", "Flash off"):
            await seen.tap("camera-flash")
            assert seen.tags()["camera-flash"].label == label
        await seen.tap("camera-close")
        await wake(seen, set_flash_mode=RuntimeError("torchModeNotSupported"))
        assert "camera-flash" not in seen.tags()


async def test_the_back_camera_is_first_and_the_other_one_tap_away(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        await seen.tap("camera-flip")
        asked = [message.body for message, _ in seen.client.sent if named(message) == "initialize"]
        woken = [body.args["description"].name for body in asked]
        assert woken == ["back", "front"]
        await seen.tap("camera-close")
        await wake(seen, get_available_cameras=CAMERAS[:1])
        assert "camera-flip" not in seen.tags()


def named(message: Any) -> str:
    return str(getattr(message.body, "name", ""))


async def test_where_no_camera_answers_pictures_are_chosen(desk: Desk) -> None:
    async with a_window(desk) as seen:
        picked = [{"id": 1, "name": "IMG_1.jpg", "size": 9, "bytes": photo()}]
        await wake(seen, get_available_cameras=[], pick_files=picked)
        await seen.drawn(WOKEN_SECONDS)
        assert "No camera answers here" in seen.words()
        assert len(photos(desk)) == 1


async def test_a_chosen_file_is_kept_even_where_what_its_chips_name_is_gone(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.field.chose(people=("nobody-here",), note_type="PN")
        seen.client.answers["pick_files"] = [{"id": 1, "name": "IMG_1.jpg", "size": 9, "bytes": photo()}]
        await seen.journeys.photo.pick()
        (one,) = photos(desk)
        assert (one["note_type"], one.get("people", [])) == ("PN", [])
        assert seen.journeys.photo.taking.refused == ()


async def test_of_many_files_one_bad_one_is_named_and_the_rest_are_kept(desk: Desk) -> None:
    async with a_window(desk) as seen:
        files = {"a.jpg": photo(), "empty.jpg": b"", "b.jpg": photo(size=(500, 300)), "half.jpg": photo()[:900]}
        seen.client.answers["pick_files"] = [
            {"id": n, "name": name, "size": len(data), "bytes": data}
            for n, (name, data) in enumerate(files.items())
        ]
        await seen.journeys.photo.pick()
        await seen.drawn()
        assert "4 of 4 files" in seen.words()
        assert "empty.jpg: This file holds nothing" in seen.words()
        assert "half.jpg: The end of this file is missing" in seen.words()
        assert len(photos(desk)) == 3
        await seen.tap("files-done")
        assert "files-progress" not in seen.tags()


async def in_session(desk: Desk, *answers: str, minor: bool = False) -> list[str]:
    """A session that allows photos, with one person for each answer about them; the people's ids."""
    assert desk.work
    assert desk.capture
    ids = []
    for n, answer in enumerate(answers):
        person = (await people.quick_add(desk.work, pseudonym=f"Lei{n}", answer=answer)).made
        ids.append(person.id)
    session = (await Sessions(desk.work, desk.capture).start("Rig")).made
    said = {"people": ids, "may_record": ["notes", "photo"]}
    await desk.work.save([desk.work.change("set", "session", session.id, said)])
    if minor:
        await desk.work.save([desk.work.change("set", "person", ids[0], {"minor": True})])
    return ids


async def test_without_consent_the_reason_is_asked_for_first_and_kept_with_the_photo(desk: Desk) -> None:
    (lei,) = await in_session(desk, "by-word")
    async with a_window(desk) as seen:
        await seen.tap("now-camera")
        assert "P01 Lei0 has not agreed to be photographed." in seen.words()
        await seen.tap("photo-anyway")
        assert seen.inside("photo-reason", ft.TextField).error
        await seen.type("photo-reason", "asked him at lunch")
        seen.client.answers |= {"get_available_cameras": CAMERAS, "take_picture": photo()}
        await seen.tap("photo-anyway")
        await seen.drawn(WOKEN_SECONDS)
        await seen.tap("camera-shutter")
        (kept,) = photos(desk)
        assert kept["override"] == {"reason": "asked him at lunch", "people": [lei]}


async def test_with_a_minor_there_is_no_photo(desk: Desk) -> None:
    await in_session(desk, "by-word", minor=True)
    async with a_window(desk) as seen:
        await seen.tap("now-camera")
        assert "no photo is taken" in seen.words()
        assert "photo-anyway" not in seen.tags()
        await seen.tap("photo-note")
        assert seen.window.shell.sheet == ""


async def test_caption_person_and_place_are_set_later_told_and_undone(desk: Desk) -> None:
    assert desk.work
    await people.quick_add(desk.work, pseudonym="Lei", answer="by-word")
    await people.quick_add(desk.work, pseudonym="Mei", answer="declined")
    async with a_window(desk) as seen:
        await wake(seen)
        await seen.tap("camera-shutter")
        await seen.tap("camera-last")
        (entry,) = photos(desk)
        was = entry_form.form_of(desk.work, entry["id"])
        await seen.go(f"/days/{seen.journeys.rows.stream.code}/e/{entry['id']}")
        await seen.tap("entry-edit")
        await seen.type("entry-field", "the tea urn")
        await seen.type("entry-people-find", "mei")
        await seen.tap("entry-person-P02")
        assert "has declined. Write of someone instead?" in seen.words()
        await seen.type("entry-people-find", "lei")
        await seen.tap("entry-person-P01")
        await seen.tap("entry-certainty-likely")
        assert seen.inside("entry-field", ft.TextField).value == "the tea urn"
        assert seen.inside("entry-people-find", ft.TextField).value == "lei"
        await seen.type("entry-when", "nonsense")
        await seen.tap("entry-keep")
        assert "“nonsense” is no time" in seen.words()
        await seen.type("entry-when", "15:20")
        await seen.tap("entry-keep")
        await seen.drawn()
        assert "People: – → P01" in seen.words()
        assert "Certainty: – → fairly sure" in seen.words()
        kept = entry_form.form_of(desk.work, entry["id"])
        assert (kept.text, kept.certainty, kept.when, kept.precision) == (
            "the tea urn", "likely", "15:20:00", "minute",
        )  # fmt: skip
        await seen.tap("undo")
        assert entry_form.form_of(desk.work, entry["id"]) == was
        assert not seen.crashed


async def test_a_stroke_on_a_copy_leaves_the_photo_as_it_is_and_is_taken_back(desk: Desk) -> None:
    assert desk.work
    async with a_window(desk) as seen:
        await wake(seen)
        await seen.tap("camera-shutter")
        (entry,) = photos(desk)
        await seen.tap("camera-close")
        await seen.go(f"/days/{seen.journeys.rows.stream.code}/e/{entry['id']}")
        await seen.tap("entry-sketch")
        drawing = seen.journeys.photo.drawing
        for at in ((10.0, 10.0), (60.0, 80.0)):
            drawing.start(at)
            drawing.move((at[0] + 50, at[1]))
            drawing.end()
        await seen.tap("sketch-clear")
        assert "0 strokes" in str(seen.tags()["sketch-surface"].label)
        await seen.tap("sketch-undo")
        assert "2 strokes" in str(seen.tags()["sketch-surface"].label)
        await seen.tap("sketch-undo")
        await seen.tap("sketch-ink-1")
        assert drawing.paper.colour == drawing.inks[0]
        await seen.tap("sketch-close")
        await seen.tap("entry-sketch")
        assert len(drawing.paper.strokes) == 1
        await seen.tap("sketch-keep")
        original, marked = pictures_of(desk.work, entry["id"])
        assert marked.drawn_on == original.id
        disk = desk.work.store.disk
        assert isinstance(disk, MemoryDisk)
        found = await desk.work.vault.find(original.sha256)
        assert found
        assert hashlib.sha256(await disk.read(found.path)).hexdigest() == original.sha256
        await seen.drawn()
        assert "Drawn on a copy" in seen.words()
        await seen.tap("undo")
        assert pictures_of(desk.work, entry["id"]) == [original]


async def test_a_sketch_on_an_empty_page_is_an_entry(desk: Desk) -> None:
    assert desk.work
    async with a_window(desk) as seen:
        seen.journeys.photo.sketch()
        await seen.drawn()
        drawing = seen.journeys.photo.drawing
        drawing.start((100.0, 100.0))
        drawing.end()
        await seen.drawn()
        await seen.tap("sketch-keep")
        (entry,) = list(desk.work.store.state.entries())
        assert len(pictures_of(desk.work, entry["id"])) == 1
        await seen.tap("undo")
        assert list(desk.work.store.state.entries()) == []


async def test_where_a_photo_was_taken_is_shown_only_where_it_is_wanted(desk: Desk) -> None:
    place: dict[int, object] = {1: "N", 2: (31, 13, 48), 3: "E", 4: (121, 28, 12)}
    async with a_window(desk) as seen:
        picked = [{"id": 1, "name": "IMG_1.jpg", "size": 9, "bytes": photo(gps=place)}]
        seen.client.answers["pick_files"] = picked
        await seen.journeys.photo.pick()
        (entry,) = photos(desk)
        page = f"/days/{seen.journeys.rows.stream.code}/e/{entry['id']}"
        await seen.go(page)
        assert "31.23" not in seen.words()
        await seen.journeys.photo.show_positions(True)
        await seen.drawn()
        assert "Taken at 31.23, 121.47" in seen.words()
    async with a_window(desk) as next_time:
        await next_time.go(page)
        await next_time.drawn()
        assert "31.23" in next_time.words()
