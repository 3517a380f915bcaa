"""The session and the day beside the stream."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.ui.day.day_views import Here, PlanDay, Preview


@ft.observable
@dataclass
class Today:
    """The session and the day beside the stream: what may be recorded, the plan, and whether the day is over.

    `session` and `place` are ids, "" none; `media` what the session lets be recorded, `may` that in words, `told`
    the words it was told in, `here` who is present. `outlived` asks whether the day still goes on. `plan` is
    what may be started now,
    `next_day` an ISO date; `preview` is a plan that was read and not taken yet.
    """

    session: str = ""
    place: str = ""
    media: tuple[str, ...] = ()
    may: str = ""
    told: str = ""
    here: tuple[Here, ...] = ()
    outlived: bool = False
    plan: tuple[PlanDay, ...] = ()
    next_day: str = ""
    preview: Preview | None = None
