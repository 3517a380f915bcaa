"""`fieldlog demo`: the app on the sample month, in a throw-away store."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from fieldlog.cli.door import main, no_browser, on_port, open_here
from fieldlog.cli.speaking import _
from fieldlog.cli.working import run
from fieldlog.services.imports import imports
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.machine.machine import laptop


@main.command(
    help=_("Open the app on the bundled sample month, in a throw-away store."),
    examples=(
        ("fieldlog demo", _("Try anything; nothing of it stays.")),
        ("fieldlog demo --into trial --no-browser", _("It stays in a folder; only the address is printed.")),
    ),
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    metavar=_("FOLDER"),
    help=_("Keep it in this folder."),
)
@on_port
@no_browser
def demo(into: Path | None, port: int | None, no_browser: bool) -> None:
    with nullcontext(into) if into else TemporaryDirectory(prefix="fieldlog-demo-") as base:
        machine = laptop(Path(base) / "store")

        async def show() -> None:
            await imports.import_month(machine, sample_month())
            await open_here(machine, None, port, no_browser)

        run(show())
