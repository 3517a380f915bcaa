"""The one gate for what comes in: what a time, a date, a zone, an id, a text is, and why something is none.

A check looks at one value and says why it can't be what it claims to be, or None where it can. Nouns name the
checks of their fields in their types (`Instant`, `Zone`, …), so whatever becomes a noun passes the same gate:
arguments, files of other programs, settings, the records of the journals.

`taken` refuses a value from outside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence

Check = Callable[[Any], Sentence | None]

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""On any wall: what every zone and every screen can show."""

FIRST, LAST = datetime(1899, 12, 31, tzinfo=UTC), datetime(2201, 1, 2, tzinfo=UTC)
"""The same as moments, for walls are up to a day from UTC."""

LAST_MS = int(LAST.timestamp() * 1000)
MOST_SECONDS = 1_000_000
_WHOLE = 2**53
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_WRITER = re.compile(r"[A-Za-z0-9-]{1,64}(?:~[0-9a-f]{16})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HALVES = re.compile("[\ud800-\udfff]")
_SHOWN = 60

MISSING = Sentence("nothing is said")
_NO_TEXT = Sentence("that is not a text")
_NO_INSTANT = Sentence("that is not a time; write it like 2025-03-16T16:05:00+08:00")
_OUTSIDE = Sentence("it lies outside of the years 1900 to 2200")
_NO_DATE = Sentence("that is not a date; write it like 2025-03-16")
_NO_ZONE = Sentence("there is no time zone of that name; write it like Asia/Shanghai")
_NO_HOUR = Sentence("a day turns at an hour, a number from 0 to 23 and no text")
_NO_ID = Sentence("an id is at most 64 letters, digits and dashes")
_NO_TRUTH = Sentence("that is neither true nor false")
_NO_WHOLE = Sentence("that is not a whole number")
_NO_NUMBER = Sentence("that is not a number")
_NO_LENGTH = Sentence("that is not a length in seconds")
_NO_SHA256 = Sentence("that is not a sha256")
_NO_LIST = Sentence("that is not a list")
_NO_MAP = Sentence("that is not a set of names and values")


class Impossible(NotUnderstood):
    """A value that can't be what it claims to be; nothing was changed."""

    def __init__(self, field: str, value: object, why: Sentence) -> None:
        blanks: dict[str, object] = {"field": field, "value": brief(value), "why": why}
        super().__init__(Sentence("{field} says {value}: {why}. Nothing was changed.", **blanks))
        self.field, self.value, self.why = field, value, why


def taken(check: Check, field: str, value: Any) -> Any:
    """The value, if it passes. Raises `Impossible`, which names the field."""
    why = check(value)
    if why is not None:
        raise Impossible(field, value, why)
    return value


def brief(value: object) -> str:
    """A value as a sentence shows it, cut where it is long."""
    try:
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        told = f"something that is a {type(value).__name__}"
    told = _HALVES.sub("\ufffd", told)
    return told if len(told) <= _SHOWN else f"{told[: _SHOWN - 1]}…"


# -- what a value is


def text(value: Any) -> Sentence | None:
    return None if type(value) is str else _NO_TEXT


def instant(value: Any) -> Sentence | None:
    """ISO 8601; without an offset it is meant in UTC, as it is stored."""
    if type(value) is not str:
        return _NO_INSTANT
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return _NO_INSTANT
    if FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return None if FIRST <= (at if at.tzinfo else at.replace(tzinfo=UTC)) < LAST else _OUTSIDE


def iso_date(value: Any) -> Sentence | None:
    """2025-03-16, and nothing else that ISO 8601 has for a date: it names days and folders."""
    if type(value) is not str or not _DATE.fullmatch(value):
        return _NO_DATE
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return _NO_DATE
    return None if FIRST_YEAR <= found.year <= LAST_YEAR else _OUTSIDE


def zone(value: Any) -> Sentence | None:
    """An IANA name that this machine has the rules of."""
    return None if type(value) is str and _is_zone(value) else _NO_ZONE


@lru_cache(maxsize=64)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def hour(value: Any) -> Sentence | None:
    return None if type(value) is int and 0 <= value <= 23 else _NO_HOUR


def identifier(value: Any) -> Sentence | None:
    """One part of a path on every file system, and of an address."""
    return None if type(value) is str and _ID.fullmatch(value) else _NO_ID


def writer(value: Any) -> Sentence | None:
    """The name of a journal: an id, and of a branch the beginning of a hash after it."""
    return None if type(value) is str and _WRITER.fullmatch(value) else _NO_ID


def truth(value: Any) -> Sentence | None:
    return None if type(value) is bool else _NO_TRUTH


def whole(value: Any) -> Sentence | None:
    """A whole number that every JSON reader has exactly."""
    return None if type(value) is int and -_WHOLE < value < _WHOLE else _NO_WHOLE


def amount(value: Any) -> Sentence | None:
    """A whole number that counts something."""
    return None if type(value) is int and 0 <= value < _WHOLE else _NO_WHOLE


def number(value: Any) -> Sentence | None:
    return None if type(value) in (int, float) and -_WHOLE < value < _WHOLE else _NO_NUMBER


def seconds(value: Any) -> Sentence | None:
    """A length: up to eleven days, so that what is drawn of it has an end."""
    return None if type(value) in (int, float) and 0 <= value <= MOST_SECONDS else _NO_LENGTH


def sha256(value: Any) -> Sentence | None:
    return None if type(value) is str and _SHA256.fullmatch(value) else _NO_SHA256


def mapping(value: Any) -> Sentence | None:
    return None if isinstance(value, Mapping) else _NO_MAP


def anything(_: Any) -> Sentence | None:
    return None


def texts(value: Any) -> Sentence | None:
    """A list of texts."""
    if not isinstance(value, list | tuple):
        return _NO_LIST
    for one in value:
        if type(one) is not str:
            return _NO_TEXT
    return None


def listed(check: Check) -> Check:
    """A list of such."""
    if check is text:
        return texts

    def look(value: Any) -> Sentence | None:
        if not isinstance(value, list | tuple):
            return _NO_LIST
        return next((why for one in value if (why := check(one)) is not None), None)

    return look


def mapped(check: Check) -> Check:
    """A mapping of names to such."""

    def look(value: Any) -> Sentence | None:
        if not isinstance(value, Mapping):
            return _NO_MAP
        return next((why for one in value.values() if (why := check(one)) is not None), None)

    return look


def shape(**checks: Check) -> Check:
    """A mapping in which these names, where they are said, are such; it may say more."""

    def look(value: Any) -> Sentence | None:
        if not isinstance(value, Mapping):
            return _NO_MAP
        for name, one in value.items():
            check = checks.get(name)
            if check is not None and one is not None and (why := check(one)) is not None:
                return Sentence("{name} in it: {why}", name=name, why=why)
        return None

    return look


def complete(**checks: Check) -> Check:
    """A mapping that says all of these, each being such; it may say more."""
    look = shape(**checks)

    def whole(value: Any) -> Sentence | None:
        why = look(value)
        return MISSING if why is None and any(value.get(name) is None for name in checks) else why

    return whole


Instant = Annotated[str, instant]
IsoDate = Annotated[str, iso_date]
Zone = Annotated[str, zone]
Hour = Annotated[int, hour]
Id = Annotated[str, identifier]
Amount = Annotated[int, amount]
Seconds = Annotated[float, seconds]
Sha256 = Annotated[str, sha256]
During = Annotated[Mapping[str, Any], shape(memo=text, at=number)]
"""Where in the sound of a memo that ran something lies."""
