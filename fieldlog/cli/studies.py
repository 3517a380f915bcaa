"""`fieldlog studies`: those on this device, a new one, and one that leaves."""

from __future__ import annotations

from typing import Any

import click

from fieldlog.cli.door import in_zone, main
from fieldlog.cli.rows import as_json, print_rows
from fieldlog.cli.speaking import _, say, say_table
from fieldlog.cli.working import run
from fieldlog.services.archive.removal import remove_study
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.zone import ZoneUnknown
from fieldlog.services.study.studies import list_studies, new_study

NUMBER = click.IntRange()
NUMBER.name = _("whole number")


@main.group(
    invoke_without_command=True, help=_("The studies of this device; `new` makes one."),
    examples=(
        ("fieldlog studies", _("A line for each; the one used last is marked.")),
        ("fieldlog --study ID days", _("A command in another study than the one used last.")),
    ),
)  # fmt: skip
@as_json
@click.pass_context
def studies(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand is None:
        found = run(list_studies(ctx.obj[0]))
        print_rows(({**vars(one)} for one in found), as_json, _show_studies)


def _show_studies(rows: list[dict[str, Any]]) -> None:
    heads = {"": "left", _("Study"): "left", _("Notes"): "right", _("Title"): "left"}
    say_table(
        heads, [("*" if row["current"] else "", row["id"], str(row["entries"]), row["title"]) for row in rows]
    )


@studies.command(
    help=_("Make a study, plan its days and print its id."),
    examples=(
        (_('fieldlog studies new "Night block" --zone Asia/Shanghai'), _("A study whose first day is today.")),
        (
            _('fieldlog studies new "Night block" --first 2025-03-03 --days 28'),
            _("28 production days from that date on."),
        ),
    ),
)
@click.argument("title", metavar=_("TITLE"))
@in_zone
@click.option(
    "--first",
    metavar=_("DATE"),
    help=_("The date of its first production day, like 2025-03-03; by default today."),
)
@click.option(
    "--days",
    type=NUMBER,
    metavar=_("NUMBER"),
    default=28,
    show_default=True,
    help=_("How many production days it has."),
)
@click.pass_context
def new(ctx: click.Context, title: str, zone: str | None, first: str | None, days: int) -> None:
    machine: Machine = ctx.obj[0]
    now = machine.clock()
    where = zone or now.zone
    if where is None:
        raise ZoneUnknown()

    async def make(zone: str) -> str:
        work = await new_study(
            machine, title=title, zone=zone, first_day=first or now.at.date().isoformat(), days=days
        )  # fmt: skip
        await work.close()
        return work.store.project

    say(run(make(where)))


@studies.command(
    help=_("Remove a study from this device. Backups, archives and other devices keep it."),
    examples=(
        ("fieldlog studies remove ID", _("Where all of it is in a backup or a checked archive.")),
        (
            _('fieldlog studies remove ID --title "Night block"'),
            _("Else with its title: what is only here is lost."),
        ),
    ),
)
@click.argument("study", metavar=_("ID"))
@click.option("--title", metavar=_("TITLE"), default="", help=_("Its title, to remove it all the same."))
@click.pass_context
def remove(ctx: click.Context, study: str, title: str) -> None:
    run(remove_study(ctx.obj[0], study, title))
    say(_("Removed from this device."))
