"""The day being worked as a strip of 10 under the bar of a phone."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.now.spine.actions import SpineJourney
from fieldlog.ui.now.spine.hook import use_state_of_day
from fieldlog.ui.parts.basics import memo
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.pictures.axis import day_axis
from fieldlog.ui.pictures.strip import BAR
from fieldlog.ui.pictures.views import strip_view
from fieldlog.ui.words.strip_words import span_words
from fieldlog.ui.words.words import Words


@ft.component
def _day_line(journey: SpineJourney, look: Look, words: Words, width: float, date: str) -> ft.Control:
    """Drawn anew when a session, the plan or another five minutes change it, not with each note."""
    state = use_state_of_day(journey, date, journey.state_of_line)
    strip = ft.use_memo(lambda: journey.line(date), [state, date])
    now = state[-1]
    sessions = words.many("{n} session", "{n} sessions", len(strip.sessions))
    said = words(", ").join(part for part in (strip.code, span_words(strip, words), sessions) if part)
    axis = day_axis(strip, width, now=now)
    return strip_view("now-strip", strip, look, words, axis, BAR, now=now, said=said)


DayLine = memo(_day_line)
