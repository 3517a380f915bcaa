"""FieldLog in a terminal: the same verbs as the app, and the app itself where no verb is given.

Exit 0 done, 1 refused with a sentence on stderr, 2 wrong usage.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import string
import sys
from collections.abc import Callable, Coroutine, Iterable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fieldlog import __version__
from fieldlog.model import gate
from fieldlog.model.called import DAY_TYPES, KINDS, NOTE_TYPES
from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.filing import BOUNDARY_HOUR
from fieldlog.model.moment import iso, parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.sentence import Sentence
from fieldlog.services import (
    archiving,
    bundle,
    callsheet,
    imported,
    importing,
    memo,
    notes_table,
    plan_taking,
    reading,
    unbundling,
)  # fmt: skip
from fieldlog.services.capture import Capture
from fieldlog.services.chips import Chips
from fieldlog.services.erasing import REASONS, Elsewhere, Erasing, elsewhere
from fieldlog.services.imported import Imported
from fieldlog.services.letters import decoded
from fieldlog.services.machine import Machine, laptop
from fieldlog.services.open import Workspace, open_study
from fieldlog.services.open import studies as known_studies
from fieldlog.services.sample import sample_month
from fieldlog.services.studies import list_studies, must_be_here, new_study
from fieldlog.services.wall import NoTime, Told, told
from fieldlog.services.zone import ZoneUnknown, zone_name
from fieldlog.ui.plan_views import problem_words
from fieldlog.ui.views import seconds_of
from fieldlog.ui.words import Words, language, translation

T = TypeVar("T")
_words = translation(language())
_ = _words.gettext
_told = Words(language())
out, err = Console(highlight=False), Console(stderr=True, highlight=False)


class Refusing(click.Group):
    """Turns every refusal of ours into a sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FieldLogError as refusal:
            click.echo(_("FieldLog: {sentence}").format(sentence=_told.told(refusal)), err=True)
            ctx.exit(1)


on_port = click.option("--port", type=click.IntRange(1, 65_535), help=_("Where to listen; by default any."))
in_zone = click.option("--zone", help=_("The time zone of a new study, like Asia/Shanghai; else this machine's."))
no_browser = click.option("--no-browser", is_flag=True, help=_("Only print the address."))


@click.group(
    cls=Refusing, invoke_without_command=True,
    help=_("Field notes, memos and photos by production day. Without a command, the app opens in the browser."),
)  # fmt: skip
@click.option(
    "--data", envvar="FIELDLOG_DATA", type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path.home() / "FieldLog" / "data", help=_("The folder of the store (or FIELDLOG_DATA)."),
)  # fmt: skip
@click.option("--study", help=_("The id of a study; by default the one used last."))
@click.version_option(__version__)
@on_port
@no_browser
@click.pass_context
def main(ctx: click.Context, data: Path, study: str | None, port: int | None, no_browser: bool) -> None:
    ctx.obj = (laptop(data), study)
    if ctx.invoked_subcommand is None:
        _run(_open(laptop(data), study, port, no_browser))


async def _open(machine: Machine, study: str | None, port: int | None, no_browser: bool) -> None:
    """The app, until Ctrl-C or SIGTERM."""
    from fieldlog.server.opening import open_app
    from fieldlog.ui.app import asgi

    def say(address: str) -> None:
        click.echo(_("FieldLog is open at {address} — Ctrl+C closes it.").format(address=address))

    await open_app(machine, study, asgi, port=port, browser=not no_browser, say=say)


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def _with(
    ctx: click.Context, verb: Callable[[Workspace], Coroutine[Any, Any, T]], *, write: bool, create: bool = False,
    zone: str | None = None,
) -> T:  # fmt: skip
    """Open the study, do the verb, leave the store in order. `create` makes a first study, in a `zone`."""
    machine, study = ctx.obj
    if study is not None:
        await must_be_here(machine, study)
    elif create:
        study = await _first_study(machine, zone)
    work = await open_study(machine, study, write=write)
    try:
        for filed in await memo.adopt_orphans(work) if write else ():
            line = _("A memo that was never stopped was filed: {seconds} seconds.")
            click.echo(line.format(seconds=round(filed.seconds, 1)), err=True)
        return await verb(work)
    finally:
        await work.close()


