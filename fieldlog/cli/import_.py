"""`fieldlog import`: whatever a person has, by what it holds."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import click

from fieldlog.cli.counts import counted
from fieldlog.cli.damage import faults
from fieldlog.cli.door import main
from fieldlog.cli.passphrase import passphrase, passphrase_file
from fieldlog.cli.progress import progress
from fieldlog.cli.restore import show_restored
from fieldlog.cli.speaking import _, say, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Counted, Sentence
from fieldlog.services.archive import restore
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies import bundle_in
from fieldlog.services.copies.sealed import digits, unseal
from fieldlog.services.day import callsheet, callsheet_taking
from fieldlog.services.imports import imports, notes_table, report
from fieldlog.services.imports.in_a_folder import is_medium
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.day.day_views import problem_words


@main.command(
    "import",
    help=_(
        "A month.json, a bundle, an archive, a table of notes, a plan, a photo or recording, or a folder of them."
    ),
    examples=(
        ("fieldlog import month.zip", _("A bundle from another device.")),
        ("fieldlog import month.sealed", _("A sealed one; the passphrase is asked for.")),
        ("fieldlog import plan.xlsx", _("A plan or a call sheet: days, sessions, scenes, places.")),
        (_("fieldlog import photos/"), _("A folder of photos and recordings, each at its own time.")),
    ),
)
@click.argument("path", type=click.Path(exists=True, path_type=Path), metavar=_("PATH"))
@passphrase_file
@click.pass_context
def import_(ctx: click.Context, path: Path, phrase: Path | None) -> None:
    machine, _study = ctx.obj
    path = imports.month_in(path) or path
    if path.is_dir() and run(restore.is_archive(path)):
        show_restored(ctx, run(restore.restore(machine, path, into=True)))
        return
    take = _taker(ctx, path, phrase)
    with progress() as bar:
        task = bar.add_task(_("Importing"), total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        done = run(take(tell))
    _show_imported(ctx, done)


Into = Callable[[Workspace, Path, report.Progress], Coroutine[Any, Any, Imported]]


def _taker(
    ctx: click.Context, path: Path, phrase: Path | None
) -> Callable[[report.Progress], Coroutine[Any, Any, Imported]]:  # fmt: skip
    """What takes a path in. What can't be read is refused here, before a study is made for it, or anybody asked
    for a passphrase."""
    machine, study = ctx.obj
    if path.is_file() and run(unseal.is_sealed(source := FileSource(path=path))):
        run(unseal.look(source))
        said = passphrase(phrase)
        return lambda tell: unseal.import_sealed(machine, source, said, tell, only=study)
    if path.is_file() and path.suffix.lower() == ".json":
        return lambda tell: imports.import_month(machine, path, tell)
    if path.is_file() and path.suffix.lower() == ".zip":
        return lambda tell: bundle_in.import_bundle(machine, path, tell, only=study)
    into = imports.import_folder if path.is_dir() else _into(path)

    async def take(work: Workspace, tell: report.Progress) -> Imported:
        await Capture(work).begin()
        return await into(work, path, tell)

    return lambda tell: in_study(ctx, lambda work: take(work, tell), write=True, create=True)


def _into(path: Path) -> Into:
    """How a file comes into a study, by what it holds."""
    if is_medium(path):
        return imports.import_file
    data = path.read_bytes()
    if notes_table.read_notes(data, path.name) is not None:
        return imports.import_csv
    sheet = callsheet.read_plan(data, path.name, 2000)
    if sheet.rows:
        return _import_plan
    if sheet.columns or path.suffix.lower() == ".xlsx" or sheet.problems[0].why != "no-header":
        raise NotUnderstood(problem_words(sheet.problems[0], told))
    raise NotUnderstood(Sentence(notes_table.NOT_NOTES, name=path.name))


async def _import_plan(work: Workspace, path: Path, _tell: report.Progress) -> Imported:
    """A call sheet or a plan: the study's days, and the sessions planned on them."""
    sheet = callsheet.read_plan(path.read_bytes(), path.name, callsheet_taking.year_of(work))
    found = (await callsheet_taking.take_plan(work, sheet)).made
    if found.refused:
        raise NotUnderstood(" ".join(problem_words(problem, told) for problem in found.problems))
    said = [problem_words(problem, told) for problem in found.problems]
    return Imported(study=work.store.project, new=found.new, same=found.same, changed=found.changed, problems=said)


def _show_imported(ctx: click.Context, done: Imported) -> None:
    line = _("New: {new}. Already here: {same}. Changed: {changed}.")
    say(
        line.format(
            new=counted({kind: n for kind, n in sorted(done.new.items()) if n}) or "0",
            same=done.same,
            changed=done.changed,
        )
    )
    if done.kept_as_edited:
        words = Counted(
            "{n} record was edited here since; your words were kept.",
            "{n} records were edited here since; your words were kept.", done.kept_as_edited,
        )  # fmt: skip
        say(told.told(words))
    if done.erased:
        words = Counted(
            "{n} was erased for good on this device and was not taken in.",
            "{n} were erased for good on this device and were not taken in.", done.erased,
        )  # fmt: skip
        say(told.told(words))
    if done.passed_over:
        words = Counted(
            "{n} file was passed over: a system keeps it for itself.",
            "{n} files were passed over: a system keeps them for itself.", done.passed_over,
        )  # fmt: skip
        say(told.told(words))
    if done.digits:
        line = _("Eight digits for the device that made it: {digits}. Typed there, it counts as backed up.")
        say(line.format(digits=digits.spaced(done.digits)))
    for name, (verdict, sentence) in done.verdicts.items():
        if verdict != "ok":
            say(_("{path}: {why}").format(path=name, why=told.told(sentence)))
    faults(ctx, done.problems, failed=done.damaged)
