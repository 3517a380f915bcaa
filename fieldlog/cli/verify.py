"""`fieldlog verify`: every fault of the store or of an archive."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.speaking import _, catalogue, out, told
from fieldlog.cli.working import in_study, run
from fieldlog.services import archiving


@main.command(help=_("Check journals and media, or an archive: every fault is named."))
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def verify(ctx: click.Context, folder: Path | None) -> None:
    if folder:
        faults = run(archiving.verify_archive(folder))
    else:
        faults = run(in_study(ctx, archiving.verify_store, write=False))
    for sentence in faults:
        out.print(told.told(sentence), markup=False, soft_wrap=True)
    if faults:
        click.echo(catalogue.ngettext("{n} fault", "{n} faults", len(faults)).format(n=len(faults)), err=True)
        ctx.exit(1)
    out.print(_("No faults."), markup=False)
