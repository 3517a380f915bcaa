"""`fieldlog demo`: the app on the practice month, in a store that goes; what was written in it is asked for."""

from __future__ import annotations

import shutil
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import click

from fieldlog.cli.door import main, no_browser, on_port, open_here
from fieldlog.cli.ending import refusal_of
from fieldlog.cli.speaking import Unsaid, _, complain, flush, say, told
from fieldlog.cli.working import run
from fieldlog.model.errors import FieldLogError
from fieldlog.model.sentence import Counted
from fieldlog.services.machine.machine import Machine, laptop
from fieldlog.services.practice import practice_month, written
from fieldlog.services.practice.written import Stands, Written

LET_GO = frozenset({"n", "no", "否", "不"})


@main.command(
    help=_("Open the app on the practice month, in a store that goes when it ends."),
    examples=(
        ("fieldlog demo", _("Try anything. What you wrote is kept if you say so at the end.")),
        ("fieldlog demo --into trial --no-browser", _("It stays in a folder; only the address is printed.")),
    ),
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    metavar=_("FOLDER"),
    help=_("Keep it in this folder."),
)
@on_port
@no_browser
@click.pass_context
def demo(ctx: click.Context, into: Path | None, port: int | None, no_browser: bool) -> None:
    if into:
        machine = replace(laptop(into / "store"), marks=None)
        run(_prepared(machine))
        run(open_here(machine, None, port, no_browser))
        return
    own: Machine = ctx.obj[0]
    base, goes = Path(mkdtemp(prefix="fieldlog-demo-")), True
    try:
        machine = replace(laptop(base / "store"), practice=own.place, marks=None)
        before = run(_prepared(machine))
        goes = False
        try:
            run(open_here(machine, None, port, no_browser))
        finally:
            _outlive_the_window()
            goes = _offer(replace(laptop(base / "store"), marks=None), before)
    finally:
        if goes:
            shutil.rmtree(base, ignore_errors=True)
        else:
            # It was stopped, or refused, before all of it was kept or let go.
            complain(_("What was written lies in {folder}.").format(folder=str(base)))


async def _prepared(machine: Machine) -> dict[str, Stands]:
    """Bring the month in; how the store stands then."""
    await practice_month.bring_practice(machine)
    return await written.how_it_stands(machine)


def _outlive_the_window() -> None:
    """From here on the terminal's window may be closed: what was written is kept all the same."""
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _offer(machine: Machine, before: dict[str, Stands]) -> bool:
    """Ask what of it is to be kept, and keep that. Whether nothing is lost when the store goes: what stands half
    written in a form can't be kept otherwise."""
    found = run(written.written_since(machine, before, Path.home()))
    answers = [_asked(machine, one) for one in found]
    return all(answers) and not run(written.forms_left(machine))


def _asked(machine: Machine, one: Written) -> bool:
    """Ask about one study until it is kept or let go; where nobody can answer, it is kept as proposed."""
    said = Counted(
        "{n} note was written here. It goes with the practice month, unless you keep it.",
        "{n} notes were written here. They go with the practice month, unless you keep them.",
        one.entries,
    )  # fmt: skip
    if not _somebody_answers():
        return _kept(machine, one, one.path)
    while True:
        say(told.told(said) if one.entries else _("Something was changed here. It goes, unless you keep it."))
        try:
            answer = click.prompt(
                _("Enter keeps it in this file, another path there; n lets it go"), default=str(one.path)
            ).strip()
        except (click.Abort, OSError):
            with suppress(Unsaid):
                say("")
            return _kept(machine, one, one.path)
        if answer.casefold() in LET_GO:
            return True
        if _kept(machine, one, Path(answer).expanduser()):
            return True


def _somebody_answers() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty())


def _kept(machine: Machine, one: Written, path: Path) -> bool:
    """Keep it, and say where; whether it is kept."""
    try:
        made = run(written.keep_written(machine, one, path))
    except (FieldLogError, OSError) as why:
        complain(refusal_of(why))
        return False
    with suppress(Unsaid):
        say(_("Kept, and read back whole: {path}").format(path=made.path))
        say(_("`fieldlog import` with that file brings it into your own store."))
        flush()
    return True