async def _first_study(machine: Machine, zone: str | None) -> str | None:
    """A new study's id on an empty root, None where there is a study already.

    Raises `ZoneUnknown` before anything is made where nobody says in which zone it is.
    """
    if await known_studies(machine):
        return None
    if zone is None and machine.clock().zone is None:
        raise ZoneUnknown()
    return machine.new_id()


@main.command(help=_("Write a note and print its id once it is on the disk; `-` reads a note a line."))
@click.argument("text")
@click.option("--at", help=_("When it happened: 22:05, 25:41 past midnight, 2025-03-16 22:05, 2025-03-16."))
@click.option("--session", help=_("The session it belongs to."))
@click.option("--type", "note_type", default="none", help=_("ON, TN, MN or PN."))
@click.option("--kind", default="jotting", help=_("jotting, quote, question …"))
@click.option("--scene", help=_("The scene, 34-2 or 342."))
@click.option("--code", "codes", multiple=True, help=_("A code; may be given several times."))
@in_zone
@click.pass_context
def log(
    ctx: click.Context, text: str, at: str | None, session: str | None, note_type: str, kind: str,
    scene: str | None, codes: tuple[str, ...], zone: str | None,
) -> None:  # fmt: skip
    said = _typed(text)
    if said is None:
        raise NotUnderstood(_("A note without a word is none. Nothing was written."))
    chips = Chips(
        kind=kind, note_type=note_type, session=_typed(session), scene=_typed(scene),
        codes=tuple(code for one in codes if (code := _typed(one))),
    )  # fmt: skip
    chips.check()
    if at is not None:
        gate.taken(gate.instant, "--at", iso(_time(at, "UTC", "2000-01-01").at))
    if zone:
        gate.taken(gate.zone, "--zone", zone)

    async def write(work: Workspace) -> None:
        capture = Capture(work)
        await capture.begin(zone=zone)
        when = _time(at, *_here(work, capture)) if at is not None else None
        known = replace(chips, at=when.at, day=when.day, precision=when.precision) if when else chips
        for line in _lines(said):
            entry = await capture.note(line, known)
            sys.stdout.write(entry.id + "\n")
            sys.stdout.flush()

    _run(_with(ctx, write, write=True, create=True, zone=zone))


def _typed(argument: str | None) -> str | None:
    """An argument in the letters it was typed in, also where they are not the terminal's; None for a blank one."""
    said = argument or ""
    if any("\udc80" <= sign <= "\udcff" for sign in said):
        said = decoded(os.fsencode(said))
    return said if said.strip("\ufeff\u200b" + string.whitespace + "\u3000") else None


def _lines(text: str) -> Iterable[str]:
    """The note itself, or with `-` every line of standard input that says anything.

    A line is taken as soon as it is there. From the first that is not UTF-8 on, the rest is read as one text:
    what it is written in is seen by all of it.
    """
    if text != "-":
        yield text
        return
    for raw in sys.stdin.buffer:
        try:
            said = "" if b"\0" in raw else raw.decode("utf-8").lstrip("\ufeff")
        except UnicodeDecodeError:
            said = ""
        said = said or decoded(raw + sys.stdin.buffer.read())
        yield from filter(_typed, re.split(r"[\r\n]+", said))


def _here(work: Workspace, capture: Capture) -> tuple[str, str, int]:
    """The zone of this machine, else of the study; the production day it is now; the hour at which days turn."""
    calendar = work.store.state.calendar
    return zone_name() or work.zone, calendar.date_at(capture.now().at), calendar.boundary_hour


def _time(text: str, zone: str, on: str, boundary_hour: int = BOUNDARY_HOUR) -> Told:
    try:
        return told(text, zone, on=on, boundary_hour=boundary_hour)
    except NoTime as why:
        raise click.BadParameter(Words(language()).told(why)) from why


def _print_rows(
    rows: Iterable[dict[str, Any]], as_json: bool, show: Callable[[list[dict[str, Any]]], None]
) -> None:
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        show(list(rows))


as_json = click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))


