"""`fieldlog days`: the production days and what they hold."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table

from fieldlog.cli.door import main
from fieldlog.cli.rows import as_json, print_rows
from fieldlog.cli.speaking import _, out
from fieldlog.cli.working import in_study, run
from fieldlog.services import reading
from fieldlog.services.open import Workspace


@main.command(help=_("The production days, with what each holds."))
@as_json
@click.pass_context
def days(ctx: click.Context, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        print_rows(reading.days(work.store), as_json, _show_days)

    run(in_study(ctx, read, write=False))


def _show_days(rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in (_("Day"), _("Date"), _("Type"), _("Notes"), _("Voices"), _("Photos"), _("Title")):
        table.add_column(name, justify="right" if name in (_("Notes"), _("Voices"), _("Photos")) else "left")
    for row in rows:
        counts = [str(row[name]) for name in ("entries", "voices", "photos")]
        table.add_row(row["code"], row["date"], row["type"], *counts, row["title"] or "")
    out.print(table)
