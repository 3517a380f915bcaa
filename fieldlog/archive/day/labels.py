"""The fixed words of an archive, in English and Chinese: they are read without the program's help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fieldlog.archive.day.content import DayContent, Docs
from fieldlog.archive.day.inert import one_line
from fieldlog.model import called
from fieldlog.model.standing import erased

Doc = Mapping[str, Any]


def _both(table: Mapping[str, called.Called], but: str = "") -> dict[str, str]:
    """In English and Chinese what each value is called; what goes without saying is left out."""
    return {name: str(words) for name, words in table.items() if name != but}


KINDS, SESSION_TYPES, DAY_TYPES = _both(called.KINDS), _both(called.SESSION_TYPES), _both(called.DAY_TYPES)
SPEECH, RELS = _both(called.SPEECH), _both(called.LINK_RELS)
CERTAINTY, TAKE_RESULTS = _both(called.CERTAINTY), _both(called.TAKE_RESULTS)
MAY_RECORD = _both(called.MAY_RECORD)
SENSITIVITY = _both(called.SENSITIVITY, but="normal")
NOTE_TYPES = {name: f"{name} {words.zh}" for name, words in called.NOTE_TYPES.items() if name != "none"}
"""By their code, as in the literature, which tables hold too."""

FILES = {"audio": KINDS["voice"], "photo": KINDS["photo"], "document": KINDS["paper"]}

REMOVED = "(removed 已移除)"
OUTSIDE = "Outside any session 不在时段内"
NO_WORDS = "(no words 无文字)"


def removed(count: int) -> str:
    items = "item" if count == 1 else "items"
    return f"{count} {items} removed on request 应要求移除 {count} 条"


class Joined(dict[tuple[str, ...], str]):
    """Ids to what they are called, in one text made once: the same few stand beside most entries of a day."""

    def __init__(self, called: Mapping[str, str], between: str, finish: Callable[[str], str] = str) -> None:
        self._called, self._between, self._finish = called, between, finish

    def __missing__(self, ids: tuple[str, ...]) -> str:
        text = self._finish(self._between.join([self._called.get(name, name) for name in ids]))
        self[ids] = text
        return text


class Labels:
    """What ids are called, on one line: `short` is a code, `name` a name, `full` a code with its name.

    An id nothing is known of stays as it is.
    """

    def __init__(self, content: DayContent) -> None:
        self.short: dict[str, str] = {}
        self.full: dict[str, str] = {}
        self.name: dict[str, str] = {}
        for table in ("people", "places", "scenes", "takes", "codes"):
            self._learn(content.names.get(table, {}))
        for name, root in content.same.items():
            if root in self.short:
                self.short[name], self.full[name] = self.short[root], self.full[root]
                self.name[name] = self.name[root]
        self._codes = Joined(self.short, ", ")
        self._names = Joined(self.full, ", ")

    def _learn(self, docs: Docs) -> None:
        for name, doc in docs.items():
            code = str(doc.get("code") or doc.get("take") or name)
            called = called_of(doc)
            if erased(doc):
                code = called = REMOVED
            code, called = one_line(code), one_line(called)
            self.short[name], self.name[name] = code, called or code
            self.full[name] = f"{code} {called}" if called and called != code else code

    def codes(self, ids: Iterable[str]) -> str:
        return self._codes[tuple(ids)]

    def names(self, ids: Iterable[str]) -> str:
        return self._names[tuple(ids)]


def called_of(doc: Doc) -> str:
    """Pseudonym, name, label or title in the first language it has."""
    for name in ("pseudonym", "name", "label", "title", "pseudonym_zh", "name_zh", "label_zh"):
        if doc.get(name):
            return str(doc[name])
    return ""


def session_title(session: Doc) -> str:
    if erased(session):
        return REMOVED
    kind = SESSION_TYPES.get(session.get("type", "other"), str(session.get("type")))
    return f"{kind}: {session['title']}" if session.get("title") else kind
