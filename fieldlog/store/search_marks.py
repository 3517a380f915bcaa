"""Where in a text as written the words stand that it was found by.

Normal form changes lengths: `ﬁ` is two letters in it, `…` three, a decomposed `é` one. So each piece of the text,
a character and what clings to it, is made normal by itself, and it is kept where it came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from fieldlog.store.search import plain

_VOWELS = frozenset(map(chr, range(0x1160, 0x1200)))
"""Of Hangul, and its consonants at an end."""

Spot = tuple[int, int]


def pieces(text: str) -> Iterator[Spot]:
    """The places of the text's pieces, each a character and what clings to it."""
    start = 0
    for at in range(1, len(text)):
        if not _clings(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def spots(text: str, words: Iterable[str], *, fold: bool = False) -> list[tuple[int, int, str]]:
    """Where each of the words stands in the text as written, in the order of the text: from, to, and the word.

    A word that begins or ends within what one character stands for takes all of it: `f` marks the whole of `ﬁ`.
    """
    made, came = list[str](), list[Spot]()
    for piece in pieces(text):
        made.append(plain(text[slice(*piece)], fold=fold))
        came += [piece] * len(made[-1])
    whole = "".join(made)
    found = set[tuple[int, int, str]]()
    for word in dict.fromkeys(words):
        wanted = plain(word, fold=fold)
        if not wanted:
            continue
        if whole != plain(text, fold=fold):
            # What stands side by side became one all the same, in a script we did not think of.
            found |= {(0, len(text), word)} if wanted in plain(text, fold=fold) else set()
            continue
        at = whole.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            found.add((came[at][0], came[end - 1][1], word))
            at = whole.find(wanted, end)
    return sorted(found)


def marked(text: str, words: Iterable[str], *, fold: bool = False) -> list[tuple[str, bool]]:
    """The text in runs, each with whether it is marked; together they are the text."""
    runs, done = list[tuple[str, bool]](), 0
    for start, end, _ in spots(text, words, fold=fold):
        if start > done:
            runs.append((text[done:start], False))
        if end > (begin := max(start, done)):
            runs.append((text[begin:end], True))
        done = max(done, end)
    return [*runs, (text[done:], False)] if done < len(text) else runs


def _clings(sign: str) -> bool:
    """Whether a character is written onto the one before it: an accent, a kana's mark, a vowel of Hangul."""
    if sign.isascii():
        return False
    first = unicodedata.normalize("NFKD", sign)[0]
    return unicodedata.category(sign)[0] == "M" or first in _VOWELS or unicodedata.combining(first) > 0
