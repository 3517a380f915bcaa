"""`fieldlog days`: the production days and what they hold."""

from __future__ import annotations

from typing import Any

import click

from fieldlog.cli.door import main
from fieldlog.cli.rows import as_json, print_rows
from fieldlog.cli.speaking import _, say_table, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.called import DAY_TYPES
from fieldlog.services.rows import days as production_days
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("The production days, with what each holds."),
    examples=(
        ("fieldlog days", _("A line for each day.")),
        ("fieldlog days --json", _("The same for another program.")),
    ),
)
@as_json
@click.pass_context
def days(ctx: click.Context, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        print_rows(production_days.days(work.store), as_json, _show_days)

    run(in_study(ctx, read, write=False))


def _show_days(rows: list[dict[str, Any]]) -> None:
    heads = dict.fromkeys((_("Day"), _("Date"), _("Type")), "left")
    heads |= dict.fromkeys((_("Notes"), _("Voices"), _("Photos")), "right") | {_("Title"): "left"}
    say_table(heads, [_cells(row) for row in rows])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    kind = told(DAY_TYPES.get(row["type"], row["type"]))
    counts = [str(row[name]) for name in ("entries", "voices", "photos")]
    return row["code"], row["date"], kind, *counts, row["title"] or ""
