"""What a search costs at 15,000 and 50,000 entries, as a ratio to one `str.find` over all texts joined.

    python -m tests.bench.find [--quick]

Both are measured in the same run. The word is blanked out of the joined texts first, so that `str.find` passes
over all of them; what it takes depends on the word, so beside it stands the ratio to the same for four letters
that are nowhere. `ids` are those that a word finds in texts alone and in all fields; a query is read, answered and
put in order; then counts of all, and the first 60 rows.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.review.find import counts, find, rows
from fieldlog.services.rows.days import Row
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.search import normalised
from fieldlog.store.search_marks import marked
from tests.bench.bench import timed
from tests.month.scaled import Scaled

QUICK = "--quick" in sys.argv
SIZES = (1500,) if QUICK else (15_000, 50_000)
TIMES, SHOWN = 15, 60
WORDS = ["录", "卡", "的", "台阶", "卡点", "完播率", "一共多少", "再来一次", "umbrella", "rain", "the lamp",
         "take 3", "once more", "nothing-there"]  # fmt: skip
LETTERS = ["a", "e"]
"""Not words, but what is there while one is being typed: they are in most notes."""

QUERIES = ["完播率", '"the lamp" OR rain', "rain -is:left", "code:metrics 卡", "day:PD03..PD12 type:ON,TN rain",
           "kind:quote", "time:22:00..27:30 late:2h", "(卡 OR rain) -person:P07 has:link"]  # fmt: skip
NOWHERE = "不在里面"


def took(work: Callable[[], object]) -> float:
    """Milliseconds, the median."""
    return statistics.median(timed(work) for _ in range(TIMES)) * 1000


def a_find(joined: str, word: str) -> float:
    """One `str.find` that passes over everything."""
    wanted = normalised(word)
    blank = joined.replace(wanted, "\1" * len(wanted))
    return took(lambda: blank.find(wanted))


def words(work: Workspace, joined: str) -> None:
    nowhere = a_find(joined, NOWHERE)
    print(f"one str.find over {len(joined):,} characters, for what is nowhere: {nowhere:.2f} ms")
    print(f"{'word':14} {'found':>6} {'str.find':>9}   {'ids, texts':>10} {'ratio':>6} {'to nowhere':>10}   "
          f"{'ids, all':>10} {'ratio':>6} {'to nowhere':>10}")  # fmt: skip
    search = work.store.search
    for word in (*WORDS, *LETTERS):
        one, found = a_find(joined, word), len(search.holding(word))
        told = f"{word:14} {found:6} {one:6.2f} ms"
        for scope in ("text", "all"):
            ids = took(partial(search.holding, word, scope))
            told += f"   {ids:7.2f} ms {ids / one:6.2f} {ids / nowhere:10.2f}"
        print(told)


def queries(work: Workspace) -> None:
    print(f"{'query':44} {'found':>6} {'answered':>10} {'counts':>10} {'60 rows':>10} {'marks':>10}   (aim 30 ms)")
    for typed in QUERIES:
        found = find(work, typed)
        shown = rows(work, found, 0, SHOWN)
        told = [
            took(partial(find, work, typed)), took(partial(counts, work, found)),
            took(partial(rows, work, found, 0, SHOWN)), took(partial(_marks, shown, found.words)),
        ]  # fmt: skip
        print(f"{typed:44} {len(found.ids):6} " + " ".join(f"{one:7.2f} ms" for one in told))


def _marks(shown: list[Row], words: list[str]) -> None:
    for row in shown:
        marked(row["text"], words)


async def main() -> None:
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="fieldlog-find-") as folder:
            month = Scaled(Path(folder) / "month", entries=size, photos=8, memos=4)
            await import_month(laptop(Path(folder) / "data"), month.file)
            work = await open_study(laptop(Path(folder) / "data"), write=False)
            first = timed(work.store.search.holding, "x") * 1000
            folded = timed(partial(work.store.search.holding, "x", fold=True)) * 1000
            print(f"\n{size} entries: the first search {first:.0f} ms, with both scripts as one {folded:.0f} ms")
            joined = "\0".join(normalised(doc.get("text") or "") for doc in work.store.state.entries())
            words(work, joined)
            queries(work)
            await work.close()


if __name__ == "__main__":
    asyncio.run(main())
