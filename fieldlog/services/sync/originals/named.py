"""Which originals are named, and those that were erased, which go from the target."""

from __future__ import annotations

from collections.abc import Mapping

from fieldlog.model import gate
from fieldlog.model.records import StoredFile, id_of, original_of
from fieldlog.model.standing import erased, stamp_of
from fieldlog.model.state import ASIDE
from fieldlog.services.study.erase_promise import INCOMING
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.remembered import Original
from fieldlog.services.sync.run import Run, go_on
from fieldlog.sync.layout import MEDIA, media_name, media_names


def named_originals(work: Workspace) -> dict[str, Original]:
    """Every original that attachments name, by its sha256: those that nobody sees any more, too."""
    found: dict[str, Original] = {}
    tables = work.store.state.tables
    for doc in (doc for name in ("attachments", f"{ASIDE}attachment") for doc in tables.get(name, {}).values()):
        file, sha256 = StoredFile.of(doc), original_of(doc)
        size: object = file.bytes  # of what is set aside it may be anything
        if sha256 is None or gate.sha256(sha256) is not None:
            continue
        told = Original(
            extension=str(file.extension), bytes=size if type(size) is int and size > 0 else 0,
            records=[id_of(doc)],
        )  # fmt: skip
        one = found.setdefault(sha256, told)
        if one is not told:
            # What it is called must not depend on which record came first.
            one.extension, one.bytes = min(one.extension, told.extension), max(one.bytes, told.bytes)
            one.records = sorted({*one.records, *told.records})
    return found


def remember_named(run: Run) -> None:
    """Take note of what is named, before any of it goes out."""
    media = run.memory.media
    for sha256, one in named_originals(run.work).items():
        known = media.get(sha256)
        if known:
            one.bytes = one.bytes or known.bytes
            one.records = sorted({*one.records, *known.records})
            one.there = known.there and known.extension == one.extension
        one.begun = known.begun if known else run.unsure or not _made_here(run.work, one)
        media[sha256] = one


def _made_here(work: Workspace, one: Original) -> bool:
    """Whether this device made a record of it: nobody else can have sent it before."""
    own, raw = tuple(work.device.writers[work.store.project].values()), work.store.state.raw
    return any(stamp_of(doc).endswith(own) for record in one.records if (doc := raw(record)))


async def remove_erased(run: Run) -> None:
    """Remove the originals of which every record was erased. That one is gone is never taken for that."""
    raw, named = run.work.store.state.raw, named_originals(run.work)
    for sha256, one in list(run.memory.media.items()):
        if sha256 in named or not one.records or not all(erased(raw(record) or {}) for record in one.records):
            continue
        go_on(run.cancelled)
        for name in media_names(media_name(sha256, one.extension), one.bytes):
            await run.target.remove(name)
            run.memory.damaged.discard(name)
        # A folder lets go what was left half written there.
        await run.target.list(f"{MEDIA}/{sha256[:2]}")
        await run.work.store.disk.remove(f"{INCOMING}/{sha256}")
        del run.memory.media[sha256]
        run.done.removed += 1
        await run.memory.keep()


async def sweep_incoming(work: Workspace, media: Mapping[str, Original]) -> None:
    """Remove what was fetched in part and is named by nothing any more."""
    for found in await work.store.disk.list(INCOMING):
        if found.name not in media:
            await work.store.disk.remove(f"{INCOMING}/{found.name}")
