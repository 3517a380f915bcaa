"""Rows as a person reads them, or one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import click

from fieldlog.cli.speaking import _, say, say_json, say_text, told
from fieldlog.model.called import KINDS, NOTE_TYPES
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.sentence import Counted

as_json = click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))


def print_rows(
    rows: Iterable[dict[str, Any]], as_json: bool, show: Callable[[list[dict[str, Any]]], None]
) -> None:
    if as_json:
        for row in rows:
            say_json(json.dumps(row, ensure_ascii=False))
    else:
        show(list(rows))


def show_entries(rows: list[dict[str, Any]], zone: str) -> None:
    """Each with its time as the crew counts it; `zone` is the study's."""
    for row in rows:
        clock = ProductionClock(row["date"], zone).said(parse(row["occurred_at"]))
        mark = " ?" if row["suspect"] else ""
        kind, note = row["kind"], row["note_type"]
        note_type = told(NOTE_TYPES[note]) if note in NOTE_TYPES and note != "none" else ""
        filled = _("filled in from an archive") if row["filled"] else ""
        said = (told(KINDS.get(kind, kind)), note_type, row["session"], row["scene"], filled)
        where = " · ".join(part for part in said if part)
        say(f"{row['day']}  {clock}{mark}  {where}", "bold")
        say_text(row["text"])
        for why in row.get("why", ()):
            say(told.told(why), "dim")
        if row["unread"]:
            say(told.told(row["unread"]), "warn")
    say(told.told(Counted("{n} entry", "{n} entries", len(rows))), "dim")
