"""The proof of an erasing: that it is done, and where it may still lie, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from zoneinfo import ZoneInfo

from fieldlog.services.erase.elsewhere import Elsewhere
from fieldlog.services.erase.erase import Erased
from fieldlog.ui.words.times import bytes_words, clock_of, date_words
from fieldlog.ui.words.words import LANGUAGES, Words, later

DONE = {
    "asked-to": later("Erased at {time}, as asked."),
    "by-mistake": later("Erased at {time}; it was there by mistake."),
    "not-agreed": later("Erased at {time}; it was not agreed to."),
}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is shown to the person standing there: each sentence in the reader's language, then in the other.

    `places` are the copies that may still hold it, as they are called; `archive` the folder of one that does.
    """

    said: tuple[str, ...]
    beyond: tuple[str, ...]
    places: tuple[str, ...]
    archive: str
    counted: str


def proof_of(erased: Erased, found: Elsewhere, zone: str, words: Words) -> Proof:
    """What is shown of an erasure: the reader's language first."""
    both = [words, *(Words(one) for one in LANGUAGES if one != words.language)]
    return Proof(
        said=tuple(_said(erased, zone, one) for one in both),
        beyond=tuple(_beyond(found, one) for one in both),
        places=tuple(
            f"{PurePath(one.path).name} · {date_words(f'{one.at.astimezone(ZoneInfo(zone)):%Y-%m-%d}', words)}"
            for one in found.copies
        ),
        archive="\n".join(found.archives),
        counted=words.many("{n} file, {size}", "{n} files, {size}", erased.files, size=bytes_words(erased.bytes))
        if erased.files
        else "",
    )


def _said(erased: Erased, zone: str, words: Words) -> str:
    time = f"{erased.at.astimezone(ZoneInfo(zone)):%H:%M}"
    left = words("Nothing of it is left on this device.")
    if erased.seconds:
        start, end = map(clock_of, erased.seconds)
        left = words("From {start} to {end} there is silence; nothing of that part is left on this device.",
                     start=start, end=end)  # fmt: skip
    return f"{words(DONE[erased.reason], time=time)}{'' if words.chinese else ' '}{left}"


def _beyond(found: Elsewhere, words: Words) -> str:
    parts = list[str]()
    if found.copies:
        parts.append(words("Backups made before can't be reached from here; whoever keeps them must delete them."))
    if found.archives:
        parts.append(words.many(
            "The archive holds it until it is written again.",
            "{n} archives hold it until they are written again.", len(found.archives),
        ))  # fmt: skip
    if not parts:
        parts.append(words("This device knows of no backup and no archive that holds it."))
    return ("" if words.chinese else " ").join(parts)
