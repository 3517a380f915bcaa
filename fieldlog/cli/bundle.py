"""`fieldlog bundle`: the study in one file."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.speaking import _, out
from fieldlog.cli.working import in_study, run
from fieldlog.services import bundle
from fieldlog.services.open import Workspace


@main.command("bundle", help=_("Make one file that holds the study, read back and hashed before it says done."))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--since-last", is_flag=True, help=_("Only what is new since the last bundle."))
@click.option("--team-only", is_flag=True, help=_("Leave personal notes out."))
@click.pass_context
def bundle_(ctx: click.Context, path: Path, since_last: bool, team_only: bool) -> None:
    async def make(work: Workspace) -> bundle.Made:
        return await bundle.make_bundle(work, path, since_last=since_last, team_only=team_only)

    made = run(in_study(ctx, make, write=True))
    line = _("{path}: {lines} lines, {files} files, {bytes} bytes, read back and whole.")
    out.print(
        line.format(path=path, lines=made.lines, files=made.files, bytes=made.bytes), markup=False, soft_wrap=True
    )
