"""The command itself; without a verb, the app."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog import __version__
from fieldlog.cli.speaking import _, flush, say
from fieldlog.cli.verb import Verbs
from fieldlog.cli.working import run
from fieldlog.services.machine.machine import Machine, laptop

PORT = click.IntRange(1, 65_535)
PORT.name = _("whole number")
on_port = click.option("--port", type=PORT, metavar=_("NUMBER"), help=_("Where to listen; by default any."))
in_zone = click.option(
    "--zone", metavar=_("ZONE"), help=_("The time zone of a new study, like Asia/Shanghai; else this machine's.")
)
no_browser = click.option("--no-browser", is_flag=True, help=_("Only print the address."))

VERBS = {
    verb: f"fieldlog.cli.{verb}"
    for verb in "log days day find studies archive verify bundle restore sync serve conflicts erase demo".split()
} | {"import": "fieldlog.cli.import_"}
"""The file of each verb: it adds the verb to `main`, and is imported where the verb is asked for."""


@click.group(
    cls=Verbs, files=VERBS, invoke_without_command=True,
    help=_("Field notes, memos and photos by production day. Without a command, the app opens in the browser."),
    examples=(
        ("fieldlog", _("The app, in the browser.")),
        ("fieldlog demo", _("The app on the practice month; nothing of it stays unless you say so.")),
        ("fieldlog log --help", _("What a command can do, with examples.")),
    ),
)  # fmt: skip
@click.option(
    "--data", envvar="FIELDLOG_DATA", type=click.Path(path_type=Path, file_okay=False), metavar=_("FOLDER"),
    default=lambda: Path.home() / "FieldLog" / "data", help=_("The folder of the store (or FIELDLOG_DATA)."),
)  # fmt: skip
@click.option("--study", metavar=_("ID"), help=_("The id of a study; by default the one used last."))
@click.version_option(__version__)
@on_port
@no_browser
@click.pass_context
def main(ctx: click.Context, data: Path, study: str | None, port: int | None, no_browser: bool) -> None:
    ctx.obj = (laptop(data), study)
    if ctx.invoked_subcommand is None:
        run(open_here(laptop(data), study, port, no_browser))


async def open_here(machine: Machine, study: str | None, port: int | None, no_browser: bool) -> None:
    """The app, until Ctrl-C or SIGTERM."""
    from fieldlog.server.opening import open_app
    from fieldlog.ui.app import asgi

    def told_where(address: str) -> None:
        say(_("FieldLog is open at {address} — Ctrl+C closes it.").format(address=address))
        flush()

    await open_app(machine, study, asgi, port=port, browser=not no_browser, say=told_where)
