"""Whether this device's own journals went on elsewhere, as where its data were put back from a backup, or copied.

Its lines come back whole, but it goes on under a new name: whoever wrote them may still be writing.
"""

from __future__ import annotations

from fieldlog.model.branch import writer_of
from fieldlog.services.study.put_back.new_writers import PUT_BACK, take_new_writers
from fieldlog.services.sync.run import Run


async def go_on_anew_where_further(run: Run) -> None:
    """Take new writers where the names of segments on the target, half ones too, say that one of ours came further
    than it did here, which is told. To be done before anything is read: what is written meanwhile must not get
    the numbers of what comes. Raises `NotSaved`."""
    ends = {writer: run.work.store.ends[writer].n for writer in run.work.store.own_writers.values()}
    there = (*run.segments.values(), *run.cut.values())
    if any(one.last > ends.get(writer_of(one.writer), one.last) for one in there):
        await take_new_writers(run.work)
        run.done.told.append(PUT_BACK)
