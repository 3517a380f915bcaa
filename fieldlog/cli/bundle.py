"""`fieldlog bundle`: the study in one file."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.counts import counted, set_aside
from fieldlog.cli.damage import faults
from fieldlog.cli.door import main
from fieldlog.cli.passphrase import passphrase, passphrase_file
from fieldlog.cli.speaking import _, say
from fieldlog.cli.working import in_study, run
from fieldlog.services.copies import bundle
from fieldlog.services.copies.bundle_parts import Made
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.rows import entries
from fieldlog.services.study.workspace import Workspace


@main.command(
    "bundle", help=_("Make one file that holds the study, read back and hashed before it says done."),
    examples=(
        ("fieldlog bundle month.zip", _("The whole study in one file, to carry to another device.")),
        ("fieldlog bundle month.sealed --sealed", _("Nobody reads it without the passphrase.")),
        ("fieldlog bundle team.zip --team-only", _("Without private notes.")),
    ),
)  # fmt: skip
@click.argument("path", type=click.Path(path_type=Path), metavar=_("FILE"))
@click.option("--since-last", is_flag=True, help=_("Only what is new since the last bundle."))
@click.option("--team-only", is_flag=True, help=_("Leave private notes out."))
@click.option("--sealed", is_flag=True, help=_("Seal it with a passphrase of at least 8 characters."))
@passphrase_file
@click.pass_context
def bundle_(
    ctx: click.Context, path: Path, since_last: bool, team_only: bool, sealed: bool, phrase: Path | None
) -> None:  # fmt: skip
    machine, _study = ctx.obj
    seal = seal_of(machine, passphrase(phrase, twice=True)) if sealed or phrase else None

    async def make(work: Workspace) -> tuple[Made, list[str], int]:
        made = await bundle.make_bundle(work, path, since_last=since_last, team_only=team_only, seal=seal)
        return made, bundle.made_words(work.store.state, made), entries.set_aside(work.store)

    made, lacking, aside = run(in_study(ctx, make, write=True))
    what = counted({"line": made.lines, "attachment": made.files, "bytes": made.bytes})
    if made.whole:
        say(_("{path}: {what}, read back and whole.").format(path=path, what=what))
    else:
        say(_("{path}: {what}, read back; it lacks what was lost or missing here.").format(path=path, what=what))
    if aside:
        say(set_aside(aside), "warn")
    faults(ctx, lacking, failed=not made.whole)
