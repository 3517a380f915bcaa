"""What is not as it should be: each named, and no success for the shell where something is lost or missing."""

from __future__ import annotations

from collections.abc import Collection

import click

from fieldlog.cli.speaking import complain, flush, say, told
from fieldlog.model.sentence import Counted


def faults(ctx: click.Context, sentences: Collection[str], *, failed: bool) -> None:
    """Name each; where it `failed`, end with 1."""
    for one in sentences:
        say(told.told(one), "warn")
    if failed:
        flush()
        complain(told.told(Counted("{n} fault", "{n} faults", len(sentences))))
        ctx.exit(1)
