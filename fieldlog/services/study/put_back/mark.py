"""The mark of a device: how far it came, kept outside of its data, so that data that were put back are noticed.

    <state of the system>/fieldlog/<device>.json    {"studies":{study:{writer:{"n":…,"head":…}}},"version":1}

On a laptop only. Whatever becomes of it stops nothing: a mark that is not there says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.study.put_back.new_writers import PUT_BACK, take_new_writers
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position
from fieldlog.store.reached import Reached
from fieldlog.store.store import Store

BEHIND = Sentence(
    "How far FieldLog had come is kept on this computer outside of its data, and that lagged behind: it was "
    "written anew."
)
_MARK = gate.complete(n=gate.whole, head=gate.sha256)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A line that this device had come to: its number, and the hash of its head."""

    n: int
    head: str


def _form(device: str) -> Form:
    return Form(path=f"{device}.json", whole={}, each={"studies": (dict, gate.mapped(_MARK))})


async def notice(work: Workspace) -> None:
    """See whether a study's data were put back, or copied, since this computer saw them last: then go on in new
    writers. Whatever is found is among `work.noticed`. From now on the mark is kept."""
    marks, store = work.machine.marks, work.store
    if marks is None:
        return
    known = store.reached
    try:
        said = await read_marks(marks, work)
        if any([await _is_elsewhere(store, writer, at) for writer, at in said.items()]):
            await take_new_writers(work)
            work.noticed.append(PUT_BACK)
        elif any(at.n < _n(known.get(writer)) for writer, at in said.items()):
            work.noticed.append(BEHIND)
    except FieldLogError:
        # The mark stays as it is, for the next opening.
        return
    store.keeping = partial(keep_mark, marks, work)
    await keep_mark(marks, work)


def _n(at: Reached | None) -> int:
    return at.n if at else 0


async def read_marks(marks: Disk, work: Workspace) -> dict[str, Mark]:
    """The furthest mark of each of this device's writers in a study, under whichever id it was kept."""
    own, found = {*work.store.own_writers.values()}, dict[str, Mark]()
    for device in work.device.ids:
        said = (await read_kept(marks, _form(device))).get("studies", {}).get(work.store.project, {})
        for writer, at in said.items():
            if writer in own and (writer not in found or found[writer].n < at["n"]):
                found[writer] = Mark(n=at["n"], head=at["head"])
    return found


async def _is_elsewhere(store: Store, writer: str, at: Mark) -> bool:
    """Whether the mark is ahead of the journal, or beside it."""
    end = store.ends[writer]
    if at.n == end.n:
        return at.head != end.head
    return at.n > end.n or (at.n > 0 and await journals.head_at(store.disk, writer, at.n) not in ("", at.head))


async def keep_mark(marks: Disk, work: Workspace) -> None:
    """Keep how far this device's writers came in a study. What the disk refuses is kept another time."""
    ends = {writer: work.store.ends.get(writer) for writer in work.store.own_writers.values()}
    told = {writer: _told(end) for writer, end in ends.items() if end and end.n}
    form = _form(work.device.id)
    with suppress(FieldLogError):
        kept = await read_kept(marks, form)
        studies = kept.get("studies", {})
        if studies.get(work.store.project) != told:
            await write_kept(marks, form, {**kept, "studies": {**studies, work.store.project: told}})


def _told(end: Position) -> Mapping[str, object]:
    return {"n": end.n, "head": end.head}
