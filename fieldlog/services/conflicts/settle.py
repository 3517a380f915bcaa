"""Settling a field that says several things: it says one of them, or what was made of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldlog.model.conflict import Version, versions_of
from fieldlog.model.entry import clean, lane_of
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.op import Op
from fieldlog.model.readable import NOUNS
from fieldlog.model.record import required
from fieldlog.model.sentence import Sentence
from fieldlog.model.standing import shown
from fieldlog.services.conflicts.open_fields import GO_TOGETHER, Conflict
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

GONE = Sentence("This is not here any more.")


async def keep_one(work: Workspace, conflict: Conflict, n: int) -> Done[None]:
    """Let the field say what its `n`th version says, and what was said with it. As `keep_text`."""
    return await _settle(work, conflict, conflict.versions[n].value, conflict.versions[n].us)


async def keep_text(work: Workspace, conflict: Conflict, text: str) -> Done[None]:
    """Let the field say this, in the place of all its versions; they stay in the log.

    Taken back, it says all of them again. What came meanwhile and nobody has seen stays beside it; where it was
    settled meanwhile nothing is done. Raises `NotFound` where the record is not here any more, and `NotUnderstood`
    for what a field can't say or is not settled here.
    """
    if not conflict.is_text:
        raise NotUnderstood("This field can't say anything of its own; choose one of its versions.")
    value = clean(text) if conflict.field == "text" else clean(text).strip() or None
    return await _settle(work, conflict, value, ())


async def _settle(work: Workspace, conflict: Conflict, value: Any, us: Sequence[str]) -> Done[None]:
    doc = work.store.state.get(conflict.record)
    if doc is None or not shown(doc):
        raise NotFound(GONE)
    _check(conflict, value)
    seen = {u for one in conflict.versions for u in one.us}
    before = {conflict.field: versions_of(doc, conflict.field)}
    if not any(seen.intersection(one.us) for one in before[conflict.field]):
        return Done(made=None)
    said, base = {conflict.field: value}, {conflict.field: sorted(seen)}
    for name in GO_TOGETHER.get(conflict.field, ()):
        versions = versions_of(doc, name)
        chosen = [one for one in versions if set(one.us) & set(us)]
        if len(versions) > 1 and chosen:
            said[name], before[name] = chosen[0].value, versions
            base[name] = sorted(u for one in versions for u in one.us)
    op = work.change("set", conflict.kind, conflict.record, said, base, lane=conflict.lane)
    await work.save([op], lane=conflict.lane)
    words = Sentence("Settled: one version.")
    return Done(made=None, said=words, back=lambda: _open_again(work, conflict, op, before))


def _check(conflict: Conflict, value: Any) -> None:
    if not conflict.settles:
        raise NotUnderstood("What a person agreed to is said on their page.")
    if value is None and conflict.field in required(NOUNS[conflict.kind]):
        raise NotUnderstood("This can't be left empty.")
    if conflict.field == "note_type" and lane_of(value or "none") != conflict.lane:
        raise NotUnderstood("A private note stays private, and others can't be made so yet; write it anew.")


async def _open_again(
    work: Workspace, conflict: Conflict, settled: Op, before: Mapping[str, Sequence[Version]]
) -> None:
    """Say all versions again over what settled them, the one that was shown last of all."""
    doc = work.store.state.get(conflict.record)
    if doc is None or not shown(doc):
        return
    last_first = [(name, one.value) for name, versions in before.items() for one in versions[::-1]]
    ops = [
        work.change("set", conflict.kind, conflict.record, {name: value}, {name: [settled.u]}, lane=conflict.lane)
        for name, value in last_first
    ]
    await work.save(ops, lane=conflict.lane)
