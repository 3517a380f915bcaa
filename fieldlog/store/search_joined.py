"""Many texts joined to one, so that a word is looked for in all of them by one scan in C.

From a hit the scan goes on at the next text. A text that changed is looked at by itself until so many have that
all are joined anew.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, compress, repeat
from operator import contains

_SIGN = "\0"
"""Stands between texts. One that holds it is found all the same: only a word that does is looked for elsewhere."""

MOST_APART = 256
ENOUGH, MANY_OF = 1024, 3
"""A word that the first so many hits show to be in every third text or more is asked of each: there a hit costs
more than a text."""


class Joined:
    """Texts by id, which may change at any time."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._ids: list[str] = []
        self._starts: list[int] = [0]
        self._whole = ""
        self._apart: set[str] = set()

    def put(self, key: str, text: str | None) -> None:
        """The text of an id from now on; None where it has none any more."""
        if self.texts.get(key) == text:
            return
        if text is None:
            del self.texts[key]
        else:
            self.texts[key] = text
        self._apart.add(key)

    def find(self, word: str) -> set[str]:
        """The ids of all texts that hold the word."""
        if len(self._apart) > MOST_APART:
            self._join()
        places = None if _SIGN in word else self._places(word)
        if places is None:
            return set(compress(self.texts, map(contains, self.texts.values(), repeat(word))))
        found = set(map(self._ids.__getitem__, places))
        if self._apart:
            found -= self._apart
            found |= {key for key in self._apart if key in self.texts and word in self.texts[key]}
        return found

    def _join(self) -> None:
        self._ids, self._whole = list(self.texts), _SIGN.join(self.texts.values())
        self._starts = list(accumulate((len(text) + 1 for text in self.texts.values()), initial=0))
        self._apart = set()

    def _places(self, word: str) -> list[int] | None:
        """Which of the joined texts hold a word; None where so many do that each had better be asked."""
        find, starts, found = self._whole.find, self._starts, list[int]()
        at, after = find(word), 0
        while at >= 0:
            after = bisect_right(starts, at, after)
            found.append(after - 1)
            if len(found) == ENOUGH and after < ENOUGH * MANY_OF:
                return None
            at = find(word, starts[after])
        return found
