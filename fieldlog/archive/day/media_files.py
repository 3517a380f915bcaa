"""Which files a day's attachments become."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from fieldlog.archive.day.content import DayContent, moment_of
from fieldlog.archive.names import FOLDERS, media_name
from fieldlog.model.entry import Attachment
from fieldlog.model.moment import from_ms, unix_ms
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.production_day import occurred

Doc = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class MediaFile:
    """A file below a day's folder. Several `pieces` are a memo's segments, joined into one WAV.

    `entry` is the first entry that names it, None for a loose attachment.
    """

    path: str
    kind: str
    pieces: tuple[Attachment, ...]
    entry: Doc | None = None

    @property
    def sha256(self) -> str | None:
        """What its bytes must hash to; not known beforehand for a joined memo."""
        return self.pieces[0].sha256 if len(self.pieces) == 1 else None

    @property
    def bytes(self) -> int | None:
        return self.pieces[0].bytes if len(self.pieces) == 1 else None

    @property
    def seconds(self) -> float | None:
        known = [_seconds(piece) for piece in self.pieces]
        return sum(part for part in known if part) if any(known) else None

    def listed(self) -> dict[str, Any]:
        """How the day's JSON tells which attachments are in the file."""
        names = ("id", "sha256", "bytes", "frames", "rate", "channels")
        pieces = [{name: getattr(piece, name) for name in names} for piece in self.pieces]
        return {
            "path": self.path,
            "pieces": [{name: value for name, value in piece.items() if value is not None} for piece in pieces],
        }


class Media(Protocol):
    """Where the bytes come from."""

    def chunks(self, pieces: tuple[Attachment, ...]) -> AsyncIterator[bytes]:
        """The bytes of one piece as they are, of several joined into one WAV. Raises `MissingFile`."""
        ...


def media_files(content: DayContent) -> list[MediaFile]:
    """The day's files in order of time, each attachment once; one whose bytes are not known has none.

    The running number counts the files of a kind on that day.
    """
    clock = ProductionClock(content.date, content.zone)
    owners: list[tuple[int, str, Doc | None, tuple[str, ...]]] = [
        (unix_ms(occurred(entry)), entry["id"], entry, tuple(entry["attachments"]))
        for entry in content.entries
        if entry.get("attachments")
    ]
    owners += [
        (unix_ms(moment_of(content.attachments[name], content)), name, None, (name,)) for name in content.loose
    ]
    found: list[MediaFile] = []
    counts = dict.fromkeys(FOLDERS, 0)
    seen: set[str] = set()
    for ms, _, entry, names in sorted(owners, key=lambda owner: owner[:2]):
        at = clock.local(from_ms(ms, "UTC")).strftime("%H%M%S")
        fresh = [name for name in dict.fromkeys(names) if name in content.attachments and name not in seen]
        for pieces in _files_of([Attachment.of(content.attachments[name]) for name in fresh]):
            seen.update(piece.id for piece in pieces)
            kind = pieces[0].kind if pieces[0].kind in FOLDERS else "document"
            counts[kind] += 1
            ending = "wav" if len(pieces) > 1 else pieces[0].extension
            path = media_name(content.root, at, kind, counts[kind], ending)
            found.append(MediaFile(path=path, kind=kind, pieces=pieces, entry=entry))
    return found


def paths_by_attachment(files: list[MediaFile]) -> dict[str, str]:
    return dict(chain.from_iterable(((piece.id, file.path) for piece in file.pieces) for file in files))


def _files_of(attachments: list[Attachment]) -> list[tuple[Attachment, ...]]:
    """Segments that follow each other are one file; a segment of other sound, or without bytes, ends it."""
    groups: list[list[Attachment]] = []
    before: Attachment | None = None
    for found in attachments:
        if found.sha256 and before and _goes_on(before, found):
            groups[-1].append(found)
        elif found.sha256:
            groups.append([found])
        before = found
    return [tuple(group) for group in groups]


def _goes_on(before: Attachment, after: Attachment) -> bool:
    both = before.kind == after.kind == "audio" and bool(before.sha256 and before.frames and after.frames)
    return both and (before.rate, before.channels) == (after.rate, after.channels)


def _seconds(piece: Attachment) -> float | None:
    if piece.duration is not None:
        return piece.duration
    return piece.frames / piece.rate if piece.frames and piece.rate else None
