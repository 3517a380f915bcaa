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
from fieldlog.model.sentence import Counted
from fieldlog.services.conflicts import open_fields
from fieldlog.services.conflicts.open_fields import Conflict, Said
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.words.fields import RECORDS, field_words, value_words
from fieldlog.ui.words.times import moment_words


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
    versions = [
        {"value": said.value, "at": said.at or None, "device": said.writer, "here": said.here} for said in one.versions
    ]  # fmt: skip
    return {"record": one.record, "kind": one.kind, "field": one.field, "date": work.store.state.date(one.record),
            "versions": versions}  # fmt: skip


def _show(work: Workspace, found: Iterable[Conflict], rows: list[dict[str, Any]]) -> None:
    for one in found:
        named = " · ".join(filter(None, (told(RECORDS[one.kind]), _called(work, one.record), one.record)))
        say(f"{named} · {field_words(one.field, told)}", "bold")
        for said in one.versions:
            say(f"  {_who(work, said)}", "dim")
            value = value_words(one.field, said.value, work.zone, told, lambda _, record: _called(work, record))
            say_text(str(said.value) if one.is_text and said.value else value)
    say(told.told(Counted("{n} to settle", "{n} to settle", len(rows))), "dim")


def _who(work: Workspace, said: Said) -> str:
    device = told("this device") if said.here else told("another device, {writer}", writer=said.writer[:6])
    return f"{device} · {moment_words(parse(said.at), work.zone, told)}" if said.at else told("imported")


def _called(work: Workspace, value: Any) -> str:
    """A record by its code, its title or its name; anything else as it is."""
    doc = work.store.state.get(value) if isinstance(value, str) else None
    return next((str(doc[name]) for name in ("code", "title", "name") if doc.get(name)), "") if doc else str(value)
