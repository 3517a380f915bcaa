"""Times as people write them: on the wall of the study, counted on past midnight by production day.

One grammar for all of them: a table's cells, `--at`, the time of a note in the app, a call sheet. What may mean
two times is named, and not taken.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR
from fieldlog.model.production_clock import MOST_HOURS
from fieldlog.model.production_day import BOUNDARY_HOUR
from fieldlog.model.sentence import Sentence, sentence

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

NO_TIME = sentence("“{typed}” is no time. Write it like 22:05, 25:41 past midnight, or 2025-03-16 22:05.")
TWO_DAYS = sentence("In “{typed}” day and month can't be told apart. Write it like 2025-03-16.")
TWO_TIMES = sentence("“{typed}” may say a zone or an end. Write it like 2025-03-16T22:05:00+08:00.")
NO_DAY = sentence("There is no day “{typed}”.")
NO_YEAR = sentence("“{typed}” has no year. Write it like 2025-03-16.")
FAR_YEAR = sentence("The year of “{typed}” is not between 1900 and 2200.")
NO_DATE = sentence("“{typed}” has no date. Write it like 2025-03-16 22:05.")
DAY_ALONE = sentence("“{typed}” names a day and no time. Write it like 22:05.")


class NoTime(NotUnderstood):
    """What was typed is not written as times are."""


class TwoReadings(NotUnderstood):
    """What was typed may mean two times."""


class NoYear(NotUnderstood):
    """A date without a year, where nothing near says which."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A time told by hand, on the wall it was meant on. `precision` is exact where seconds are written, else
    minute; a date alone is `day`: the boundary hour of `day`, an ISO date, which is the day chosen by hand."""

    at: datetime
    precision: str
    day: str | None = None


def told(typed: str, zone: str, *, on: str | None = None, boundary_hour: int = BOUNDARY_HOUR) -> Told:
    """The time that "22:05", "25:41", "2025年3月16日 22:05:17", "2025-03-16" or ISO 8601 means.

    A time without a date is on the production clock of the ISO date `on`: 25:41 is 01:41 of the next morning.
    Raises `NotUnderstood`, which says what was typed.
    """
    text = plain(typed)
    try:
        found = None if on and clock_of(text) else written_date(text)
        if found is None or found.start:
            return _on_a_day(text, zone, on)
        begins, rest = found.date(), text[found.end :]
        if not rest.strip():
            hour = time(boundary_hour, tzinfo=ZoneInfo(zone))
            return Told(at=datetime.combine(begins, hour), precision="day", day=begins.isoformat())
        clock, where = _clock_and_zone(rest.lstrip("t, "), iso=rest.startswith("t"))
        if re.fullmatch(r"\d{6}", clock):
            clock = f"{clock[:2]}:{clock[2:4]}:{clock[4:]}"
        return _moment(begins, clock_of(clock, by_night=False), where or ZoneInfo(zone))
    except NotUnderstood as why:
        raise type(why)(Sentence(str(why), typed=" ".join(typed.split())[:80])) from why


def _on_a_day(text: str, zone: str, on: str | None) -> Told:
    """A time without a date."""
    said = clock_of(text)
    if on is None:
        raise NoTime(NO_DATE if said else NO_TIME)
    return _moment(date.fromisoformat(on), said, ZoneInfo(zone))


def _moment(begins: date, said: Clock | None, where: tzinfo) -> Told:
    """A clock of the day that begins with this date's midnight."""
    if said is None or said.seconds >= MOST_HOURS * 3600:
        raise NoTime(NO_TIME)
    local = datetime.combine(begins, time()) + timedelta(seconds=said.seconds, microseconds=said.fraction)
    return Told(at=local.replace(tzinfo=where), precision="exact" if said.exact else "minute")


def plain(typed: str) -> str:
    """What was typed in small letters, full-width signs made plain, on one line."""
    text = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    return text.replace("−", "-")


