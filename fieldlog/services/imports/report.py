"""What an import did, and who is told while it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from fieldlog.model.sentence import sentence

ANOTHERS = sentence("{name} is of another study than the one that was chosen; nothing was imported.")
Progress = Callable[[str, int, int], None]
"""Told what is being imported, how many are done and how many there are."""


@dataclass
class Imported:
    """What an import did. `problems` are sentences; nothing that has a problem is dropped unsaid.

    `damaged` says that something of what came in is lost or missing, and named among the problems. `verdicts`
    maps each file's name to its verdict and its sentence. `passed_over` counts the files in which a system keeps
    what is its own, `erased` what was erased for good here and was not taken in again. `digits` prove a bundle to
    the device that made it; "" unless all of it was read back from this store. `forked` are the writers under
    which several devices had gone on, of which one was not known here.
    """

    study: str = ""
    new: Counter[str] = field(default_factory=Counter)
    same: int = 0
    changed: int = 0
    kept_as_edited: int = 0
    passed_over: int = 0
    erased: int = 0
    problems: list[str] = field(default_factory=list)
    damaged: bool = False
    digits: str = ""
    forked: list[str] = field(default_factory=list)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)


def no_progress(what: str, done: int, total: int) -> None:
    """Tells nobody."""
