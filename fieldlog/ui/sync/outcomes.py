"""What places and meetings look like in words: pure, without Flet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from fieldlog.model.errors import Cancelled
from fieldlog.services.sync.places.meetings import Going
from fieldlog.services.sync.places.outcome import Cure, Ended, ReadBack, cure_of
from fieldlog.services.sync.places.places import Place
from fieldlog.ui.sync.views import StandingRow
from fieldlog.ui.words.times import bytes_words, moment_words
from fieldlog.ui.words.words import Words, later

if TYPE_CHECKING:
    from fieldlog.services.sync.exchange import Foreseen

MOST_REASONS = 4
SOON_SECONDS = 2.0
ICONS = {"folder": "folder", "hub": "laptop"}
STEPS = {
    "read": later("Fetch"), "wait": later("Leave for now"), "put": later("Send"), "remove": later("Remove there"),
}  # fmt: skip
STEPS_SAID = {
    "words": later("Words first: {done} of {total}"),
    "originals": later("The words are there · {done} of {total} with photos and sound"),
    "archive": later("Everything is exchanged. The archive follows."),
    "reading": later("Read back: {done} of {total}"),
}


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A place of this device. `ended` says how the last meeting ended, `cure` what helps; `standing` is
    what it has proven, None for nothing. `where` says where it is; `by_file` that no way leads to it but a
    file."""

    address: str
    where: str
    icon: str
    name: str
    told: str
    met: bool
    ended: tuple[str, ...]
    wrong: bool
    cure: Cure
    by_file: bool
    standing: StandingRow | None


@dataclass(frozen=True, kw_only=True)
class MeetingRow:
    """The meeting under way. `share` is how much of it is done, None while that can't be told."""

    address: str
    title: str
    share: float | None
    told: str


def standing_of(address: str) -> str:
    """The id under which proof knows a place."""
    return sha256(address.encode()).hexdigest()[:16]


def place_row(
    place: Place, ended: Ended | None, standing: StandingRow | None, zone: str, words: Words,
    *, where: Sequence[str] = (),
) -> PlaceRow:  # fmt: skip
    said = words("never exchanged")
    if place.met:
        said = words("last exchanged {when}", when=moment_words(place.met, zone, words))
    wrong = isinstance(ended, Exception) and not isinstance(ended, Cancelled)
    return PlaceRow(
        address=place.address, where=next(iter(where), ""), icon=ICONS.get(place.kind, "server"), name=place.name,
        told=said, met=place.met is not None, ended=ended_words(ended, words), wrong=wrong, cure=cure_of(ended),
        by_file=place.kind == "hub" and wrong and cure_of(ended) == "again", standing=standing,
    )  # fmt: skip


def ended_words(ended: Ended | None, words: Words) -> tuple[str, ...]:
    """How a meeting ended, a sentence each."""
    if ended is None:
        return ()
    if isinstance(ended, Cancelled):
        return (words("Stopped. What was exchanged by then stays; it goes on from there."),)
    if isinstance(ended, Exception):
        return (words.told(ended),)
    if isinstance(ended, ReadBack):
        return (words("Everything was read back, here and there."), *map(words.told, ended.faults))
    done = ended.done
    come, gone = _counted(done.lines_in, done.media_in, words), _counted(done.lines_out, done.media_out, words)
    said = [words("In: {come}. Out: {gone}.", come=come, gone=gone), *map(words.told, done.told)]
    if done.idle or not (done.lines_in or done.lines_out or done.media_in or done.media_out):
        said[0] = words("Nothing was new on either side.")
    if done.waiting:
        said.append(words.many("{n} file is still on its way.", "{n} files are still on their way.", done.waiting))
    if done.set_aside:
        said.append(words.many(
            "{n} file there is not ours and was left alone.", "{n} files there are not ours and were left alone.",
            len(done.set_aside),
        ))  # fmt: skip
    if ended.written and ended.written.days_written:
        said.append(words.many(
            "The archive followed: {n} day written.", "The archive followed: {n} days written.",
            len(ended.written.days_written),
        ))  # fmt: skip
    return (*said, *map(words.told, done.problems))


def meeting_row(going: Going, name: str, words: Words) -> MeetingRow | None:
    """To the stick: words are there · 23.4 of 38.2 MB of photos and sound, 9 s."""
    if not going.address:
        return None
    done, total = bytes_words(going.done), bytes_words(going.total)
    said = words(STEPS_SAID[going.step], done=done, total=total) if going.total else words("Looking")
    if (left := seconds_left(going)) is not None:
        said = f"{said} · {words('{time} left', time=_length(left, words))}"
    return MeetingRow(
        address=going.address, title=words("With {place}", place=name), told=said,
        share=going.done / going.total if going.total else None,
    )  # fmt: skip


def seconds_left(going: Going) -> float | None:
    """By how fast it was until now; None before that can be told."""
    if going.seconds < SOON_SECONDS or not 0 < going.done < going.total:
        return None
    return (going.total - going.done) * going.seconds / going.done


def _length(seconds: float, words: Words) -> str:
    if seconds < 60:
        return words("{n} s", n=max(1, round(seconds)))
    minutes = round(seconds / 60)
    return words("{n} min", n=minutes) if minutes < 60 else words("{n} h", n=round(minutes / 60))


def _counted(lines: int, files: int, words: Words) -> str:
    """3 changes, 1 file; nothing."""
    said = [words.many("{n} change", "{n} changes", lines)] if lines else []
    said += [words.many("{n} file", "{n} files", files)] if files else []
    return words(", ").join(said) or words("nothing")


# -- before it is exchanged with


def foreseen_words(found: Foreseen, words: Words) -> tuple[str, ...]:
    """How many changes and originals would go out and come in, and why anything else is to be done."""
    out = sum(one.segment.last - one.segment.first + 1 for one in found.steps if one.kind == "put")
    come = sum(one.segment.last - one.segment.first + 1 for one in found.steps if one.kind == "read")
    said = [
        words("Goes out: {what}", what=_counted(out, found.media_out, words)),
        words("Comes in: {what}", what=_counted(come, found.media_in, words)),
    ]
    why = Counter((one.kind, words.told(one.why)) for one in found.steps)
    said += [
        words.many("{what}, {n} piece: {why}", "{what}, {n} pieces: {why}", n, what=words(STEPS[kind]), why=reason)
        for (kind, reason), n in why.most_common(MOST_REASONS)
    ]
    return tuple(said)
