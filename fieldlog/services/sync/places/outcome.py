"""How a meeting with a place ended, and what helps where it did not end well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fieldlog.model.errors import Cancelled, WrongPlace
from fieldlog.services.sync.run import Exchanged
from fieldlog.services.sync.secrets import SecretNeeded

if TYPE_CHECKING:
    from fieldlog.services.archive.write import Archived

Cure = Literal["", "again", "go on", "fill", "password", "forget", "pair"]


Step = Literal["words", "originals", "archive", "reading"]
"""What goes on at a meeting: every word is exchanged, then originals, then the archive follows; or all is read
back."""


@dataclass(frozen=True, kw_only=True)
class Met:
    """What the exchange did, and what was written of the archive after it; None where nothing was, or there is
    none."""

    done: Exchanged
    written: Archived | None = None


@dataclass(frozen=True, kw_only=True)
class ReadBack:
    """Everything there was read back: every fault as a sentence."""

    faults: tuple[str, ...]


Ended = Met | ReadBack | Exception
"""An exception is a refusal of ours, or of the machine's files."""


def cure_of(ended: Ended | None) -> Cure:
    """What a person can do about it, "" where nothing needs it: try it again or go on, fill the place anew, type
    its password, forget it, or pair with it anew."""
    from fieldlog.services.sync.exchange import Wiped  # not before the first screen
    from fieldlog.sync.targets.asking import LoginRefused
    from fieldlog.sync.targets.hub import NotPaired

    match ended:
        case Cancelled():
            return "go on"
        case Wiped():
            return "fill"
        case NotPaired():
            return "pair"
        case SecretNeeded() | LoginRefused():
            return "password"
        case WrongPlace():
            return "forget"
        case Exception():
            return "again"
    return ""
