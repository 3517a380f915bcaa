"""What is lost, and what is missing, by day and entry: sentences for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from fieldlog.model.production_day import occurred
from fieldlog.model.records import StoredEntry, StoredFile
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.state import State
from fieldlog.services.rows.days import code_of
from fieldlog.store.passing import Lost

LINE = sentence("Line {first} of journal {writer} is damaged or missing; what it said is lost.")
LINES = sentence("Lines {first} to {last} of journal {writer} are damaged or missing; what they said is lost.")
OF_ENTRY = sentence("What was lost spoke of {entry}.")
FILLED = sentence("What was lost spoke of {entry}; what the archive's own day still says of it was filled in.")
ENTRY = sentence("the entry of {day}, {time} “{text}”")
NAMELESS = sentence("the entry of {day}, {time}")
NO_ENTRY = sentence("no entry that is here")
MISSING = sentence("The file {name} is not in this store: {entry} names it.")
SPOILT = sentence("The file {name} is not what it was any more and was left out: {entry} names it.")
TEXT_LENGTH = 40


def lost_words(state: State, lost: Iterable[Lost], filled: Collection[str] = ()) -> list[str]:
    """A sentence for each stretch of lines, and for each entry that it is known to have spoken of."""
    said: list[str] = []
    for one in lost:
        words = LINE if one.first == one.last else LINES
        said.append(Sentence(words, first=one.first, last=one.last, writer=one.writer))
        said += [
            Sentence(FILLED if record in filled else OF_ENTRY, entry=entry_words(state, doc))
            for record in one.records if (doc := state.raw(record)) and state.date(record)
        ]  # fmt: skip
    return said


def missing_words(state: State, shas: Iterable[str], words: str = MISSING) -> list[str]:
    """A sentence for each file by its hash, with the entry that names it."""
    shas = list(shas)
    named = dict(_named(state, shas)) if shas else {}
    return [
        Sentence(words, **(named.get(sha256) or {"name": sha256, "entry": Sentence(NO_ENTRY)})) for sha256 in shas
    ]


def entry_words(state: State, doc: Mapping[str, Any]) -> Sentence:
    """An entry as a person knows it: its day, its time, how its text begins."""
    entry = StoredEntry.of(doc)
    day, time = code_of(state, state.date(entry.id) or ""), f"{occurred(doc):%Y-%m-%d %H:%M}"
    text = " ".join(str(entry.text).split())
    short = text if len(text) <= TEXT_LENGTH else f"{text[:TEXT_LENGTH]}…"
    return Sentence(ENTRY if short else NAMELESS, day=day, time=time, **({"text": short} if short else {}))


def _named(state: State, shas: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    wanted = set(shas)
    files = {file.id: (file.sha256, file.name) for file in state.each(StoredFile) if file.sha256 in wanted}
    for sha256, name in files.values():
        yield sha256 or "", {"name": name or sha256, "entry": Sentence(NO_ENTRY)}
    for entry in state.each(StoredEntry):
        for record in entry.attachments:
            if record in files:
                sha256, name = files[record]
                yield sha256 or "", {"name": name or sha256, "entry": entry_words(state, entry.doc)}
