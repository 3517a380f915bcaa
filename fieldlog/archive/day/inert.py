"""Words that stay words: text put into Markdown, YAML and plain text without becoming structure."""

from __future__ import annotations

import json
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INLINE = "`*_[]<&~|#${"
_START = re.compile(r"^(?:([-+>=:])|(\d{1,9})([.)])|([ \t]))", re.MULTILINE)
_MAY_START = frozenset("-+>=: \t0123456789")
_BROKEN_LINE = re.compile(r"(?<=[^\n])\n(?=[^\n])")
_NOT_IN_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def line_feeds(text: str) -> str:
    """The text with LF as its only line end and control characters as their pictures (␀)."""
    if text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(_picture, text)


def markdown(text: str) -> str:
    """Paragraphs that show exactly these words. Line ends stay as hard breaks, empty lines as paragraphs."""
    text = line_feeds(text)
    if "\n" not in text:
        return escaped(text)
    return _START.sub(_disarmed, _BROKEN_LINE.sub("\\\\\n", _spelled_out(text)))


def markdown_line(text: str) -> str:
    """The words on one line, for headings, lists and table cells."""
    return escaped(one_line(text))


def escaped(line: str) -> str:
    """Words that are on one line already."""
    line = _spelled_out(line)
    return _START.sub(_disarmed, line, count=1) if line[:1] in _MAY_START else line


def one_line(text: str) -> str:
    return _CONTROL.sub(_picture, " ".join(text.split()))


def yaml(value: str | int | list[str]) -> str:
    """A YAML scalar or list that any reader takes for exactly these words: JSON's, which YAML includes."""
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _spelled_out(text: str) -> str:
    """A backslash before every mark that would format something. Most words hold none: looking is cheap."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    for mark in _INLINE:
        if mark in text:
            text = text.replace(mark, f"\\{mark}")
    return text


def _picture(found: re.Match[str]) -> str:
    return "␡" if found[0] == "\x7f" else chr(0x2400 + ord(found[0]))


def _disarmed(found: re.Match[str]) -> str:
    mark, number, after, blank = found.groups()
    if blank:
        return "&#9;" if blank == "\t" else "&#32;"
    return f"\\{mark}" if mark else f"{number}\\{after}"
