"""What the terminal says: the one place that prints, in the language of who reads it.

What it shows was written by somebody. Signs that steer a screen, or turn the order of letters, are shown by their
number, `\\u001b`, as JSON writes them: no note can rewrite a screen, and none is lost.
"""

from __future__ import annotations

import gettext
import io
import os
import re
import sys
from contextlib import suppress
from typing import Any, TextIO

import click

from fieldlog.model.errors import FieldLogError
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Sentence
from fieldlog.ui.words.words import LOCALE, Words, language, translation

# Click says usage and its errors by gettext's own domain; this makes it ours, in our language.
os.environ["LANGUAGE"] = language()
gettext.bindtextdomain("fieldlog", LOCALE)
gettext.textdomain("fieldlog")

catalogue = translation(language())
_ = catalogue.gettext
told = Words(language())

STYLES: dict[str, dict[str, Any]] = {
    "": {},
    "bold": {"bold": True},
    "dim": {"dim": True},
    "warn": {"fg": "yellow"},
}
PIPE_WIDTH = 100_000
"""Where no screen is, no table is folded."""

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MANY_LINES = re.compile(f"{_STEERING.pattern}|[\n\t]")


class Unsaid(FieldLogError):
    """The output takes no more."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(
            Sentence(
                "The output could not be written ({why}). What was asked for may be done already; look before you "
                "ask again.",
                why=why,
            )
        )


def signs(text: str) -> str:
    """A text with its lines; what would steer a screen is shown."""
    return _STEERING.sub(_number, text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """A text on one line: its line ends are shown, too, so that it can't pretend to be another line of ours."""
    return _MANY_LINES.sub(_number, text)


def _number(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"


def say(said: str, style: str = "") -> None:
    """A sentence of ours, on one line."""
    say_text(line(said), style)


def say_text(text: str, style: str = "") -> None:
    """A text as it was written, with its lines."""
    shown = signs(text)
    _write(click.style(shown, **STYLES[style]) + "\n" if style and _on_screen() else shown + "\n")


def say_json(text: str) -> None:
    """JSON, in which signs that steer can be written by their numbers."""
    _write(line(text) + "\n")


def say_table(heads: dict[str, str], rows: list[tuple[str, ...]]) -> None:
    """A table under its heads, each with the side it is set to: left or right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for head, side in heads.items():
        table.add_column(head, justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(line(cell)) for cell in row))
    drawn = io.StringIO()
    on_screen = _on_screen()
    width = None if on_screen else PIPE_WIDTH
    Console(file=drawn, force_terminal=on_screen, width=width, highlight=False).print(table)
    _write(drawn.getvalue())


def flush() -> None:
    """Whatever was said is where it goes. Raises `Unsaid`, and `BrokenPipeError` where nobody reads any more."""
    _write("", now=True)


def complain(text: str) -> None:
    """On stderr. Where that takes nothing, there is nobody to tell."""
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(signs(text) + "\n")
            sys.stderr.flush()


def readable(*streams: TextIO | None) -> None:
    """Letters that a terminal has not are written by their numbers."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def hush() -> None:
    """What is still to be written goes nowhere: at its end Python would try again, and say so in its own words."""
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)


def _write(text: str, *, now: bool = False) -> None:
    if sys.stdout is None:
        raise Unsaid(Sentence("it is closed"))
    try:
        sys.stdout.write(text)
        if now:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as why:
        raise Unsaid(reason(why)) from why


def _on_screen() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
