"""What a browser may fetch of the open study: pictures, recordings and originals, read anywhere.

    thumb/<sha256>      at most 320 px, a JPEG; made now where it was not yet
    preview/<sha256>    at most 1600 px
    file/<sha256>       the original, as it is
    sound/<entry id>    the sound of an entry as one file, a memo's segments joined
    wave/<entry id>     its waveform, a PNG of white bars

Only what an entry names that a person sees, not removed and not erased, is served.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from fieldlog.media.derived import Derivative, derived_path, make_for, read_derived
from fieldlog.media.intake import look
from fieldlog.media.kinds import WAV, Sniffed, sniff
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.reading import Held, Part, Readable, head_of, tail_of
from fieldlog.media.sound import waveform
from fieldlog.media.sound.peaks import PEAKS_PER_SECOND
from fieldlog.media.sound.wav import joined_header, read_plan
from fieldlog.model.errors import FieldLogError, MissingFile, NotFound, NotUnderstood
from fieldlog.model.ports import Handle
from fieldlog.model.records import StoredEntry, StoredFile, files_of, original_of
from fieldlog.model.sentence import sentence
from fieldlog.model.standing import shown
from fieldlog.model.state import Change
from fieldlog.services.study.workspace import Workspace

_PICTURES: Mapping[str, Derivative] = {"thumb": "thumb.jpg", "preview": "preview.jpg"}
_TEXTS = frozenset({"utf-8", "utf-16", "gb18030"})
_NONE = sentence("There is no such picture, recording or file in this study.")


class Served:
    """Bytes to be sent, read at any place until they are closed.

    `mime` is told by the content, `name` is what a person would save it as. `original` says that these are
    the bytes somebody brought in, whatever they are.
    """

    def __init__(
        self, parts: Sequence[Part], mime: str, name: str, *, handles: Sequence[Handle] = (),
        original: bool = False,
    ) -> None:  # fmt: skip
        stretches = [stretch for part in parts for stretch in _stretches(part)]
        self._sources = [readable for readable, _, _ in stretches]
        self._places = [at for _, at, _ in stretches]
        self._starts = [0, *accumulate(count for _, _, count in stretches)]
        self._handles = handles
        self.mime, self.name, self.original = mime, name, original

    @property
    def size(self) -> int:
        return self._starts[-1]

    def read(self, at: int, count: int) -> bytes:
        """The bytes from `at`; fewer than `count` only at the end."""
        at, end = max(0, at), min(at + count, self.size)
        found = bytearray()
        while at < end:
            here = bisect_right(self._starts, at) - 1
            inside = at - self._starts[here]
            wanted = min(end, self._starts[here + 1]) - at
            piece = self._sources[here].read(self._places[here] + inside, wanted)
            if len(piece) < wanted:
                raise MissingFile(self.name)
            found += piece
            at += wanted
        return bytes(found)

    def close(self) -> None:
        for handle in self._handles:
            handle.close()


def _stretches(part: Part) -> list[tuple[Readable, int, int]]:
    """(where to read, from which byte, how many) of a part, without empty ones."""
    count = part.readable.size() - part.at if part.count is None else part.count
    all_three = [
        (Held(part.before), 0, len(part.before)), (part.readable, part.at, count),
        (Held(part.after), 0, len(part.after)),
    ]  # fmt: skip
    return [stretch for stretch in all_three if stretch[2] > 0]


class Serving:
    """Finds what a path names in the study that is open at that moment; `study` gives it."""

    def __init__(self, study: Callable[[], Workspace | None]) -> None:
        self._study = study
        self._making = asyncio.Lock()
        self._refused: set[str] = set()
        self._of: Workspace | None = None
        self._named: dict[str, StoredFile] | None = None

    @property
    def ready(self) -> bool:
        """Whether a study is open here."""
        return self._study() is not None

    async def open(self, path: str) -> Served:
        """What a path names, to be closed after use.

        Raises `NotFound` for what may not be served or can't be shown, `MissingFile` where its bytes are not
        on this device, `NotUnderstood` for recordings that can't be joined.
        """
        work = self._study()
        kind, _, what = path.partition("/")
        if work is None or not what:
            raise NotFound(_NONE)
        if kind == "sound":
            return await self._sound(work, what)
        if kind == "wave":
            return await self._wave(work, what)
        attachment = self._attachment(work, what)
        if kind == "file":
            return await _original(work, attachment)
        if kind in _PICTURES:
            return await self._picture(work, what, _PICTURES[kind])
        raise NotFound(_NONE)

    def _attachment(self, work: Workspace, sha256: str) -> StoredFile:
        """The attachment of this hash that an entry in sight names."""
        if self._of is not work:
            self._of = work
            self._forget()
            work.store.listeners.append(self._forget)
        if self._named is None:
            state = work.store.state
            named = (state.get(one) for entry in state.entries() for one in files_of(entry))
            seen = ((original_of(doc), doc) for doc in named if doc and shown(doc))
            self._named = {one: StoredFile.of(doc) for one, doc in seen if one}
        found = self._named.get(sha256)
        if found is None:
            raise NotFound(_NONE)
        return found

    def _forget(self, _: Change | None = None) -> None:
        self._named = None

    async def _picture(self, work: Workspace, sha256: str, name: Derivative) -> Served:
        data = await self._derived(work, sha256, name)
        return Served([Part(name=name, readable=Held(data))], "image/jpeg", f"{sha256[:8]}-{name}")

    async def _derived(self, work: Workspace, sha256: str, name: Derivative) -> bytes:
        """What was derived from a file; where the app was stopped before it was, it is made now."""
        try:
            return await read_derived(work.vault, sha256, name)
        except MissingFile:
            await self._make(work, sha256, name)
            return await read_derived(work.vault, sha256, name)

    async def _make(self, work: Workspace, sha256: str, name: Derivative) -> None:
        """Make what can be derived from a file. Raises `NotFound` where this can't; it is tried once."""
        async with self._making:
            if sha256 not in self._refused:
                eye, offload = find_eye(), work.machine.offload
                examined = await look(work.vault, sha256, sha256, eye=eye, offload=offload)
                if name in await make_for(work.vault, sha256, examined, eye=eye, offload=offload):
                    return
                self._refused.add(sha256)
        raise NotFound("This file can't be shown as a picture here. Its bytes are kept as they are.")

    async def _wave(self, work: Workspace, entry: str) -> Served:
        """The peaks of all pieces as one picture; a flat line where a recording has none."""
        peaks = list[bytes]()
        for piece in _sounds(work, entry):
            try:
                peaks.append(await self._derived(work, str(piece.sha256), "peaks.bin"))
            except (MissingFile, NotFound):
                peaks.append(bytes(round((piece.duration or 1) * PEAKS_PER_SECOND)))
        data = await work.machine.offload(waveform.picture, waveform.bars(peaks))
        return Served([Part(name="wave.png", readable=Held(data))], "image/png", f"{entry[:8]}.png")

    async def _sound(self, work: Workspace, entry: str) -> Served:
        sounds = _sounds(work, entry)
        if len(sounds) > 1:
            return await _joined(work, entry, sounds)
        return await self._playable(work, sounds[0])

    async def _playable(self, work: Workspace, sound: StoredFile) -> Served:
        """One recording: its repaired copy where its header is broken, else the original."""
        served = await _original(work, sound)
        if served.mime != WAV.mime or not _is_broken(served):
            return served
        served.close()
        sha256, name = str(sound.sha256), "repaired.wav"
        path = derived_path(work.vault, sha256, "repaired.wav")
        if await work.vault.disk.size(path) is None:
            try:
                await self._make(work, sha256, "repaired.wav")
            except NotFound:
                return await _original(work, sound)
        handle = await work.vault.open_derived(sha256, "repaired.wav")
        return Served([Part(name=name, readable=handle)], WAV.mime, f"{sha256[:8]}-{name}", handles=[handle])


