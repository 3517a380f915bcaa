"""This device goes on under new names: a new id, and new writers in a study."""

from __future__ import annotations

from collections.abc import Mapping

from fieldlog.model.sentence import Sentence
from fieldlog.services.study.workspace import Workspace

PUT_BACK = Sentence(
    "FieldLog's data were put back from a backup here, or copied: this device goes on under a new name. Nothing "
    "is lost, and what it wrote before stays its own."
)
WRITTEN_ON = Sentence(
    "Two devices had gone on with the same journal, as after a backup was put back. Both are kept, and this "
    "device goes on under a new name."
)
WRITTEN_ON_ELSEWHERE = Sentence(
    "Two devices had gone on with the same journal, as after a backup was put back. Both are kept."
)


async def take_new_writers(work: Workspace, known: Mapping[str, int] | None = None) -> None:
    """Give this device a new id, and new writers in a study; the former ones stay its own.

    `known` tells of former writers how many lines others are known to have: those behind are said again, byte for
    byte, in the new writer of their lane. Of a writer that it doesn't name nothing is. Killed anywhere it is done
    or not, and can be called again. Raises `NotSaved`.
    """
    told = dict(known or {})
    await work.room.needed(lambda: work.store.take_new_writers(told))
