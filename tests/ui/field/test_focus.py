"""Whatever lay over the field, once it is gone the keys go into the field again."""

from __future__ import annotations

from typing import Any

import pytest

from fieldlog.services.desk import Desk
from fieldlog.ui.field.actions import DRAWN_SECONDS
from tests.fakes.headless import Seen, a_window
from tests.ui.photo.test_shots import press

CLOSED = {
    "people": ("now-people", "sheet-close"),
    "session": ("now-session", "sheet-close"),
    "session started": ("now-session", "session-start-meeting"),
    "day": ("now-day", "sheet-close"),
    "esc": ("now-session", "Escape"),
    "clock": ("now-hide", "Escape"),
    "look": ("now-look",),
    "count": ("now-quick-1",),
}


def focused(seen: Seen) -> int:
    """How often the field was asked to take the focus."""
    box: Any = seen.journeys.field.box
    bodies = [message.body for message, _ in seen.client.sent]
    return sum(getattr(body, "name", "") == "focus" and body.control_id == box._i for body in bodies)


@pytest.mark.parametrize("case", CLOSED)
async def test_the_field_takes_the_focus_again(desk: Desk, case: str) -> None:
    async with a_window(desk) as seen:
        await seen.drawn(2 * DRAWN_SECONDS)
        *steps, last = CLOSED[case]
        for step in steps:
            await seen.tap(step)
        before = focused(seen)
        await (press(seen, last) if last == "Escape" else seen.tap(last))
        await seen.drawn(0.6)
        assert focused(seen) > before


async def test_elsewhere_no_field_is_asked(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.drawn(2 * DRAWN_SECONDS)
        await seen.go("/register/people")
        await seen.tap("people-add")
        before = focused(seen)
        await seen.tap("sheet-close")
        await seen.drawn(2 * DRAWN_SECONDS)
        assert focused(seen) == before
