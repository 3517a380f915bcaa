"""`fieldlog find`: entries that hold all these words."""

from __future__ import annotations

from functools import partial

import click

from fieldlog.cli.door import main
from fieldlog.cli.rows import as_json, print_rows, show_entries
from fieldlog.cli.speaking import _
from fieldlog.cli.working import in_study, run
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("Entries that hold all these words, newest day first; a quoted phrase is one word."),
    examples=(
        (_("fieldlog find drawer"), _("In every field, in any script.")),
        (_('fieldlog find "once more" --in text'), _("A phrase, in the notes alone.")),
    ),
)
@click.argument("words", nargs=-1, required=True, metavar=_("WORDS..."))
@click.option("--in", "scope", type=click.Choice(["all", "text"]), default="all", help=_("Where to look."))
@as_json
@click.pass_context
def find(ctx: click.Context, words: tuple[str, ...], scope: str, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        print_rows(entry_rows.find(work.store, words, scope), as_json, partial(show_entries, zone=work.zone))

    run(in_study(ctx, read, write=False))
