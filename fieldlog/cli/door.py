"""The command itself: without a verb the app, and every refusal as a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldlog import __version__
from fieldlog.cli.speaking import _, told
from fieldlog.cli.working import run
from fieldlog.model.errors import FieldLogError
from fieldlog.services.machine import Machine, laptop


class Refusing(click.Group):
    """Turns every refusal of ours into a sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FieldLogError as refusal:
            click.echo(_("FieldLog: {sentence}").format(sentence=told.told(refusal)), err=True)
            ctx.exit(1)


on_port = click.option("--port", type=click.IntRange(1, 65_535), help=_("Where to listen; by default any."))
in_zone = click.option("--zone", help=_("The time zone of a new study, like Asia/Shanghai; else this machine's."))
no_browser = click.option("--no-browser", is_flag=True, help=_("Only print the address."))


@click.group(
    cls=Refusing, invoke_without_command=True,
    help=_("Field notes, memos and photos by production day. Without a command, the app opens in the browser."),
)  # fmt: skip
@click.option(
    "--data", envvar="FIELDLOG_DATA", type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path.home() / "FieldLog" / "data", help=_("The folder of the store (or FIELDLOG_DATA)."),
)  # fmt: skip
@click.option("--study", help=_("The id of a study; by default the one used last."))
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

    def say(address: str) -> None:
        click.echo(_("FieldLog is open at {address} — Ctrl+C closes it.").format(address=address))

    await open_app(machine, study, asgi, port=port, browser=not no_browser, say=say)
