"""Bytes into letters: the text of a file, a pipe or an argument, whatever wrote it. Nothing is read half."""

from __future__ import annotations

import codecs
import re

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence, sentence

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
"""What a file may begin with; a mark of UTF-32 begins with one of UTF-16."""

_WIDE = re.compile(r"[\t\n\r -~\u00a0-\u00ff\u2010-\u2026\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
"""Signs that fill a text of ours; bytes paired the wrong way round make few of them."""

_WESTERN = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿŒœŠšŸŽž€…–—‘’“”«»°·¿¡\u00a0]*")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
UNREADABLE = sentence("Its letters can't be read. Save it as UTF-8.")


def decoded(data: bytes) -> str:
    """The text of some bytes, without the marks a file may begin with. Pure.

    UTF-8, UTF-16 with or without a mark, GB 18030; else what `charset-normalizer` takes it for. Raises
    `NotUnderstood` where that is unsure: a sign that can't be read is never replaced, and no NUL is let in.
    """
    if not data:
        return ""
    coding = next((coding for mark, coding in _MARKS if data.startswith(mark)), None)
    if coding:
        text = _strictly(data, coding)
    elif b"\0" in data:
        text = _unmarked_utf16(data)
    else:
        text = _strictly(data, "utf-8") or _chinese(data) or _western(data) or _recognised(data)
    if text is None or "\0" in text:
        raise NotUnderstood(Sentence(UNREADABLE))
    return text.lstrip("\ufeff")


def _strictly(data: bytes, coding: str) -> str | None:
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """The text, where each NUL is half of a plain letter, and other signs are not two letters: those are a text
    with a NUL in it."""
    found = [text for coding in ("utf-16-le", "utf-16-be") if (text := _strictly(data, coding))]
    best = max(found, key=lambda text: len(_WIDE.findall(text)), default="")
    wide = [sign.encode("utf-16-le") for sign in best if sign > "\u00ff"]
    paired = wide and all(halves.isascii() and min(halves) > 0x1F for halves in wide)
    halved = len(best) - len(wide) > data.count(0) / 2
    return best if len(_WIDE.findall(best)) > 0.9 * len(best) and halved and not paired else None


def _chinese(data: bytes) -> str | None:
    """The text, where it is one in GB 18030: most of its signs are the usual ones, those of GB 2312's first level.

    Korean lies in the first half of these alone; Chinese goes on in the second (from sh- to z-).
    """
    text = _strictly(data, "gb18030")
    if text is None:
        return None
    leads = [pair[0] for pair in _PAIR.findall(data) if pair[1] >= 0xA1]
    usual = [lead for lead in leads if 0xB0 <= lead <= 0xD7]
    others = len(re.findall(r"[^\x00-\x7f]", text)) - len([lead for lead in leads if lead < 0xA4])
    if not leads or len(usual) < 0.8 * others:
        return None
    return text if len(usual) < 10 or any(lead > 0xC8 for lead in usual) else None


def _western(data: bytes) -> str | None:
    """The text, where a few letters have accents, as Windows wrote them in the west of Europe."""
    text = _strictly(data, "cp1252")
    accented = len(re.findall(r"[^\x00-\x7f]", text or ""))
    return text if text and _WESTERN.fullmatch(text) and accented <= 0.3 * len(text) else None


def _recognised(data: bytes) -> str | None:
    # Late: it takes a while to import, and hardly any file needs it.
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_exclusion=["utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32"]).best()
    text = None if best is None else _strictly(data, best.encoding)
    return text if best is not None and best.chaos < 0.2 else None