@main.command(help=_("The production days, with what each holds."))
@as_json
@click.pass_context
def days(ctx: click.Context, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        _print_rows(reading.days(work.store), as_json, _show_days)

    _run(_with(ctx, read, write=False))


def _show_days(rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in (_("Day"), _("Date"), _("Type"), _("Notes"), _("Voices"), _("Photos"), _("Title")):
        table.add_column(name, justify="right" if name in (_("Notes"), _("Voices"), _("Photos")) else "left")
    for row in rows:
        counts = [str(row[name]) for name in ("entries", "voices", "photos")]
        kind = Words(language())(DAY_TYPES.get(row["type"], row["type"]))
        table.add_row(row["code"], row["date"], kind, *counts, row["title"] or "")
    out.print(table)


@main.command(help=_("One production day, by its code, number or date."))
@click.argument("day")
@as_json
@click.pass_context
def day(ctx: click.Context, day: str, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        _print_rows(reading.day(work.store, day), as_json, partial(_show_entries, zone=work.zone))

    _run(_with(ctx, read, write=False))


@main.command(help=_("Entries that hold all these words, newest day first; a quoted phrase is one word."))
@click.argument("words", nargs=-1, required=True)
@click.option("--in", "scope", type=click.Choice(["all", "text"]), default="all", help=_("Where to look."))
@as_json
@click.pass_context
def find(ctx: click.Context, words: tuple[str, ...], scope: str, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        _print_rows(reading.find(work.store, words, scope), as_json, partial(_show_entries, zone=work.zone))

    _run(_with(ctx, read, write=False))


def _show_entries(rows: list[dict[str, Any]], zone: str) -> None:
    for row in rows:
        clock = ProductionClock(row["date"], zone).said(parse(row["occurred_at"]))
        mark = " ?" if row["suspect"] else ""
        words, kind, note = Words(language()), row["kind"], row["note_type"]
        type_words = words(NOTE_TYPES[note]) if note in NOTE_TYPES and note != "none" else ""
        said = (words(KINDS.get(kind, kind)), type_words, row["session"], row["scene"])
        where = " · ".join(part for part in said if part)
        out.print(f"{row['day']}  {clock}{mark}  {where}", style="bold", markup=False)
        out.print(row["text"], markup=False, soft_wrap=True)
        if row["unread"]:
            out.print(_told.told(row["unread"]), style="yellow", markup=False, soft_wrap=True)
    out.print(_words.ngettext("{n} entry", "{n} entries", len(rows)).format(n=len(rows)), style="dim")


@main.group(invoke_without_command=True, help=_("The studies of this device; `new` makes one."))
@as_json
@click.pass_context
def studies(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand is None:
        found = _run(list_studies(ctx.obj[0]))
        _print_rows(({**vars(one)} for one in found), as_json, _show_studies)


def _show_studies(rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("", _("Study"), _("Notes"), _("Title")):
        table.add_column(name, justify="right" if name == _("Notes") else "left", overflow="fold")
    for row in rows:
        table.add_row("*" if row["current"] else "", row["id"], str(row["entries"]), row["title"])
    out.print(table)


@studies.command(help=_("Make a study, plan its days and print its id."))
@click.argument("title")
@in_zone
@click.option("--first", help=_("The date of its first production day, like 2025-03-03; by default today."))
@click.option("--days", type=int, default=28, show_default=True, help=_("How many production days it has."))
@click.pass_context
def new(ctx: click.Context, title: str, zone: str | None, first: str | None, days: int) -> None:
    machine: Machine = ctx.obj[0]
    now = machine.clock()
    where = zone or now.zone
    if where is None:
        raise ZoneUnknown()

    async def make(zone: str) -> str:
        work = await new_study(
            machine, title=title, zone=zone, first_day=first or now.at.date().isoformat(), days=days
        )  # fmt: skip
        await work.close()
        return work.store.project

    out.print(_run(make(where)), markup=False)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=err, transient=True)


@main.command(
    "import",
    help=_(
        "A month.json, a bundle, an archive, a table of notes, a plan, a photo or recording, or a folder of them."
    ),
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.pass_context
def import_(ctx: click.Context, path: Path) -> None:
    machine, _study = ctx.obj
    path = importing.month_in(path) or path
    if path.is_dir() and _run(archiving.is_archive(path)):
        _show_restored(_run(archiving.restore(machine, path)))
        return
    take = _taker(ctx, path)
    with _progress() as bar:
        task = bar.add_task(_("Importing"), total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        done = _run(take(tell))
    _show_imported(done)


Into = Callable[[Workspace, Path, imported.Progress], Coroutine[Any, Any, Imported]]


def _taker(ctx: click.Context, path: Path) -> Callable[[imported.Progress], Coroutine[Any, Any, Imported]]:
    """What takes a path in. What can't be read is refused here, before a study is made for it."""
    machine, _study = ctx.obj
    if path.is_file() and path.suffix.lower() == ".json":
        return lambda tell: importing.import_month(machine, path, tell)
    if path.is_file() and path.suffix.lower() == ".zip":
        return lambda tell: unbundling.import_bundle(machine, path, tell)
    into = importing.import_folder if path.is_dir() else _into(path)

    async def take(work: Workspace, tell: imported.Progress) -> Imported:
        await Capture(work).begin()
        return await into(work, path, tell)

    return lambda tell: _with(ctx, lambda work: take(work, tell), write=True, create=True)


def _into(path: Path) -> Into:
    """How a file comes into a study, by what it holds."""
    if importing.is_medium(path):
        return importing.import_file
    data = path.read_bytes()
    if notes_table.read_notes(data, path.name) is not None:
        return importing.import_csv
    sheet = callsheet.read_plan(data, path.name, 2000)
    if sheet.rows:
        return _import_plan
    if sheet.columns or path.suffix.lower() == ".xlsx" or sheet.problems[0].why != "no-header":
        raise NotUnderstood(problem_words(sheet.problems[0], Words(language())))
    raise NotUnderstood(Sentence(notes_table.NOT_NOTES, name=path.name))


async def _import_plan(work: Workspace, path: Path, _tell: imported.Progress) -> Imported:
    """A call sheet or a plan: the study's days, and the sessions planned on them."""
    sheet = callsheet.read_plan(path.read_bytes(), path.name, plan_taking.year_of(work))
    words = Words(language())
    found, _before = await plan_taking.take_plan(work, sheet)
    if found.refused:
        raise NotUnderstood(" ".join(problem_words(problem, words) for problem in found.problems))
    said = [problem_words(problem, words) for problem in found.problems]
    return Imported(study=work.store.project, new=found.new, same=found.same, changed=found.changed, problems=said)


def _show_imported(done: Imported) -> None:
    fresh = ", ".join(f"{count} {kind}" for kind, count in sorted(done.new.items())) or "0"
    line = _("New: {new}. Already here: {same}. Changed: {changed}.")
    out.print(line.format(new=fresh, same=done.same, changed=done.changed), markup=False)
    if done.kept_as_edited:
        line = _("{n} records were edited here since; your words were kept.")
        out.print(line.format(n=done.kept_as_edited), markup=False)
    if done.passed_over:
        line = _words.ngettext(
            "{n} file was passed over: a system keeps it for itself.",
            "{n} files were passed over: a system keeps them for itself.", done.passed_over,
        )  # fmt: skip
        out.print(line.format(n=done.passed_over), markup=False)
    for name, (verdict, sentence) in done.verdicts.items():
        if verdict != "ok":
            out.print(f"{verdict:17} {name}  {sentence}", markup=False, soft_wrap=True)
    for problem in done.problems:
        out.print(Words(language()).told(problem), style="yellow", markup=False, soft_wrap=True)


@main.command("bundle", help=_("Make one file that holds the study, read back and hashed before it says done."))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--since-last", is_flag=True, help=_("Only what is new since the last bundle."))
@click.option("--team-only", is_flag=True, help=_("Leave personal notes out."))
@click.pass_context
def bundle_(ctx: click.Context, path: Path, since_last: bool, team_only: bool) -> None:
    async def make(work: Workspace) -> bundle.Made:
        return await bundle.make_bundle(work, path, since_last=since_last, team_only=team_only)

    made = _run(_with(ctx, make, write=True))
    line = _("{path}: {lines} lines, {files} files, {bytes} bytes, read back and whole.")
    out.print(
        line.format(path=path, lines=made.lines, files=made.files, bytes=made.bytes), markup=False, soft_wrap=True
    )


@main.command(help=_("Erase entries for good, or a part of a memo. The only thing that can't be undone."))
@click.argument("entries", nargs=-1, required=True)
@click.option("--reason", type=click.Choice(REASONS), required=True, help=_("Why; it is kept with the day."))
@click.option("--from", "start", help=_("Only a part of its sound: from here, like 1:05."))
@click.option("--to", "end", help=_("Up to here, like 1:20."))
@click.option("--yes", is_flag=True, help=_("Do it."))
@click.pass_context
def erase(
    ctx: click.Context, entries: tuple[str, ...], reason: str, start: str | None, end: str | None, yes: bool
) -> None:  # fmt: skip
    if not yes:
        raise NotUnderstood(_("Erasing can't be undone. Nothing was erased; say it again with --yes."))
    part = (seconds_of(start or ""), seconds_of(end or "")) if start or end else None
    if part and len(entries) > 1:
        raise NotUnderstood(_("A part is of one entry. Nothing was erased."))

    async def go(work: Workspace) -> Elsewhere:
        erasing = Erasing(work)
        if part:
            done = await erasing.erase_span(entries[0], *part, reason=reason)
        else:
            done = await erasing.erase(entries, reason=reason)
        return await elsewhere(work, done)

    left = _run(_with(ctx, go, write=True))
    out.print(_("Erased. Nothing of it is left in this store."), markup=False)
    for copy in left.copies:
        out.print(_("A copy may hold it: {path}").format(path=copy.path), markup=False, soft_wrap=True)
    if left.archive:
        line = _("The archive holds it until it is written again: {path}")
        out.print(line.format(path=left.archive), markup=False, soft_wrap=True)


@main.command(help=_("Write or refresh the archive by production day in a folder."))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def archive(ctx: click.Context, folder: Path) -> None:
    with _progress() as bar:
        task = bar.add_task(_("Archiving"), total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        written = _run(_with(ctx, lambda work: archiving.write_archive(work, folder, tell), write=False))
    line = _("{days} days written, {kept} unchanged.")
    out.print(line.format(days=len(written.days_written), kept=len(written.kept_days)), markup=False)
    for path in written.foreign:
        out.print(_("Not ours, left alone: {path}").format(path=path), markup=False, soft_wrap=True)
    for path in (*written.missing, *written.damaged):
        line = _("Its bytes are not whole in this store: {path}")
        out.print(line.format(path=path), style="yellow", markup=False, soft_wrap=True)
    out.print(str(folder.resolve()), markup=False, soft_wrap=True)


@main.command(help=_("Check journals and media, or an archive: every fault is named."))
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def verify(ctx: click.Context, folder: Path | None) -> None:
    if folder:
        faults = _run(archiving.verify_archive(folder))
    else:
        faults = _run(_with(ctx, archiving.verify_store, write=False))
    for sentence in faults:
        out.print(_told.told(sentence), markup=False, soft_wrap=True)
    if faults:
        click.echo(_words.ngettext("{n} fault", "{n} faults", len(faults)).format(n=len(faults)), err=True)
        ctx.exit(1)
    out.print(_("No faults."), markup=False)


@main.command(help=_("Fill an empty store from an archive."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def restore(ctx: click.Context, folder: Path) -> None:
    machine, _study = ctx.obj
    _show_restored(_run(archiving.restore(machine, folder)))


def _show_restored(done: archiving.Restored) -> None:
    line = _("{lines} lines and {files} files restored.")
    out.print(line.format(lines=done.lines, files=done.files), markup=False)
    for problem in done.problems:
        out.print(problem, style="yellow", markup=False, soft_wrap=True)


@main.command(help=_("Open the app on the bundled sample month, in a throw-away store."))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help=_("Keep it in this folder."))
@on_port
@no_browser
def demo(into: Path | None, port: int | None, no_browser: bool) -> None:
    with nullcontext(into) if into else TemporaryDirectory(prefix="fieldlog-demo-") as base:
        machine = laptop(Path(base) / "store")

        async def show() -> None:
            await importing.import_month(machine, sample_month())
            await _open(machine, None, port, no_browser)

        _run(show())
