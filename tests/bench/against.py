"""A bench run in pairs: a commit of before against the work tree as it is, in turns.

    python -m tests.bench.bench --against COMMIT [--pairs N] [--only FIGURE]… [--entries N]

Machines are noisy: two runs of the same commit differ by more than half in most figures, pairs in turns do not.
Both are checked out in a temporary folder. Each measurement is a process of its own there, but where setting
up is dear: there one process a side is asked again and again. What measures
comes from the work tree on both sides, and so do the installed packages; only what is measured differs. What lay
in another file then is found there: see `earlier.py`.

The exit code is 1 where a figure is slower, and 2 where something could not be measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

from tests.bench import pairs
from tests.bench.pairs import NOW, THEN
from tests.month.scaled import Scaled

ROOT = Path(__file__).resolve().parents[2]
ENDING_SECONDS = 20.0
SLOWER, NOT_MEASURED = 1, 2
TOLD = "found: "
"""How a line begins that says what was measured."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a measurement is given: the month for both sides, what its side has prepared, and an empty folder."""

    month: Path
    prepared: Path
    scratch: Path
    entries: int


Found = dict[str, float]
Measure = Callable[[], Awaitable[Found]]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A bench that can be run in pairs.

    Each of `figures` gives numbers by name, of which more is slower: milliseconds, or a ratio to something of the
    same measurement. Those of `staying` are dear to set up: both sides stand beside each other, and what each
    yields is asked in turns. `prepare` makes once a side what they need. Without `entries` there is no month.
    """

    module: str
    prepare: Callable[[Given], Awaitable[None]]
    figures: Mapping[str, Callable[[Given], Awaitable[Found]]] = field(default_factory=dict)
    staying: Mapping[str, Callable[[Given], AbstractAsyncContextManager[Measure]]] = field(default_factory=dict)
    entries: int = 3000
    photos: int = 0
    memos: int = 0
    pairs: int = 15

    @property
    def names(self) -> list[str]:
        return [*self.figures, *self.staying]


class CannotMeasure(Exception):
    """A measurement failed; the text is its last word."""


def run(bench: Compared, alone: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """What the command line asks for: the bench alone, in pairs, or one measurement. Its exit code."""
    reader = argparse.ArgumentParser(prog=f"python -m {bench.module}", allow_abbrev=False)
    reader.add_argument("--against", metavar="COMMIT", help="compare the work tree with this commit, in pairs")
    reader.add_argument("--pairs", type=int, metavar="N", default=bench.pairs, help="so many pairs of each figure")
    reader.add_argument("--only", action="append", choices=bench.names, help="this figure; may be repeated")
    reader.add_argument("--entries", type=int, metavar="N", default=bench.entries, help="of the month in pairs")
    reader.add_argument("--single", metavar="FIGURE", help=argparse.SUPPRESS)
    reader.add_argument("--given", help=argparse.SUPPRESS)
    options, _ = reader.parse_known_args()
    if options.pairs < pairs.FEWEST:
        reader.error(f"--pairs: at least {pairs.FEWEST}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if options.single:
        return _single(bench, options.single, json.loads(options.given))
    if options.against:
        figures = options.only or bench.names
        return _compare(bench, options.against, options.pairs, figures, options.entries)
    asyncio.run(alone())
    return 0


def _single(bench: Compared, figure: str, given: dict[str, str]) -> int:
    """Prepare this side, or measure a figure on it, once for each line that is read."""
    try:
        asyncio.run(_once(bench, figure, given))
    except Exception as why:
        traceback.print_exc()
        print(f"{type(why).__name__}: {why}".splitlines()[0], file=sys.stderr)
        return NOT_MEASURED
    return 0


async def _once(bench: Compared, figure: str, given: dict[str, str]) -> None:
    import fieldlog

    assert Path(fieldlog.__file__).is_relative_to(Path.cwd()), "this is another FieldLog"
    month, prepared, entries = Path(given["month"]), Path(given["prepared"]), int(given["entries"])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        whole = Given(month=month, prepared=prepared, scratch=Path(scratch), entries=entries)
        once = nullcontext(partial(bench.figures.get(figure, bench.prepare), whole))
        async with bench.staying[figure](whole) if figure in bench.staying else once as measure:
            _tell({})
            while await asyncio.to_thread(sys.stdin.readline):
                _tell(await measure() or {})


def _tell(found: Found) -> None:
    print(f"{TOLD}{json.dumps(found)}", flush=True)


def _compare(bench: Compared, commit: str, count: int, figures: list[str], entries: int) -> int:
    try:
        then = _git("rev-parse", "--verify", "--short", f"{commit}^{{commit}}")
        head = _git("rev-parse", "--short", "HEAD")
    except CannotMeasure as why:
        print(f"{commit} is no commit here: {why}.", file=sys.stderr)
        return NOT_MEASURED
    print(f"then: {then}; now: the work tree on {head}; {count} pairs in turns; entries: {entries}", flush=True)
    with _checked_out(then) as base:
        month = base / "month" / "month.json"
        if entries:
            Scaled(month.parent, entries=entries, photos=bench.photos, memos=bench.memos)
        sides = {
            THEN: _Side(bench.module, base, THEN, f"in {then}", month, entries),
            NOW: _Side(bench.module, base, NOW, "in the work tree", month, entries),
        }
        try:
            for side in sides.values():
                side.prepare()
        except CannotMeasure as why:
            print(f"Nothing can be measured {why}", file=sys.stderr)
            return NOT_MEASURED
        return _judge(bench, sides, count, figures)


def _judge(bench: Compared, sides: Mapping[str, _Side], count: int, figures: list[str]) -> int:
    """Measure and print one figure after the other; the exit code."""
    slower, missed = False, False
    print(pairs.head(count), flush=True)
    for figure in figures:
        try:
            with ExitStack() as standing:
                ask = {
                    name: standing.enter_context(side.standing(figure)) if figure in bench.staying
                    else partial(side.measured, figure)
                    for name, side in sides.items()
                }  # fmt: skip
                found = [{side: ask[side]() for side in pairs.turns(pair)} for pair in range(count)]
        except CannotMeasure as why:
            print(f"{figure} cannot be measured {why}", flush=True)
            missed = True
            continue
        for name in found[0][NOW]:
            verdict = pairs.judged(name, [(one[THEN][name], one[NOW][name]) for one in found])
            slower |= verdict.is_slower
            print(pairs.line(verdict), flush=True)
    return SLOWER if slower else NOT_MEASURED if missed else 0


@dataclass(frozen=True)
class _Side:
    """One of the two in the temporary folder `base`; `where` says which in a sentence."""

    module: str
    base: Path
    name: str
    where: str
    month: Path
    entries: int

    def prepare(self) -> None:
        self._prepared.mkdir()
        self.measured("prepare")

    def measured(self, what: str) -> Found:
        """Numbers by name, from a process of its own; it is ended with us."""
        with self.standing(what) as ask:
            return ask()

    @contextmanager
    def standing(self, what: str) -> Iterator[Callable[[], Found]]:
        """A process that has set up a measurement, and measures whenever it is asked."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as complaint:
            process = self._begun(what, complaint)
            assert process.stdin and process.stdout
            asked, said = process.stdin, process.stdout

            def answer() -> Found:
                for line in said:
                    if line.startswith(TOLD):
                        return {name: float(n) for name, n in json.loads(line.removeprefix(TOLD)).items()}
                complaint.seek(0)
                raise CannotMeasure(f"{self.where}: {_last_line(complaint.read())}")

            def ask() -> Found:
                with suppress(BrokenPipeError):
                    print(file=asked, flush=True)
                return answer()

            try:
                answer()
                yield ask
            except BaseException:
                process.terminate()
                raise
            finally:
                _end(process)

    def _begun(self, what: str, complaint: IO[str]) -> subprocess.Popen[str]:
        folder = self.base / self.name
        given = {"month": str(self.month), "prepared": str(self._prepared), "entries": self.entries}
        measure = [sys.executable, "-m", "tests.bench.earlier", self.module]
        return subprocess.Popen(
            [*measure, "--single", what, "--given", json.dumps(given)],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(folder), "TMPDIR": str(self.base / "tmp")},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaint, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip

    @property
    def _prepared(self) -> Path:
        return self.base / f"{self.name}-data"


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    """A temporary folder with the commit in `then` and the work tree in `now`, both with the tests of now."""
    with tempfile.TemporaryDirectory(prefix="fieldlog-against-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        (base / "tmp").mkdir()
        try:
            _git("worktree", "add", "--detach", str(base / THEN), commit)
            _git("worktree", "add", "--detach", str(base / NOW), "HEAD")
            _lay_work_tree(base / NOW)
            shutil.rmtree(base / THEN / "tests", ignore_errors=True)
            shutil.copytree(base / NOW / "tests", base / THEN / "tests")
            yield base
        finally:
            for side in (THEN, NOW):
                with suppress(CannotMeasure):
                    _git("worktree", "remove", "--force", str(base / side))


def _lay_work_tree(side: Path) -> None:
    """Put the files of the work tree, whether committed or not, in the place of HEAD's."""
    for found in side.iterdir():
        if found.is_dir():
            shutil.rmtree(found)
        elif found.name != ".git":
            found.unlink()
    for name in _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file():
            (side / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, side / name)


def _git(*command: str) -> str:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise CannotMeasure(_last_line(done.stderr))
    return done.stdout.strip()


def _end(process: subprocess.Popen[str]) -> None:
    """Nothing more is asked, so it ends and takes its browser with it; else it is told to, and then killed."""
    assert process.stdin and process.stdout
    with suppress(BrokenPipeError):
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=ENDING_SECONDS)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=ENDING_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def _last_line(complaint: str) -> str:
    return (complaint.strip().splitlines() or ["which gave no reason"])[-1].removeprefix("fatal: ")
