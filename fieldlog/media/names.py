"""File names that not every computer can hold, and the nearest that all can. Pure."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_JOINER = "\u200d"
_VARIATIONS = "\ufe0e\ufe0f🏻🏼🏽🏾🏿"


def name_fault(name: str) -> str:
    """Why a file can't keep its name everywhere: "", long, reserved or forbidden."""
    if len(name) > MOST_CHARACTERS:
        return "long"
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip(" ")):
        return "reserved"
    if _FORBIDDEN.search(name) or name.endswith((".", " ")) or not name:
        return "forbidden"
    return ""


def safe_name(name: str) -> str:
    """The nearest name every computer can hold; the extension is kept. A safe name is returned as it is."""
    if not name_fault(name):
        return name
    stem, dot, extension = name.rpartition(".")
    if not (dot and stem and len(extension) <= 10):
        stem, extension = name, ""
    stem = _FORBIDDEN.sub("_", stem)
    ending = ("." + _FORBIDDEN.sub("_", extension)).rstrip(". ")
    cut = stem[: MOST_CHARACTERS - len(ending) - 1]
    # Never end inside a character that is made of several.
    while 0 < len(cut) < len(stem) and (_joins(stem[len(cut)]) or cut[-1] == _JOINER):
        cut = cut[:-1]
    cut = cut.rstrip(". ") or "unnamed"
    return cut + ("_" if _RESERVED.fullmatch(cut.partition(".")[0].rstrip(" ")) else "") + ending


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    return bool(unicodedata.combining(character)) or character == _JOINER or character in _VARIATIONS
