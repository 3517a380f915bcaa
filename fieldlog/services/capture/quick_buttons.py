"""What a study likes at hand: two quick buttons, and templates of words."""

from __future__ import annotations

from collections.abc import Sequence

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.records import StoredStudy
from fieldlog.model.sentence import Sentence
from fieldlog.model.vocabulary import ENTRY_KINDS
from fieldlog.services.study.workspace import Was, Workspace

USUAL = ("count", "quote")
BUTTONS = 2


def quick(work: Workspace) -> tuple[str, ...]:
    """The kinds of entry on the two quick buttons."""
    said = [kind for kind in work.store.state.about.quick if kind in ENTRY_KINDS]
    return tuple([*said, *(kind for kind in USUAL if kind not in said)][:BUTTONS])


def templates(work: Workspace) -> tuple[str, ...]:
    """Words to begin a note with, as often as they are wanted."""
    return work.store.state.about.templates


async def set_quick(work: Workspace, kinds: Sequence[str]) -> tuple[Was, ...]:
    """Put these kinds of entry on the quick buttons, the first two of them.

    Returns what `put_back` takes it back with.
    """
    for kind in kinds:
        if kind not in ENTRY_KINDS:
            raise NotUnderstood(Sentence("There is no kind of entry called {kind}.", kind=kind))
    study, chosen = _study(work), list(kinds)[:BUTTONS]
    return await work.set(study, {"quick": chosen}) if list(study.quick) != chosen else ()


async def set_templates(work: Workspace, texts: Sequence[str]) -> tuple[Was, ...]:
    """Keep these templates, in this order; empty ones and doubles are left out.

    Returns what `put_back` takes it back with.
    """
    study, kept = _study(work), list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    return await work.set(study, {"templates": kept}) if list(study.templates) != kept else ()


def _study(work: Workspace) -> StoredStudy:
    if work.store.state.study() is None:
        raise NotFound(StoredStudy.gone)
    return work.store.state.about
