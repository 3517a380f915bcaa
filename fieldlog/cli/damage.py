"""What is lost or missing: named on the error stream, and no success for the shell."""

from __future__ import annotations

from collections.abc import Collection

import click

from fieldlog.cli.speaking import complain, flush, told


def damaged(ctx: click.Context, sentences: Collection[str]) -> None:
    """Name each and end with 1, where there are any."""
    if sentences:
        flush()
        for one in sentences:
            complain(told.told(one))
        ctx.exit(1)
