"""`fieldlog restore`: an empty store from an archive."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.counts import counted
from fieldlog.cli.damage import faults
from fieldlog.cli.door import main
from fieldlog.cli.speaking import _, say
from fieldlog.cli.working import run
from fieldlog.services.archive import restore as restoring


@main.command(
    help=_("Fill an empty store from an archive."),
    examples=(
        (_("fieldlog --data new/ restore ~/FieldLog/archive"), _("A store in another folder, from an archive.")),
    ),
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar=_("FOLDER"))
@click.pass_context
def restore(ctx: click.Context, folder: Path) -> None:
    machine, _study = ctx.obj
    show_restored(ctx, run(restoring.restore(machine, folder)))


def show_restored(ctx: click.Context, done: restoring.Restored) -> None:
    what = counted({"line": done.lines, "attachment": done.files})
    say(_("Restored: {what}.").format(what=what))
    faults(ctx, done.problems, failed=done.damaged)