def _sounds(work: Workspace, entry: str) -> list[StoredFile]:
    """The recordings of an entry in sight, in their order. Raises `NotFound`."""
    state = work.store.state
    stored = state.read(StoredEntry, entry)
    if stored is None or not stored.shown or state.date(entry) is None:
        raise NotFound(_NONE)
    files = [file for one in stored.attachments if (file := state.read(StoredFile, one)) and file.shown]
    sounds = [file for file in files if file.kind == "audio"]
    if not sounds:
        raise NotFound("This entry holds no sound.")
    return sounds


def _is_broken(served: Served) -> bool:
    """Whether a player would stumble over this WAV."""
    try:
        return bool(read_plan(_Sized(served)).faults)
    except NotUnderstood:
        return True


class _Sized:
    """What is served, as `read_plan` reads it."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def size(self) -> int:
        return self._served.size

    def read(self, at: int, count: int) -> bytes:
        return self._served.read(at, count)


async def _original(work: Workspace, attachment: StoredFile) -> Served:
    """The file as it is. What it is called and what it is come from its content, not from who sent it."""
    sha256 = str(attachment.sha256)
    handle = await work.vault.open(sha256)
    try:
        name = attachment.name or sha256[:8]
        sniffed = sniff(head_of(handle), handle.size(), tail=tail_of(handle), name=name)
    except BaseException:
        handle.close()
        raise
    if not name.lower().endswith(f".{sniffed.extension}"):
        name = f"{name}.{sniffed.extension}"
    part = Part(name=name, readable=handle)
    return Served([part], _content_type(sniffed), name, handles=[handle], original=True)


def _content_type(sniffed: Sniffed) -> str:
    return f"{sniffed.mime}; charset={sniffed.charset}" if sniffed.charset in _TEXTS else sniffed.mime


async def _joined(work: Workspace, entry: str, sounds: Sequence[StoredFile]) -> Served:
    """A memo's segments as one WAV, byte for byte the one an archive holds.

    Two segments of exact silence are one file, which may be open once only.
    """
    files = dict[str, Handle]()
    try:
        for sound in sounds:
            if (sha256 := str(sound.sha256)) not in files:
                files[sha256] = await work.vault.open(sha256)
        handles = [files[str(sound.sha256)] for sound in sounds]
        plans = [read_plan(handle) for handle in handles]
        name = f"{entry[:8]}.wav"
        parts = [Part(name=name, readable=Held(joined_header(plans)))]
        for handle, plan in zip(handles, plans, strict=True):
            parts.append(Part(name=name, readable=handle, at=plan.data_at, count=plan.data_bytes))
    except FieldLogError:
        for handle in files.values():
            handle.close()
        raise
    return Served(parts, WAV.mime, name, handles=list(files.values()))
