"""`fieldlog archive`: the study by production day, in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.progress import progress
from fieldlog.cli.speaking import _, out
from fieldlog.cli.working import in_study, run
from fieldlog.services import archiving


@main.command(help=_("Write or refresh the archive by production day in a folder."))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def archive(ctx: click.Context, folder: Path) -> None:
    with progress() as bar:
        task = bar.add_task(_("Archiving"), total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        written = run(in_study(ctx, lambda work: archiving.write_archive(work, folder, tell), write=False))
    line = _("{days} days written, {kept} unchanged.")
    out.print(line.format(days=len(written.days_written), kept=len(written.kept_days)), markup=False)
    for path in written.foreign:
        out.print(_("Not ours, left alone: {path}").format(path=path), markup=False, soft_wrap=True)
    for path in (*written.missing, *written.damaged):
        line = _("Its bytes are not whole in this store: {path}")
        out.print(line.format(path=path), style="yellow", markup=False, soft_wrap=True)
    out.print(str(folder.resolve()), markup=False, soft_wrap=True)
