"""Which paths name a place inside a store, and what an unfinished file is called."""

from __future__ import annotations

import secrets

from fieldlog.model.errors import WrongPlace
from fieldlog.model.sentence import Sentence

TEMP_SUFFIX = ".part~"
"""Ends the name of a file that `replace` had not finished when the power went.

It lies beside the file it was meant for and may hold anything. `list` shows it, and readers skip it. Where several
processes may write to one folder a random part stands before it, so that two never write into one file; whoever
may write there alone removes what was left.
"""

PRIVATE_SUFFIX = ".key"
"""Ends the name of a file that only its owner may read, where the machine has such rights."""

_NO_NAMES = {"", ".", ".."}


def temp_name(name: str) -> str:
    """What a file is called while it is written that is to be called `name`; no two ever are called the same."""
    return f"{name}.{secrets.token_hex(4)}{TEMP_SUFFIX}"


def parts_of(path: str) -> tuple[str, ...]:
    """The names in a path, outermost first.

    Raises `WrongPlace` for whatever could lead out of the store on some machine: an absolute path,
    `.` or `..`, an empty part, a backslash, a colon (a drive on Windows) or NUL.
    """
    parts = tuple(path.split("/"))
    if not _NO_NAMES.isdisjoint(parts) or "\\" in path or ":" in path or "\0" in path:
        raise WrongPlace(
            Sentence("“{path}” does not name a place inside this store; nothing was changed.", path=path)
        )
    return parts


def folder_parts(folder: str) -> tuple[str, ...]:
    """Like `parts_of`, but "" names the root."""
    return parts_of(folder) if folder else ()
