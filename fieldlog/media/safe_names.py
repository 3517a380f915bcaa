"""File names that not every computer can hold. Pure."""

from __future__ import annotations

import re

MOST_CHARACTERS = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


def name_fault(name: str) -> str:
    """Why a file can't keep its name everywhere: "", long, reserved or forbidden."""
    if len(name) > MOST_CHARACTERS:
        return "long"
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip(" ")):
        return "reserved"
    if _FORBIDDEN.search(name) or name.endswith((".", " ")) or not name:
        return "forbidden"
    return ""
