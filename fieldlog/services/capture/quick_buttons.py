"""What a study likes at hand: two quick buttons, and templates of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fieldlog.model.called import KINDS
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.records import StoredStudy
from fieldlog.model.sentence import Sentence, joined
from fieldlog.model.vocabulary import ENTRY_KINDS
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

USUAL = ("count", "quote")
BUTTONS = 2


def quick(work: Workspace) -> tuple[str, ...]:
    """The kinds of entry on the two quick buttons."""
    return _quick(work.store.state.about.quick)


def templates(work: Workspace) -> tuple[str, ...]:
    """Words to begin a note with, as often as they are wanted."""
    return work.store.state.about.templates


async def set_quick(work: Workspace, kinds: Sequence[str]) -> Done[None]:
    """Put these kinds of entry on the quick buttons, the first two of them. Raises `NotUnderstood`, `NotFound`."""
    for kind in kinds:
        if kind not in ENTRY_KINDS:
            raise NotUnderstood(Sentence("There is no kind of entry called {kind}.", kind=kind))
    study, chosen = _study(work), list(kinds)[:BUTTONS]
    said = joined(*(KINDS[kind] for kind in _quick(chosen)))
    return await work.set(study, {"quick": chosen}, said) if list(study.quick) != chosen else Done(made=None)


async def set_templates(work: Workspace, texts: Sequence[str]) -> Done[None]:
    """Keep these templates, in this order; empty ones and doubles are left out. Raises `NotFound`."""
    study, kept = _study(work), list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if list(study.templates) == kept:
        return Done(made=None)
    new = [one for one in kept if one not in study.templates]
    gone = [one for one in study.templates if one not in kept]
    removed = Sentence("Removed: {words}", words=joined(*gone, by=", "))
    said = removed if gone and not new else Sentence("Kept: {words}", words=joined(*(new or kept), by=", "))
    return await work.set(study, {"templates": kept}, said)


def _quick(kinds: Iterable[str]) -> tuple[str, ...]:
    said = [kind for kind in kinds if kind in ENTRY_KINDS]
    return tuple([*said, *(kind for kind in USUAL if kind not in said)][:BUTTONS])


def _study(work: Workspace) -> StoredStudy:
    if work.store.state.study() is None:
        raise NotFound(StoredStudy.gone)
    return work.store.state.about
