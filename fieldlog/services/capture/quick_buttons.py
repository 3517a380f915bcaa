"""What a study likes at hand: two quick buttons, and templates of words."""

from __future__ import annotations

from collections.abc import Sequence

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.model.sentence import Sentence
from fieldlog.model.vocabulary import ENTRY_KINDS
from fieldlog.services.study.undo import Was, changed
from fieldlog.services.study.workspace import Workspace

USUAL = ("count", "quote")
BUTTONS = 2


def quick(work: Workspace) -> tuple[str, ...]:
    """The kinds of entry on the two quick buttons."""
    said = [kind for kind in (work.store.state.study() or {}).get("quick", ()) if kind in ENTRY_KINDS]
    return tuple([*said, *(kind for kind in USUAL if kind not in said)][:BUTTONS])


def templates(work: Workspace) -> tuple[str, ...]:
    """Words to begin a note with, as often as they are wanted."""
    return tuple(str(one) for one in (work.store.state.study() or {}).get("templates", ()))


async def set_quick(work: Workspace, kinds: Sequence[str]) -> tuple[Was, ...]:
    """Put these kinds of entry on the quick buttons, the first two of them.

    Returns what `put_back` takes it back with.
    """
    for kind in kinds:
        if kind not in ENTRY_KINDS:
            raise NotUnderstood(Sentence("There is no kind of entry called {kind}.", kind=kind))
    return await _set(work, "quick", list(kinds)[:BUTTONS])


async def set_templates(work: Workspace, texts: Sequence[str]) -> tuple[Was, ...]:
    """Keep these templates, in this order; empty ones and doubles are left out.

    Returns what `put_back` takes it back with.
    """
    return await _set(work, "templates", list(dict.fromkeys(text.strip() for text in texts if text.strip())))


async def _set(work: Workspace, name: str, value: list[str]) -> tuple[Was, ...]:
    study = work.store.state.study()
    if study is None:
        raise NotFound("This store has no study yet.")
    if list(study.get(name, ())) == value:
        return ()
    return await changed(work, [work.change("set", "study", study["id"], {name: value}, base_of(study, [name]))])
