"""`fieldlog archive`: the study by production day, in a folder."""

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
from fieldlog.services.rows import reading
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("Write or refresh the archive by production day in a folder."),
    examples=(("fieldlog archive ~/FieldLog/archive", _("Days that did not change are left as they are.")),),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar=_("FOLDER"))
@click.pass_context
def archive(ctx: click.Context, folder: Path) -> None:
    with progress() as bar:
        task = bar.add_task(_("Archiving"), total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        async def write(work: Workspace) -> tuple[archiving.Archived, int]:
            return await archiving.write_archive(work, folder, tell), reading.set_aside(work.store)

        written, aside = run(in_study(ctx, write, write=False))
    _show_written(written, aside)
    say(str(folder.resolve()))
    failed = bool(written.missing or written.damaged or written.problems)
    faults(ctx, [*_not_whole(written), *written.problems], failed=failed)


def _show_written(written: archiving.Archived, aside: int) -> None:
    words = Counted(
        "{n} day written, {kept} unchanged.", "{n} days written, {kept} unchanged.", len(written.days_written),
        kept=len(written.kept_days),
    )  # fmt: skip
    say(told.told(words))
    for path in written.foreign:
        say(_("Not ours, left alone: {path}").format(path=path))
    if aside:
        say(set_aside(aside), "warn")


_NOT_WHOLE = sentence("Its bytes are not whole in this store: {path}")


def _not_whole(written: archiving.Archived) -> list[str]:
    return [Sentence(_NOT_WHOLE, path=path) for path in (*written.missing, *written.damaged)]
