"""What the terminal says, in the language of who reads it."""

from __future__ import annotations

from rich.console import Console

from fieldlog.ui.words import Words, language, translation

catalogue = translation(language())
_ = catalogue.gettext
told = Words(language())
out, err = Console(highlight=False), Console(stderr=True, highlight=False)
