"""Rows as a person reads them, or one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import click

from fieldlog.cli.speaking import _, say, say_json, say_text, told
from fieldlog.model.sentence import Counted
from fieldlog.ui.views import KINDS

as_json = click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))


def print_rows(
    rows: Iterable[dict[str, Any]], as_json: bool, show: Callable[[list[dict[str, Any]]], None]
) -> None:
    if as_json:
        for row in rows:
            say_json(json.dumps(row, ensure_ascii=False))
    else:
        show(list(rows))


def show_entries(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        mark = " ?" if row["suspect"] else ""
        kind = told(KINDS[row["kind"]]) if row["kind"] in KINDS else row["kind"]
        note_type = row["note_type"] if row["note_type"] != "none" else ""
        where = " · ".join(part for part in (kind, note_type, row["session"], row["scene"]) if part)
        say(f"{row['day']}  {row['occurred_at'][:16].replace('T', ' ')}{mark}  {where}", "bold")
        say_text(row["text"])
        if row["unread"]:
            say(told.told(row["unread"]), "warn")
    say(told.told(Counted("{n} entry", "{n} entries", len(rows))), "dim")
