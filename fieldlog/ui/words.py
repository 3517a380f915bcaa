"""Every visible word, in the reader's language."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

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
