"""`fieldlog day`: one production day."""

from __future__ import annotations

from functools import partial

import click

from fieldlog.cli.door import main
from fieldlog.cli.rows import as_json, print_rows, show_entries
from fieldlog.cli.speaking import _
from fieldlog.cli.working import in_study, run
from fieldlog.services.rows import entries
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("One production day, by its code, number or date."),
    examples=(
        ("fieldlog day PD14", _("Everything of that day, in its order.")),
        ("fieldlog day 2025-03-16", _("The day by its date.")),
    ),
)
@click.argument("day", metavar=_("DAY"))
@as_json
@click.pass_context
def day(ctx: click.Context, day: str, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        print_rows(entries.day(work.store, day), as_json, partial(show_entries, zone=work.zone))

    run(in_study(ctx, read, write=False))
