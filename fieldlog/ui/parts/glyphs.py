"""Which characters our fonts can draw, so that none is ever a blank: the others are shown as their code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

RANGES = Path(__file__).parent / "glyphs.txt"
"""Code points in hexadecimal, first-last, a run a line; made with the fonts by `build/fonts.py`."""

_LAID_OUT = "\n\t"


def drawable(text: str) -> str:
    """The text as it can be drawn: `[U+20BB7]` for a character no font of ours has.

    For the eye alone: what is copied, kept and searched is the text itself.
    """
    if text.isascii() and text.isprintable():
        return text
    return _missing().sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


@cache
def _missing() -> re.Pattern[str]:
    runs = [line.split("-") for line in RANGES.read_text(encoding="ascii").split()]
    spans = "".join(f"{re.escape(chr(int(first, 16)))}-{re.escape(chr(int(last, 16)))}" for first, last in runs)
    return re.compile(f"[^{spans}{_LAID_OUT}]")
