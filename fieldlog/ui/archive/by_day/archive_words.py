"""What is said of an archive that was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.words.words import Words

if TYPE_CHECKING:
    from fieldlog.services.archive.write import Archived


async def tell_archived(long: LongWork, words: Words, written: Archived, folder: str) -> None:
    """What was written into a folder, and what is not as it should be."""
    if not written.finished:
        long.say(words("Stopped. What was written stays; writing again goes on from there."))
        return
    said = words.many(
        "{n} day written, {kept} unchanged. It lies in {folder}",
        "{n} days written, {kept} unchanged. It lies in {folder}",
        len(written.days_written),
        kept=len(written.kept_days),
        folder=folder,
    )
    await long.noted()
    long.say(said, problem_words(words, written))


def problem_words(words: Words, written: Archived) -> list[str]:
    """Files that are not ours, files whose bytes are not here, and what else is wrong; each by its name."""
    foreign = [words("Not ours, left alone: {path}", path=one) for one in written.foreign]
    lacking = [
        words("Its bytes are not whole in this store: {path}", path=one)
        for one in (*written.missing, *written.damaged)
    ]
    return [*foreign, *lacking, *written.problems]
