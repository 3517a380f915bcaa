"""`fieldlog archive`: the study by production day, in a folder or as one ZIP."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.counts import set_aside
from fieldlog.cli.damage import faults
from fieldlog.cli.door import main
from fieldlog.cli.progress import progress
from fieldlog.cli.speaking import _, say, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.sentence import Counted, Sentence, sentence
from fieldlog.services.archive import write as archiving
from fieldlog.services.archive import zipped
from fieldlog.services.rows import entries
from fieldlog.services.study.workspace import Workspace

FOLDER = click.Path(file_okay=False, path_type=Path)


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and not path.is_dir()


def _folder_or_zip(ctx: click.Context, param: click.Parameter, path: Path) -> Path:
    """A folder, there or not, or a file whose name ends in .zip."""
    return path if _is_zip(path) else Path(FOLDER.convert(path, param, ctx))


@main.command(
    help=_("Write or refresh the archive by production day in a folder, or write it as one ZIP."),
    examples=(
        ("fieldlog archive ~/FieldLog/archive", _("Days that did not change are left as they are.")),
        ("fieldlog archive month.zip", _("The same files in one ZIP, read back before it says done.")),
    ),
)  # fmt: skip
@click.argument("path", type=click.Path(path_type=Path), callback=_folder_or_zip, metavar=_("FOLDER"))
@click.pass_context
def archive(ctx: click.Context, path: Path) -> None:
    with progress() as bar:
        task = bar.add_task(_("Archiving"), total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        async def write(work: Workspace) -> tuple[archiving.Archived, int]:
            if _is_zip(path):
                written = (await zipped.write_zip(work, path, tell)).written
            else:
                written = await archiving.write_archive(work, path, tell)
            return written, entries.set_aside(work.store)

        written, aside = run(in_study(ctx, write, write=False))
    _show_written(written, aside, as_zip=_is_zip(path))
    say(str(path.resolve()))
    failed = bool(written.missing or written.damaged or written.problems)
    faults(ctx, [*_not_whole(written), *written.problems], failed=failed)


def _show_written(written: archiving.Archived, aside: int, *, as_zip: bool) -> None:
    days, kept = len(written.days_written), len(written.kept_days)
    words = Counted("{n} day written, {kept} unchanged.", "{n} days written, {kept} unchanged.", days, kept=kept)
    if as_zip:
        words = Counted("{n} day in one ZIP, read back whole.", "{n} days in one ZIP, read back whole.", days)
    say(told.told(words))
    for path in written.foreign:
        say(_("Not ours, left alone: {path}").format(path=path))
    if aside:
        say(set_aside(aside), "warn")


_NOT_WHOLE = sentence("Its bytes are not whole in this store: {path}")


def _not_whole(written: archiving.Archived) -> list[str]:
    return [Sentence(_NOT_WHOLE, path=path) for path in (*written.missing, *written.damaged)]
