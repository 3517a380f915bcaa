"""Every visible word, in the reader's language."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from fieldlog.model.called import Called
from fieldlog.model.sentence import Counted, Sentence

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh")


def language() -> str:
    """The language asked for by FIELDLOG_LANG, else by the machine; English where it is none of ours."""
    for name in ("FIELDLOG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        asked = os.environ.get(name, "")
        if asked:
            return "zh" if asked.lower().startswith("zh") else "en"
    return "en"


def translation(wanted: str) -> gettext.NullTranslations:
    """The words of a language; English stands in the source."""
    path = LOCALE / wanted / "LC_MESSAGES" / "fieldlog.mo"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def later(text: str) -> str:
    """Marks words of a table for translation; they are translated where they are shown."""
    return text


class Words:
    """The words of one language, for one window."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._found = translation(language)

    def __call__(self, text: str | Called, **values: object) -> str:
        """A sentence in this language, its `{names}` filled in; or what a stored value is called."""
        if isinstance(text, Called):
            return text.zh if self.chinese else text.en
        return self._found.gettext(text).format(**values)

    def many(self, one: str, more: str, n: int, **values: object) -> str:
        """A sentence with a number in it: `{n}`."""
        return self._found.ngettext(one, more, n).format(n=n, **values)

    def told(self, refusal: Exception | str) -> str:
        """A sentence of the services, raised or not, in this language where there are words for it."""
        said = refusal.args[0] if isinstance(refusal, Exception) and refusal.args else refusal
        if not isinstance(said, Sentence):
            return self._found.gettext(plain) if (plain := str(refusal)) else ""
        values = {name: self._value(one) for name, one in said.values.items()}
        if isinstance(said, Counted):
            return self.many(said.said, said.more, said.n, **values)
        return self._found.gettext(said.said).format(**values)

    def _value(self, one: object) -> object:
        """What stands in a blank, in this language where it has words for it."""
        if isinstance(one, Called):
            return self(one)
        return self.told(one) if isinstance(one, Sentence) else one

    @property
    def chinese(self) -> bool:
        return self.language == "zh"