# -- dates


@dataclass(frozen=True, kw_only=True)
class Written:
    """Numbers of a date and where they stand in the text; `year` is None where it is left out."""

    year: int | None
    month: int
    day: int
    start: int
    end: int

    def date(self, year: int | None = None) -> date:
        """Raises `NoYear`, and `NotUnderstood` where there is no such day."""
        y = self.year or year
        if y is None:
            raise NoYear(NO_YEAR)
        if y not in YEARS:
            raise NotUnderstood(FAR_YEAR)
        try:
            return date(y, self.month, self.day)
        except ValueError as why:
            raise NotUnderstood(NO_DAY) from why


_NAMED, _TH = "|".join(MONTHS), "(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s*)?"
_AFTER = r"(?:\s*(?:\((?:周|星期|礼拜)?[^()\d]{1,9}\)|(?:周|星期|礼拜)[一二三四五六日天]))?"
_DATES = tuple(
    re.compile(pattern + _AFTER)
    for pattern in (
        r"(?P<y>\d{4})\s*(?P<sign>[-/.年])\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?=t\d|\s|$)",
        r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?",
        rf"{_WEEKDAY}(?<!\d)(?P<d>\d{{1,2}}){_TH}[\s.-]*(?P<name>{_NAMED})[a-z]*(?:[\s.,-]*(?P<y>\d{{4}})(?!\d))?",
        rf"{_WEEKDAY}(?P<name>{_NAMED})[a-z]*[\s.-]*(?P<d>\d{{1,2}}){_TH}(?:[\s,-]+(?P<y>\d{{4}}))?(?![\d:])",
        r"(?P<one>\d{1,2})(?P<sign>[/.-])(?P<two>\d{1,2})(?:(?P=sign)(?P<y>\d{4}))?(?!\d)",
    )
)  # fmt: skip
_NAMED_ANYWHERE = _DATES[3:5]


def written_date(text: str) -> Written | None:
    """The date a plain text begins with, or one with the name of its month anywhere; None where there is none.

    Raises `TwoReadings` for 03/04/2025: with dots the day comes first, else only one of the two may be a month.
    """
    found = next((found for one in _DATES if (found := one.match(text))), None)
    found = found or next((found for one in _NAMED_ANYWHERE if (found := one.search(text))), None)
    if found is None:
        return None
    said = found.groupdict()
    if said.get("one"):
        first, second = int(said["one"]), int(said["two"])
        dotted = said["sign"] == "." and bool(said["y"])
        if first <= 12 and second <= 12 and first != second and not dotted:
            raise TwoReadings(TWO_DAYS)
        month, day = (second, first) if first > 12 or dotted else (first, second)
    else:
        month = MONTHS.index(said["name"]) + 1 if said.get("name") else int(said["m"])
        day = int(said["d"])
    year = int(said["y"]) if said.get("y") else None
    return Written(year=year, month=month, day=day, start=found.start(), end=found.end())


