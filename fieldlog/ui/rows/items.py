"""A day's rows in their order, and what stands between them: heads of sessions, midnight; marks on their memos."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fieldlog.ui.rows.views import SessionRow, StreamRow

BETWEEN, AFTER, WITHOUT = "between", "after", "without"


@dataclass(frozen=True, kw_only=True)
class Midnight:
    """Where the wall's next day begins, within the production day of this date."""

    date: str


@dataclass(frozen=True, kw_only=True)
class Loose:
    """The head of entries in no session. `where` they stand: between two sessions, after the last, or in the time
    of one, without being of it. `key` tells apart several on a day."""

    where: str
    key: str
    past: bool = False


Item = StreamRow | SessionRow | Midnight | Loose


def day_items(
    rows: Iterable[StreamRow], sessions: Mapping[str, SessionRow], *, begins: bool = True, ends: bool = True,
    keep: Collection[str] = (),
) -> list[Item]:  # fmt: skip
    """A day's entries in their order, with a head wherever the session changes.

    `begins` and `ends` say that the first and the last of the day are among them. A session that goes on after
    something else stands there `again`. `keep` has ids of entries that stand as rows whatever they are.
    """
    shown = flagged(rows, keep)
    items: list[Item] = []
    before: str | None = None
    seen, past = set[str](), not begins
    for n, row in enumerate(shown):
        if row.past and not past:
            items.append(Midnight(date=row.date))
        past = row.past
        session = row.session if row.session in sessions else None
        if session != before:
            if session is not None:
                items.append(replace(sessions[session], key=row.id, again=session in seen, past=row.past))
                seen.add(session)
            elif before is not None:
                items.append(Loose(where=_where(shown, n, before, sessions, ends=ends), key=row.id, past=row.past))
        before = session
        items.append(row)
    return items


def _where(
    rows: Sequence[StreamRow], n: int, before: str, sessions: Mapping[str, SessionRow], *, ends: bool
) -> str:
    """Where entries without a session stand, the first of which is the `n`th."""
    later = next((row.session for row in rows[n:] if row.session in sessions), None)
    if later is None:
        return AFTER if ends else BETWEEN
    return WITHOUT if later == before else BETWEEN


def newest_first(
    rows: Sequence[StreamRow], *, all_here: bool, keep: Collection[str] = ()
) -> Iterator[StreamRow | Midnight]:
    """Today's rows, the newest first, and midnight below the first that is past it; `all_here` says that the first
    entry of the day is among them."""
    shown = flagged(rows, keep)
    for row, earlier in zip(shown, [*shown[1:], None], strict=False):
        yield row
        if row.past and (not earlier.past if earlier else all_here):
            yield Midnight(date=row.date)


def flagged(rows: Iterable[StreamRow], keep: Collection[str] = ()) -> list[StreamRow]:
    """The rows, with marks without words on the memo that they were made in, where it is among them.

    Those whose ids are in `keep` are rows all the same.
    """
    found = list(rows)
    memos = {row.id for row in found if row.sound}
    flags: dict[str, list[float]] = {}
    for row in found:
        if row.id not in keep and _is_flag(row, memos) and row.heard:
            flags.setdefault(row.heard.memo, []).append(row.heard.at)
    if not flags:
        return found
    kept = (row for row in found if row.id in keep or not _is_flag(row, memos))
    return [replace(row, flags=tuple(sorted(flags[row.id]))) if row.id in flags else row for row in kept]


def _is_flag(row: StreamRow, memos: set[str]) -> bool:
    """Whether a row has no words, and marks a second of a memo that is shown."""
    bare = not (row.text or row.photos or row.sound or row.states)
    return row.kind == "marker" and row.heard is not None and row.heard.memo in memos and bare
