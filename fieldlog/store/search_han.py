"""Traditional and simplified characters as one, for who chooses that.

Characters, not phrases: 乾, 幹 and 干 become one, so more is found and nothing is lost; 瞭解 and 了解 stay two.
Each character stays one character, so that a place in the folded text is the same place in the text itself.
"""

from __future__ import annotations

from functools import cache
from pkgutil import get_data


def simplified(text: str) -> str:
    """The text with each traditional character as the simplified one that is written for it most."""
    return text.translate(table())


@cache
def table() -> dict[int, int]:
    """From character to character, as `str.translate` takes it: read when first asked for.

    It is applied to itself: what it makes of a character stays as it is.
    """
    lines = (get_data("fieldlog.store", "opencc/TSCharacters.txt") or b"").decode("utf-8").splitlines()
    first = {ord(old): ord(new.split(" ")[0]) for old, new in (line.split("\t") for line in lines)}
    made = {}
    for old in first:
        new, seen = old, set[int]()
        while new not in seen and new in first:
            seen.add(new)
            new = first[new]
        if new != old:
            made[old] = new
    return made
