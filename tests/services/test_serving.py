"""What a browser may fetch of the open study: only what an entry in sight names, right at every place."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fieldlog.media.derived import derived_path, made_of
from fieldlog.media.reading import Held, Part
from fieldlog.model.entry import Attachment
from fieldlog.model.errors import MissingFile, NotFound, NotUnderstood
from fieldlog.services.archive.write import VaultMedia
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.machine import laptop
from fieldlog.services.memo import filing
from fieldlog.services.serving import Served, Serving
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.made import Bytes, chunked, riff, tone, unfinished_by_iphone

RATE = 8000


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(tmp_path), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


def picture(side: int = 640) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side // 2), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def filed(work: Workspace, name: str, data: bytes) -> tuple[str, str]:
    """(id of the entry, sha256 of the file)"""
    entry, taken = await Capture(work).file(Bytes(name, data), Chips())
    assert entry is not None
    assert taken.kept is not None
    return entry.id, taken.kept.sha256


async def recorded(work: Workspace, seconds: float, *, silent: bool = False) -> str:
    recording = await filing.begin(work, Capture(work), rate=RATE, segment_frames=RATE)
    sound = bytes(int(seconds * RATE) * 2) if silent else tone(int(seconds * RATE))
    for chunk in chunked(sound, RATE // 5):
        recording.push(chunk)
        await recording.step()
    stopped = await filing.stop(work, recording)
    assert stopped is not None
    return stopped.entry.id


async def fetched(serving: Serving, path: str) -> bytes:
    served = await serving.open(path)
    try:
        return served.read(0, served.size)
    finally:
        served.close()


async def test_a_photo_is_served_small_and_whole(work: Workspace) -> None:
    data = picture()
    _, sha256 = await filed(work, "IMG_1.jpg", data)
    serving = Serving(lambda: work)
    assert await fetched(serving, f"file/{sha256}") == data
    assert Image.open(io.BytesIO(await fetched(serving, f"thumb/{sha256}"))).size == (320, 160)
    original = await serving.open(f"file/{sha256}")
    assert (original.mime, original.name, original.original) == ("image/jpeg", "IMG_1.jpg", True)
    original.close()


async def test_a_preview_that_was_thrown_away_is_made_again(work: Workspace) -> None:
    _, sha256 = await filed(work, "IMG_1.jpg", picture())
    await work.vault.disk.remove(derived_path(work.vault, sha256, "thumb.jpg"))
    await work.vault.disk.remove(derived_path(work.vault, sha256, "preview.jpg"))
    assert (await fetched(Serving(lambda: work), f"preview/{sha256}")).startswith(b"\xff\xd8")
    assert {"thumb.jpg", "preview.jpg"} <= await made_of(work.vault, sha256)


async def test_a_waveform_that_was_never_made_is_made_when_somebody_looks(work: Workspace) -> None:
    entry, sha256 = await filed(work, "memo.wav", riff(tone(RATE)))
    before = await fetched(Serving(lambda: work), f"wave/{entry}")
    await work.vault.disk.remove(derived_path(work.vault, sha256, "peaks.bin"))
    assert await fetched(Serving(lambda: work), f"wave/{entry}") == before


async def test_what_cannot_be_shown_is_refused_with_a_sentence_and_still_there(work: Workspace) -> None:
    _, sha256 = await filed(work, "page.jpg", b"<script>alert(1)</script>")
    serving = Serving(lambda: work)
    for _ in range(2):
        with pytest.raises(NotFound, match="can't be shown"):
            await serving.open(f"thumb/{sha256}")
    served = await serving.open(f"file/{sha256}")
    assert served.mime.startswith("text/plain")
    served.close()


async def test_only_what_an_entry_in_sight_names_is_served(work: Workspace) -> None:
    entry, sha256 = await filed(work, "IMG_1.jpg", picture())
    loose = (await work.vault.keep(Bytes("loose.jpg", picture(64)))).sha256
    serving = Serving(lambda: work)
    assert await fetched(serving, f"thumb/{sha256}")
    for path in (f"file/{loose}", "file/x", "file/", "", "thumb", f"other/{sha256}", f"sound/{entry}", "sound/x"):
        with pytest.raises(NotFound):
            await serving.open(path)
    await Editing(work).remove(entry)
    for kind in ("thumb", "preview", "file"):
        with pytest.raises(NotFound):
            await serving.open(f"{kind}/{sha256}")
    await Editing(work).bring_back(entry)
    assert await fetched(serving, f"thumb/{sha256}")


async def test_another_study_opened_meanwhile_serves_its_own_and_a_closed_one_nothing(
    work: Workspace, tmp_path: Path
) -> None:
    _, sha256 = await filed(work, "IMG_1.jpg", picture())
    other = await open_study(laptop(tmp_path), "01950000-0000-7000-8000-000000000002", write=True)
    open_now: list[Workspace | None] = [work]
    serving = Serving(lambda: open_now[0])
    assert await fetched(serving, f"thumb/{sha256}")
    for instead in (other, None):
        open_now[0] = instead
        with pytest.raises(NotFound):
            await serving.open(f"thumb/{sha256}")
    await other.close()


async def test_bytes_that_are_not_on_this_device_are_named(work: Workspace) -> None:
    entry, sha256 = await filed(work, "note.wav", riff(tone(500)))
    await work.vault.erase(sha256)
    for path in (f"file/{sha256}", f"sound/{entry}"):
        with pytest.raises(MissingFile):
            await Serving(lambda: work).open(path)


async def test_a_memo_of_segments_is_served_as_the_one_wav_an_archive_holds(work: Workspace) -> None:
    entry = await recorded(work, 3.3)
    doc = work.store.state.get(entry) or {}
    parts = tuple(Attachment.of(work.store.state.get(one) or {}) for one in doc["attachments"])
    assert len(parts) == 4
    archived = b"".join([chunk async for chunk in VaultMedia(vault=work.vault).chunks(parts)])
    served = await Serving(lambda: work).open(f"sound/{entry}")
    assert (served.size, served.mime) == (len(archived), "audio/wav")

    @given(st.integers(0, len(archived) + 9), st.integers(0, len(archived) + 9))
    def reads_right(at: int, count: int) -> None:
        assert served.read(at, count) == archived[at : at + count]

    reads_right()
    served.close()


async def test_a_memo_whose_segments_are_alike_to_the_last_byte_is_served_whole(work: Workspace) -> None:
    entry = await recorded(work, 3.0, silent=True)
    assert len(await fetched(Serving(lambda: work), f"sound/{entry}")) == 44 + 3 * RATE * 2


async def test_a_memo_of_one_segment_is_served_as_it_is(work: Workspace) -> None:
    entry = await recorded(work, 0.5)
    (attachment,) = (work.store.state.get(entry) or {})["attachments"]
    sha256 = (work.store.state.get(attachment) or {})["sha256"]
    serving = Serving(lambda: work)
    assert await fetched(serving, f"sound/{entry}") == await fetched(serving, f"file/{sha256}")


async def test_a_recording_that_was_cut_off_plays_from_its_repaired_copy(work: Workspace) -> None:
    pcm = tone(4000)
    entry, sha256 = await filed(work, "New Recording.wav", unfinished_by_iphone(pcm))
    serving = Serving(lambda: work)
    assert (await fetched(serving, f"sound/{entry}")).endswith(b"data" + (8000).to_bytes(4, "little") + pcm)
    assert await fetched(serving, f"file/{sha256}") == unfinished_by_iphone(pcm)
    await work.vault.disk.remove(derived_path(work.vault, sha256, "repaired.wav"))
    assert (await fetched(serving, f"sound/{entry}"))[44:] == pcm


async def test_recordings_of_other_kinds_are_not_glued_together(work: Workspace) -> None:
    one, _ = await filed(work, "a.wav", riff(tone(500)))
    two, _ = await filed(work, "b.wav", riff(tone(500, 2), rate=44_100))
    names = [(work.store.state.get(entry) or {})["attachments"][0] for entry in (one, two)]
    both, ops = Capture(work).draft("", Chips(kind="voice"))
    await work.save([*ops, work.op(replace(both, attachments=tuple(names)))])
    with pytest.raises(NotUnderstood):
        await Serving(lambda: work).open(f"sound/{both.id}")


@given(
    st.lists(st.tuples(st.binary(max_size=9), st.binary(max_size=20), st.binary(max_size=3)), max_size=5),
    st.data(),
)
def test_any_slice_of_any_parts_is_what_they_are_together(
    cut: list[tuple[bytes, bytes, bytes]], data: st.DataObject
) -> None:
    parts = [
        Part(name="x", readable=Held(b"??" + inside + b"!"), before=before, at=2, count=len(inside), after=after)
        for before, inside, after in cut
    ]
    whole = b"".join(b"".join(part) for part in cut)
    served = Served(parts, "audio/wav", "x")
    assert served.size == len(whole)
    at, count = data.draw(st.integers(0, len(whole) + 2)), data.draw(st.integers(0, len(whole) + 2))
    assert served.read(at, count) == whole[at : at + count]
