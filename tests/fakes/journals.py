"""What the journals of a store say, read line by line and folded by the simplest rule there is, to count by."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fieldlog.model.ports import Disk

Doc = dict[str, Any]
JOURNALS = "journals"


async def told_by(disk: Disk) -> dict[str, dict[str, Doc]]:
    """By kind and id, each record that is neither deleted nor erased, every field as it was said last."""
    ops = sorted([op async for op in _ops(disk)], key=lambda op: (op["t"], op["u"]))
    kinds: dict[str, str] = {}
    docs: dict[str, Doc] = {}
    gone: set[str] = set()
    for op in ops:
        record, said = op["e"], op.get("v") or {}
        match op["k"]:
            case "new":
                kinds[record] = op["r"]
                docs[record] = {**said, **docs.get(record, {}), "id": record}
            case "erase":
                gone.add(record)
            case "del" if not said:
                gone.add(record)
            case "add":
                for name, items in said.items():
                    before = docs[record].get(name) or []
                    docs[record][name] = [*before, *(one for one in items if one not in before)]
            case "del":
                for name, items in said.items():
                    docs[record][name] = [one for one in docs[record].get(name) or [] if one not in items]
            case _:
                docs.setdefault(record, {"id": record}).update(said)
    told: dict[str, dict[str, Doc]] = {}
    for record, kind in kinds.items():
        if record not in gone:
            told.setdefault(kind, {})[record] = docs[record]
    return told


async def _ops(disk: Disk) -> AsyncIterator[Doc]:
    for writer in await disk.list(JOURNALS):
        for file in await disk.list(f"{JOURNALS}/{writer.name}"):
            if file.name.endswith(".jsonl"):
                for line in (await disk.read(f"{JOURNALS}/{writer.name}/{file.name}")).splitlines():
                    for op in (json.loads(line).get("body") or {}).get("ops", ()):
                        yield op
