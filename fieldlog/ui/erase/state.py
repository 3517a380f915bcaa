"""What is to be erased for good."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass
class Erasure:
    """What is to be erased for good: an entry, "" for all of it, "part" or a file's id as `what`, and why.

    `start` and `end` are times as typed; `told` is why it was refused, `busy` that it is being done.
    """

    entry: str = ""
    what: str = ""
    reason: str = ""
    start: str = ""
    end: str = ""
    told: str = ""
    busy: bool = False
