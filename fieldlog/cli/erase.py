"""`fieldlog erase`: entries, or a part of a memo, for good."""

from __future__ import annotations

import click

from fieldlog.cli.door import main
from fieldlog.cli.speaking import _, say
from fieldlog.cli.working import in_study, run
from fieldlog.model.errors import NotUnderstood
from fieldlog.services.erase.elsewhere import Elsewhere, elsewhere
from fieldlog.services.erase.erase import REASONS, Erasing
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.words.times import seconds_of


@main.command(
    help=_("Erase entries for good, or a part of a memo. The only thing that can't be undone."),
    examples=(
        ("fieldlog erase ID --reason asked-to --yes", _("An entry with its photos and its sound.")),
        ("fieldlog erase ID --reason asked-to --from 1:05 --to 1:20 --yes", _("Fifteen seconds of a memo.")),
    ),
)
@click.argument("entries", nargs=-1, required=True, metavar=_("ID..."))
@click.option("--reason", type=click.Choice(REASONS), required=True, help=_("Why; it is kept with the day."))
@click.option("--from", "start", metavar=_("TIME"), help=_("Only a part of its sound: from here, like 1:05."))
@click.option("--to", "end", metavar=_("TIME"), help=_("Up to here, like 1:20."))
@click.option("--yes", is_flag=True, help=_("Do it."))
@click.pass_context
def erase(
    ctx: click.Context, entries: tuple[str, ...], reason: str, start: str | None, end: str | None, yes: bool
) -> None:  # fmt: skip
    if not yes:
        raise NotUnderstood(_("Erasing can't be undone. Nothing was erased; say it again with --yes."))
    part = (seconds_of(start or ""), seconds_of(end or "")) if start or end else None
    if part and len(entries) > 1:
        raise NotUnderstood(_("A part is of one entry. Nothing was erased."))

    async def go(work: Workspace) -> Elsewhere:
        erasing = Erasing(work)
        if part:
            done = await erasing.erase_span(entries[0], *part, reason=reason)
        else:
            done = await erasing.erase(entries, reason=reason)
        return await elsewhere(work, done)

    left = run(in_study(ctx, go, write=True))
    say(_("Erased. Nothing of it is left in this store."))
    for copy in left.copies:
        say(_("A backup may hold it: {path}").format(path=copy.path))
    for archive in left.archives:
        say(_("The archive holds it until it is written again: {path}").format(path=archive))