# -- clocks


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Seconds since the midnight a day begins with, more than 86,400 in the night after it, and microseconds.

    `exact` says that seconds are written.
    """

    seconds: int
    fraction: int = 0
    exact: bool = False


_ZONE = re.compile(r"(?<=[\d\s])(?:(z|utc|gmt)|([+-])(\d\d)(?::?(\d\d))?)$")
_NUMBERS = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})\s*(?:[:.](?=\s*\d\d)|[h点时])\s*(?:(?P<half>半)|(?P<quarter>[一三]刻)|"
    r"(?P<m>\d{1,2})\s*分?(?:\s*[:.]?\s*(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?\s*秒?)?)?(?!\d)"
    r"|(?P<alone>\d{1,2})(?=\s*(?:am|pm|a\.m|p\.m))"
)
_TOMORROW = re.compile(r"次日|翌日|第二天|隔天|next day|\(?\+\s*1\)?")
_WORDS = re.compile(
    r"(?P<morning>(?<![a-z])(?:am|a\.m\.?)(?![a-z])|上午|早上|早晨|清晨|早)"
    r"|(?P<afternoon>(?<![a-z])(?:pm|p\.m\.?)(?![a-z])|下午|傍晚)"
    r"|(?P<noon>中午)|(?P<small>凌晨)|(?P<night>半夜|深夜|午夜)|(?P<evening>晚上|晚间|今晚|当晚|夜里|夜间|(?<!最)晚|夜)"
)  # fmt: skip


def clock_of(text: str, *, by_night: bool = True, amid: bool = False) -> Clock | None:
    """What a plain text says of the clock; None where it is no time. 25:10 is ten past one of the next morning.

    Call sheets count the night to the day before: 凌晨2:00 is 26:00, 12am and 晚12点 are 24:00, 12pm is 12:00. Not
    `by_night`, as behind a date of the calendar or for the hour that a day begins, 凌晨2:00 is 02:00 and 12am is
    0:00. `amid` other words it is found, too.
    """
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    found = _NUMBERS.search(text)
    if found is None:
        return None
    said = found.groupdict()
    beside = text[: found.start()] + " " + text[found.end() :]
    words = {one.lastgroup or "" for one in _WORDS.finditer(beside)}
    tomorrow = bool(_TOMORROW.search(beside))
    if len(words) > 1 or (not amid and _TOMORROW.sub("", _WORDS.sub("", beside)).strip(" .,")):
        return None
    h, s = int(said["h"] or said["alone"]), int(said["s"] or 0)
    m = 30 if said["half"] else {"一刻": 15, "三刻": 45}.get(said["quarter"] or "", int(said["m"] or 0))
    if m > 59 or s > 60 or (s == 60 and m < 59):
        return None
    hours = _hours(h, "".join(words), 24 if by_night and not tomorrow else 0)
    hours += 24 if tomorrow and hours < 24 else 0
    fraction = int((said["f"] or "0")[:3].ljust(3, "0")) * 1000
    return Clock(seconds=hours * 3600 + m * 60 + s, fraction=fraction, exact=said["s"] is not None)


def _hours(hour: int, word: str, night: int) -> int:
    """The hour that the word beside it makes of it; `night` is what the small hours count more."""
    match word:
        case "morning":
            return night if hour == 12 else hour
        case "afternoon":
            return hour + 12 if hour < 12 else hour
        case "noon":
            return hour + 12 if hour < 4 else hour
        case "small" if hour <= 12:
            return hour % 12 + night
        case "evening" | "night" if hour == 12 or hour < 4:
            return 24 + hour % 12
        case "night" if hour < 7:
            return hour + night
        case "evening" | "night" if hour < 12:
            return hour + 12
    return hour


def _clock_and_zone(text: str, *, iso: bool) -> tuple[str, tzinfo | None]:
    """A plain clock and the offset behind it, if any. Raises `TwoReadings` where that may be an end."""
    found = _ZONE.search(text)
    if found is None or not re.search(r"\d", text[: found.start()]):
        return text, None
    clock = text[: found.start()].strip()
    if found[1]:
        return clock, UTC
    offset = timedelta(hours=int(found[3]), minutes=int(found[4] or 0))
    if found[2] == "-" and not iso and clock.count(":") < 2:
        raise TwoReadings(TWO_TIMES)
    if int(found[4] or 0) > 59 or offset > timedelta(hours=14):
        raise NoTime(NO_TIME)
    return clock, timezone(offset if found[2] == "+" else -offset)


def moment_typed(typed: str, day: str, zone: str) -> datetime:
    """The moment that a time of the production clock of `day` means. Raises `NotUnderstood`, also for a date."""
    found = told(typed, zone, on=day)
    if found.day:
        raise NotUnderstood(Sentence(DAY_ALONE, typed=typed.strip()))
    return found.at
