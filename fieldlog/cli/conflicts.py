"""`fieldlog conflicts`: what was changed on two devices at once, and is still to be settled."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import click

from fieldlog.cli.door import main
from fieldlog.cli.rows import as_json, print_rows
from fieldlog.cli.speaking import _, say, say_text, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.sentence import Counted
from fieldlog.services.conflicts import open_fields
from fieldlog.services.conflicts.open_fields import Conflict
from fieldlog.services.rows import entries
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.conflicts.views import conflict_view


@main.command(
    help=_("What was changed on two devices at once. All of it is kept; it is settled in the app."),
    examples=(
        ("fieldlog conflicts", _("Each with what every device said, and when.")),
        ("fieldlog conflicts --json", _("The same for another program.")),
    ),
)
@as_json
@click.pass_context
def conflicts(ctx: click.Context, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        found = await open_fields.read(work)
        print_rows([_row(work, one) for one in found], as_json, partial(_show, work, found))

    run(in_study(ctx, read, write=False))


def _row(work: Workspace, one: Conflict) -> dict[str, Any]:
    return {
        "record": one.record, "kind": one.kind, "field": one.field, "date": work.store.state.date(one.record),
        "versions": [
            {"value": said.value, "at": said.at or None, "device": said.writer, "here": said.here}
            for said in one.versions
        ],
    }  # fmt: skip


def _show(work: Workspace, found: Iterable[Conflict], rows: list[dict[str, Any]]) -> None:
    for one in found:
        name = _entry(work, one.record) if one.kind == "entry" else _called(work, one.record)
        view = conflict_view(one, name, work.zone, told, lambda _, value: _called(work, value))
        say(f"{view.about} · {view.field}", "bold")
        for version in view.versions:
            say(f"  {version.who}", "dim")
            say_text(version.value)
    say(told.told(Counted("{n} to settle", "{n} to settle", len(rows))), "dim")


def _entry(work: Workspace, record: str) -> str:
    """Its day, and its time as the crew counts it."""
    row = entries.entry(work.store, record)
    return f"{row['day']} {ProductionClock(row['date'], work.zone).said(parse(row['occurred_at']))}"


def _called(work: Workspace, value: Any) -> str:
    """A record by its code, its title or its name; anything else as it is."""
    doc = work.store.state.get(value) if isinstance(value, str) else None
    return next((str(doc[name]) for name in ("code", "title", "name") if doc.get(name)), "") if doc else str(value)
