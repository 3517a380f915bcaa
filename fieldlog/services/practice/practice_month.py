"""The month to practise on: the fictional one, with a few entries, photos and memos more."""

from __future__ import annotations

import json
from typing import Any

from fieldlog.services.imports.imports import import_month
from fieldlog.services.imports.report import Imported, Progress, no_progress
from fieldlog.services.machine.bundled import practice_part, sample_month
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.workspace import Workspace


async def bring_practice(
    machine: Machine, progress: Progress = no_progress, *, here: Workspace | None = None
) -> Imported:  # fmt: skip
    """Import it into its own study; `here` is a study that is open already. The same again changes nothing."""
    month = json.loads(sample_month().read_text(encoding="utf-8"))
    more = json.loads(practice_part().read_text(encoding="utf-8"))
    data = json.dumps(with_more(month, more), ensure_ascii=False).encode()
    source = Bytes(name=sample_month().name, data=data)
    return await import_month(machine, source, progress, here=here, beside=practice_part().parent)


def with_more(month: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The month with what there is more of it, and each file by its path beside it."""
    attachments = [*month["attachments"], *more["attachments"]]
    files = more["files"]
    named = [{**one, "file": files[one["id"]]} if one["id"] in files else one for one in attachments]
    return {**month, "attachments": named, "entries": [*month["entries"], *more["entries"]]}
