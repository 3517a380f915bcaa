"""Originals go both ways, small ones before large ones."""

from __future__ import annotations

from contextlib import suppress

from fieldlog.model.errors import NotSaved
from fieldlog.services.held.freed import let_be, settle_freed
from fieldlog.services.machine.long_work import Asked, apart, several
from fieldlog.services.sync.originals.coming import fetch
from fieldlog.services.sync.originals.going import send
from fieldlog.services.sync.originals.named import named_originals
from fieldlog.services.sync.run import Run


async def exchange_originals(run: Run) -> None:
    """Put what is here and not there, fetch what is there and not here."""
    work, media = run.work, run.memory.media

    async def verb(asked: Asked) -> None:
        here = {one.sha256: one for one in await apart(work.machine.offload, work.vault.all)}
        named = named_originals(work)
        out = [here[sha256] for sha256 in media if sha256 in named and sha256 in here and not media[sha256].there]
        await settle_freed(work, here.keys(), named.keys())
        freed = await let_be(work)
        wanted = [sha256 for sha256 in media if sha256 in named and sha256 not in here and sha256 not in freed]
        run.total += sum(one.bytes for one in out) + sum(media[sha256].bytes for sha256 in wanted)
        run.done.waiting = 0
        try:
            await several(sorted(out, key=lambda one: (one.bytes, one.sha256)), lambda one: send(run, one, asked))
            await several(sorted(wanted, key=lambda one: (media[one].bytes, one)),
                          lambda sha256: fetch(run, sha256, asked), 3)  # fmt: skip
            await settle_freed(work, {sha256 for sha256 in wanted if media[sha256].there}, named.keys())
        finally:
            with suppress(NotSaved):
                await run.memory.keep()

    await run.writing(verb)
