"""Sketches: lines drawn on a copy of a photo, or on an empty page. The photo itself is never touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.photo.strokes import strokes_of, svg_of
from fieldlog.media.reading import pieces
from fieldlog.model.entry import Attachment, Entry, lane_of
from fieldlog.model.errors import MissingFile, NotFound, NotUnderstood
from fieldlog.model.fold import seen_items
from fieldlog.model.op import Op
from fieldlog.model.records import StoredEntry, StoredFile, V
from fieldlog.model.sentence import Sentence
from fieldlog.model.stroke import Stroke
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

PAGE = (1600, 1200)
"""An empty page, in pixels."""

STROKES = "strokes"
"""Under this name a copy's `extra` says which file of strokes it shows."""

Size = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of an entry. `width` and `height` are upright pixels, 0 where they are not known.

    `drawn` says that this was drawn by hand; `drawn_on` is the id of the photo it was drawn on, if any.
    `position` is (latitude, longitude) in degrees where the photo tells.
    """

    id: str
    sha256: str
    width: int
    height: int
    drawn: bool = False
    drawn_on: str = ""
    position: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Strokes that no picture on this device shows. `under` is the sha256 of the photo they lie on, "" a page."""

    id: str
    strokes: tuple[Stroke, ...]
    size: Size
    under: str = ""


class Sketching:
    """Keeps what was drawn, in an open study."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    async def mark(self, entry: str, photo: str, strokes: Sequence[Stroke], size: Size) -> Done[tuple[str, ...]]:
        """Keep strokes drawn over a photo, beside it in its entry: as a file of strokes and, where this device
        can draw, as a copy of the photo with them on it. `size` is what they were drawn in, upright pixels.

        `made` is the ids of what is new; taken back, they are out of the entry, and their files stay in the log.
        Raises `NotFound`, `MissingFile`, `NotUnderstood`.
        """
        stored, original = self._seen(StoredEntry, entry), self._seen(StoredFile, photo)
        data = await self._bytes(str(original.sha256))
        made = await self._made(data, strokes, size, photo)
        lane = lane_of(stored.note_type)
        ids = tuple(one.id for one in made)
        adding = self._work.change("add", "entry", entry, {"attachments": list(ids)}, lane=lane)
        await self._work.save([*(self._work.op(one, lane=lane) for one in made), adding], lane=lane)
        said = Sentence("Kept beside the photo, which stays as it is.")
        return Done(made=ids, said=said, back=lambda: self._take_out(entry, ids))

    async def page(
        self, capture: Capture, strokes: Sequence[Stroke], size: Size = PAGE, chips: Chips | None = None
    ) -> Done[Entry]:  # fmt: skip
        """Keep strokes drawn on an empty page as an entry of this moment. Raises `NotUnderstood`."""
        made = await self._made(None, strokes, size, None)
        entry, ops = capture.draft("", chips or Chips())
        entry = replace(entry, attachments=tuple(one.id for one in made))
        lane = lane_of(entry.note_type)
        await self._work.save([*ops, *(self._work.op(one, lane=lane) for one in (*made, entry))], lane=lane)
        said, editing = Sentence("Sketch kept."), Editing(self._work)
        return Done(made=entry, said=said, back=lambda: editing.remove(entry.id))

    async def _take_out(self, entry: str, ids: Sequence[str]) -> None:
        stored = self._seen(StoredEntry, entry)
        lane, seen = lane_of(stored.note_type), seen_items(stored.doc, "attachments", ids)
        ops: list[Op] = [
            self._work.change("del", "entry", entry, {"attachments": list(ids)}, {"attachments": seen}, lane=lane)
        ]
        await self._work.save(ops, lane=lane)

    async def drawings(self, entry: str) -> list[Drawing]:
        """Strokes of an entry that have no copy drawn of them: those made where nothing could draw one."""
        files = _files(self._work, self._seen(StoredEntry, entry))
        shown_as = {one.extra.get(STROKES) for one in files}
        found = []
        for one in files:
            if one.kind == "sketch" and one.id not in shown_as:
                try:
                    strokes, size = strokes_of(await self._bytes(str(one.sha256)))
                except (MissingFile, NotUnderstood):
                    continue
                photo = self._work.store.state.read(StoredFile, one.derived_from)
                under = photo.sha256 if photo else None
                found.append(Drawing(id=one.id, strokes=strokes, size=size, under=under or ""))
        return found

    async def _made(
        self, data: bytes | None, strokes: Sequence[Stroke], size: Size, photo: str | None
    ) -> list[Attachment]:  # fmt: skip
        """The records of both files, which are in the vault then. The copy, if any, comes first."""
        if not strokes:
            raise NotUnderstood("Nothing is drawn yet.")
        svg = await self._work.vault.keep(Bytes(name="sketch.svg", data=svg_of(strokes, size)))
        lines = Attachment(
            id=self._work.machine.new_id(), kind="sketch", sha256=svg.sha256, bytes=svg.bytes,
            mime="image/svg+xml", extension="svg", name="sketch.svg", width=size[0], height=size[1],
            derived_from=photo,
        )  # fmt: skip
        eye = find_eye()
        if eye is None:
            return [lines]
        try:
            jpeg = await self._work.machine.offload(eye.drawn, data, tuple(strokes), size)
        except NotUnderstood:
            return [lines]
        kept = await self._work.vault.keep(Bytes(name="sketch.jpg", data=jpeg))
        facts = eye.read_facts(jpeg)
        copy = Attachment(
            id=self._work.machine.new_id(), kind="photo", sha256=kept.sha256, bytes=kept.bytes,
            mime="image/jpeg", extension=kept.extension, name="sketch.jpg", width=facts.width,
            height=facts.height, derived_from=photo, extra={STROKES: lines.id},
        )  # fmt: skip
        return [copy, lines]

    async def _bytes(self, sha256: str) -> bytes:
        handle = await self._work.vault.open(sha256)
        try:
            return b"".join(pieces(handle))
        finally:
            handle.close()

    def _seen(self, kind: type[V], record: str) -> V:
        stored = self._work.store.state.read(kind, record)
        if stored is None or not stored.shown:
            raise NotFound(StoredEntry.gone)
        return stored


def pictures_of(work: Workspace, entry: str) -> list[Picture]:
    """The pictures of an entry whose files are known, in their order."""
    stored = work.store.state.read(StoredEntry, entry)
    if stored is None:
        return []
    return [
        Picture(
            id=one.id, sha256=one.sha256, width=one.width or 0, height=one.height or 0,
            drawn=STROKES in one.extra, drawn_on=one.derived_from or "",
            position=(one.lat, one.lon) if one.lat is not None and one.lon is not None else None,
        )
        for one in _files(work, stored)
        if one.kind == "photo" and one.sha256
    ]  # fmt: skip


def _files(work: Workspace, entry: StoredEntry) -> list[StoredFile]:
    found = (work.store.state.read(StoredFile, one) for one in entry.attachments)
    return [one for one in found if one is not None and one.shown]
