"""How many of what, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldlog.cli.speaking import _, told
from fieldlog.model.sentence import Counted

KINDS: Mapping[str, Callable[[int], Counted]] = {
    "attachment": lambda n: Counted("{n} file", "{n} files", n),
    "bytes": lambda n: Counted("{n} byte", "{n} bytes", n),
    "code": lambda n: Counted("{n} code", "{n} codes", n),
    "consent-event": lambda n: Counted("{n} step of a consent", "{n} steps of consents", n),
    "day": lambda n: Counted("{n} production day", "{n} production days", n),
    "entry": lambda n: Counted("{n} entry", "{n} entries", n),
    "line": lambda n: Counted("{n} line of the journals", "{n} lines of the journals", n),
    "link": lambda n: Counted("{n} link", "{n} links", n),
    "person": lambda n: Counted("{n} person", "{n} people", n),
    "place": lambda n: Counted("{n} place", "{n} places", n),
    "planned-session": lambda n: Counted("{n} planned session", "{n} planned sessions", n),
    "scene": lambda n: Counted("{n} scene", "{n} scenes", n),
    "session": lambda n: Counted("{n} session", "{n} sessions", n),
    "study": lambda n: Counted("{n} study", "{n} studies", n),
    "take": lambda n: Counted("{n} take", "{n} takes", n),
}


def counted(found: Mapping[str, int]) -> str:
    """Each kind with its number: 2 days, 1 place."""
    return _(", ").join(told.told(KINDS[kind](n)) if kind in KINDS else f"{n} {kind}" for kind, n in found.items())


def set_aside(n: int) -> str:
    """What is said of records that are kept and can't be read."""
    words = Counted(
        "{n} record can't be read. It was set aside and goes along unchanged; `fieldlog verify` names it.",
        "{n} records can't be read. They were set aside and go along unchanged; `fieldlog verify` names them.", n,
    )  # fmt: skip
    return told.told(words)
