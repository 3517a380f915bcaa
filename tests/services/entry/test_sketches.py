"""Drawing on a copy of a photo: the photo stays, byte for byte."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.stroke import Stroke
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.entry.sketches import PAGE, Sketching, pictures_of
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.workspace import Workspace
from tests.fakes.made import photo
from tests.fakes.undo import take_back
from tests.media.photo.test_picture import is_red

LINE = Stroke(colour="#1E6FD9", width=12, points=((300, 250), (360, 280)))


async def read(work: Workspace, sha256: str) -> bytes:
    handle = await work.vault.open(sha256)
    try:
        return handle.read(0, handle.size())
    finally:
        handle.close()


async def test_a_mark_is_a_copy_beside_the_photo_which_stays_as_it_was(work: Workspace) -> None:
    data = photo(orientation=6, gps={1: "N", 2: (31, 13, 48), 3: "E", 4: (121, 28, 12)})
    entry, _ = await Capture(work).file(Bytes(name="a.jpg", data=data))
    assert entry
    (original,) = pictures_of(work, entry.id)
    assert (original.width, original.height, original.drawn) == (400, 300, False)
    assert original.position == (31.23, 121.47)
    kept = await Sketching(work).mark(entry.id, original.id, [LINE], (400, 300))
    same, marked = pictures_of(work, entry.id)
    assert same == original
    assert hashlib.sha256(await read(work, same.sha256)).hexdigest() == hashlib.sha256(data).hexdigest()
    assert await work.vault.verify(same.sha256) is None
    assert (marked.drawn, marked.drawn_on, marked.position) == (True, original.id, None)
    with Image.open(io.BytesIO(await read(work, marked.sha256))) as shown:
        assert shown.size == (400, 300)
        assert is_red(shown, (50, 30))
        assert not shown.getexif()
    assert [(work.store.state.get(one) or {})["kind"] for one in kept.made] == ["photo", "sketch"]
    assert {(work.store.state.get(one) or {})["derived_from"] for one in kept.made} == {original.id}
    await take_back(kept)
    assert pictures_of(work, entry.id) == [original]


async def test_a_page_is_an_entry_of_its_own_with_what_stood_beside_the_field(work: Workspace) -> None:
    entry = (await Sketching(work).page(Capture(work), [LINE], chips=Chips(note_type="PN", scene="34-2"))).made
    (page,) = pictures_of(work, entry.id)
    assert (page.drawn, page.drawn_on, (page.width, page.height)) == (True, "", PAGE)
    assert (entry.note_type, entry.kind) == ("PN", "jotting")
    assert work.store.ends[work.store.own_writers["mine"]].n == 1


async def test_where_nothing_can_draw_the_strokes_are_kept_and_shown_as_strokes(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, _ = await Capture(work).file(Bytes(name="a.jpg", data=photo()))
    assert entry
    (original,) = pictures_of(work, entry.id)
    with monkeypatch.context() as phone:
        phone.setattr("fieldlog.services.entry.sketches.find_eye", lambda: None)
        (only,) = (await Sketching(work).mark(entry.id, original.id, [LINE], (400, 300))).made
    (drawing,) = await Sketching(work).drawings(entry.id)
    assert (drawing.id, drawing.strokes, drawing.size) == (only, (LINE,), (400, 300))
    assert drawing.under == original.sha256
    await Sketching(work).mark(entry.id, original.id, [LINE], (400, 300))
    assert [one.id for one in await Sketching(work).drawings(entry.id)] == [only]


async def test_nothing_drawn_is_nothing_kept(work: Workspace) -> None:
    entry, _ = await Capture(work).file(Bytes(name="a.jpg", data=photo()))
    assert entry
    ends = dict(work.store.ends)
    (original,) = pictures_of(work, entry.id)
    with pytest.raises(NotUnderstood):
        await Sketching(work).mark(entry.id, original.id, [], (400, 300))
    with pytest.raises(NotFound):
        await Sketching(work).mark(entry.id, "nothing", [LINE], (400, 300))
    assert work.store.ends == ends


async def test_a_drawn_on_copy_does_not_survive_its_photo_whoever_names_it(work: Workspace) -> None:
    """The copy is drawn on once more, and another entry names both."""
    capture, sketching = Capture(work), Sketching(work)
    entry, _ = await capture.file(Bytes(name="a.jpg", data=photo()))
    assert entry
    (original,) = pictures_of(work, entry.id)
    copy, lines = (await sketching.mark(entry.id, original.id, [LINE], (400, 300))).made
    again, more = (await sketching.mark(entry.id, copy, [LINE], (400, 300))).made
    other = await capture.note("who is it?")
    adding = work.change("add", "entry", other.id, {"attachments": [copy, again]})
    await work.save([adding])
    drawn = (copy, lines, again, more)
    files = [str((work.store.state.get(one) or {})["sha256"]) for one in drawn]
    await Erasing(work).erase_file(entry.id, original.id, reason="not-agreed")
    for one in (original.id, *drawn):
        assert "_erased" in (work.store.state.get(one) or {}), one
    assert [await work.vault.find(one) for one in files] == [None] * 4
    assert pictures_of(work, other.id) == []


async def test_a_page_that_is_erased_goes_with_its_strokes_though_no_entry_names_them_by_now(
    work: Workspace,
) -> None:
    entry = (await Sketching(work).page(Capture(work), [LINE])).made
    (page,) = pictures_of(work, entry.id)
    (lines,) = [one for one in entry.attachments if one != page.id]
    await Editing(work).change(entry.id, {"attachments": [page.id], "text": "how they stood"})
    await Erasing(work).erase_file(entry.id, page.id, reason="asked-to")
    for one in (page.id, lines):
        assert "_erased" in (work.store.state.get(one) or {}), one
    assert "_erased" not in (work.store.state.get(entry.id) or {})


async def test_what_is_drawn_on_a_private_photo_and_taken_back_never_leaves_its_lane(work: Workspace) -> None:
    entry, _ = await Capture(work).file(Bytes(name="a.jpg", data=photo()), Chips(note_type="PN"))
    assert entry
    team = work.store.ends[work.store.own_writers["team"]].n
    (original,) = pictures_of(work, entry.id)
    await take_back(await Sketching(work).mark(entry.id, original.id, [LINE], (400, 300)))
    assert work.store.ends[work.store.own_writers["team"]].n == team
    assert work.store.ends[work.store.own_writers["mine"]].n == 3
