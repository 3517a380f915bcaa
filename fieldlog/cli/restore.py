"""`fieldlog restore`: an empty store from an archive."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.speaking import _, out
from fieldlog.cli.working import run
from fieldlog.services import archiving


@main.command(help=_("Fill an empty store from an archive."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def restore(ctx: click.Context, folder: Path) -> None:
    machine, _study = ctx.obj
    show_restored(run(archiving.restore(machine, folder)))


def show_restored(done: archiving.Restored) -> None:
    line = _("{lines} lines and {files} files restored.")
    out.print(line.format(lines=done.lines, files=done.files), markup=False)
    for problem in done.problems:
        out.print(problem, style="yellow", markup=False, soft_wrap=True)
