"""`fieldlog verify`: every fault of the store or of an archive."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.speaking import _, complain, flush, say, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.sentence import Counted
from fieldlog.services import archiving


@main.command(
    help=_("Check journals and media, or an archive: every fault is named."),
    examples=(
        ("fieldlog verify", _("The store of this device.")),
        ("fieldlog verify ~/FieldLog/archive", _("An archive, by its manifests.")),
    ),
)
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar=_("[FOLDER]")
)
@click.pass_context
def verify(ctx: click.Context, folder: Path | None) -> None:
    if folder:
        faults = run(archiving.verify_archive(folder))
    else:
        faults = run(in_study(ctx, archiving.verify_store, write=False))
    for sentence in faults:
        say(told.told(sentence))
    if faults:
        flush()
        complain(told.told(Counted("{n} fault", "{n} faults", len(faults))))
        ctx.exit(1)
    say(_("No faults."))
