"""Rows as a person reads them, or one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from fieldlog.cli.speaking import _, catalogue, out, told

as_json = click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))


def print_rows(
    rows: Iterable[dict[str, Any]], as_json: bool, show: Callable[[list[dict[str, Any]]], None]
) -> None:
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        show(list(rows))


def show_entries(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        mark = " ?" if row["suspect"] else ""
        where = " · ".join(part for part in (row["kind"], row["note_type"], row["session"], row["scene"]) if part)
        out.print(
            f"{row['day']}  {row['occurred_at'][:16].replace('T', ' ')}{mark}  {where}", style="bold", markup=False
        )
        out.print(row["text"], markup=False, soft_wrap=True)
        if row["unread"]:
            out.print(told.told(row["unread"]), style="yellow", markup=False, soft_wrap=True)
    out.print(catalogue.ngettext("{n} entry", "{n} entries", len(rows)).format(n=len(rows)), style="dim")
