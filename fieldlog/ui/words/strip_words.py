"""How a strip of time, a month and hours together are said: times as the crew counts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fieldlog.model.called import DAY_TYPES
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.rows.strips import Strip
from fieldlog.ui.words.times import date_words, short_date
from fieldlog.ui.words.words import Words


def clock_words(minute: int, date: str) -> str:
    """25:41 for minute 1541 of a production date; from 48:00 on 2025-03-18 00:30."""
    return ProductionClock(date, "UTC").said(datetime.fromisoformat(f"{date}T00:00Z") + timedelta(minutes=minute))


def span_words(strip: Strip, words: Words) -> str:
    """16:00 to 38:30; "" where nothing is known of the day."""
    begins, ends = strip.begins, strip.ends
    if begins is None or ends is None:
        return "" if begins is None else clock_words(begins, strip.date)
    said = {"begins": clock_words(begins, strip.date), "ends": clock_words(ends, strip.date)}
    return words("{begins} to {ends}", **said)


def to_words(strip: Strip, words: Words) -> str:
    """to 38:30; "" where nothing is known of the day."""
    return words("to {ends}", ends=clock_words(strip.ends, strip.date)) if strip.ends is not None else ""


def length_words(minutes: int, words: Words) -> str:
    """20 h 25, 45 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return words("{n} min", n=rest)
    return words("{h} h {m}", h=hours, m=f"{rest:02d}") if rest else words("{h} h", h=hours)


def strip_words(strip: Strip, words: Words) -> str:
    """PD14, 16:00 to 38:30, 3 sessions, 57 entries."""
    sessions = words.many("{n} session", "{n} sessions", len(strip.sessions))
    entries = words.many("{n} entry", "{n} entries", strip.entries)
    planned = words.many("{n} planned", "{n} planned", len(strip.planned)) if strip.planned else ""
    parts = (strip.code, span_words(strip, words), sessions, planned, entries)
    return words(", ").join(part for part in parts if part)


def day_name(strip: Strip, words: Words) -> str:
    """What a day is called beside its code: its title, else its type."""
    return strip.title or words(DAY_TYPES.get(strip.type, strip.type))


def when_words(strip: Strip, words: Words) -> str:
    """Sun 16 Mar · 16:00 to 38:30."""
    return " · ".join(part for part in (date_words(strip.date, words), span_words(strip, words)) if part)


def month_words(strips: Sequence[Strip], words: Words) -> str:
    """3–30 Mar · 9 shoot days · 11 past midnight; of days that have a number, or of all where none has."""
    days = counted(strips)
    if not days:
        return ""
    shoots, late = sum(one.type == "shoot" for one in days), sum(one.overrun > 0 for one in days)
    parts = [dates_words(days[0].date, days[-1].date, words)]
    parts += [words.many("{n} shoot day", "{n} shoot days", shoots)] if shoots else []
    parts += [words.many("{n} past midnight", "{n} past midnight", late)] if late else []
    return " · ".join(parts)


def dates_words(first: str, last: str, words: Words) -> str:
    """3–30 Mar, 3月3–30日; of two months 24 Mar to 8 Apr; of one day 3 Mar."""
    begins, ends = short_date(first, words), short_date(last, words)
    if first == last:
        return begins
    if first[:7] == last[:7]:
        return f"{begins.removesuffix('日')}–{int(last[8:])}日" if words.chinese else f"{int(first[8:])}–{ends}"
    return words("{begins} to {ends}", begins=begins, ends=ends)


def days_words(strips: Sequence[Strip], words: Words) -> str:
    """28 days."""
    return words.many("{n} day", "{n} days", len(counted(strips)))


def month_said(strips: Sequence[Strip], words: Words) -> str:
    """All of a month in one sentence: 28 days, 3–30 Mar, 9 shoot days, 11 past midnight, 1,267 entries."""
    entries = words.many("{n} entry", "{n} entries", sum(one.entries for one in strips))
    parts = [days_words(strips, words), *month_words(strips, words).split(" · "), entries]
    return words(", ").join(part for part in parts if part)


def counted(strips: Sequence[Strip]) -> list[Strip]:
    """The days of the plan; where no day has a number, all of them."""
    return [one for one in strips if one.numbered] or list(strips)
