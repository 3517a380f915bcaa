"""Half past two at night, when the crew is still shooting: what the top bar says, whole in every size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldlog.ui.parts.theme import MICROPHONE
from tests.e2e.app import Window, running_app, window
from tests.e2e.looking import faults, stand_still
from tests.e2e.test_sessions import SHANGHAI, WORDS, a_study, again_at, ahead, today_in_shanghai

PHONE, SMALL, LAPTOP = (412, 892), (360, 640), (1280, 800)
ROUNDING = 1.0
pytestmark = pytest.mark.clock


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("planned", [True, False], ids=["planned", "unplanned"])
async def test_the_crews_time_and_the_walls_are_never_cut(
    tmp_path: Path, spoken: str, planned: bool, shots: Path, tool: Callable[[str], Path]
) -> None:
    tool("faketime")
    first = today_in_shanghai() + timedelta(days=2)
    day = first + timedelta(days=13 if planned else 40)
    await a_study(tmp_path, first, day)
    midnight = datetime.fromisoformat(f"{day.isoformat()}T00:00+08:00")
    environment = {"FIELDLOG_LANG": spoken, "TZ": SHANGHAI, **ahead(midnight + timedelta(hours=16))}
    async with running_app(tmp_path, environment=environment) as app, window(app.url) as win:
        await begin_a_session(win)
        await again_at(midnight + timedelta(hours=26, minutes=30), app, environment)
        await win.go(app.url)
        await win.see("26:3")
        await win.see("02:3")
        await whole_in_every_size(win, shots, f"night-{spoken}-{'planned' if planned else 'unplanned'}")
        await again_at(midnight + timedelta(hours=30, minutes=2), app, environment)
        await win.go(app.url)
        if planned:
            await win.see(WORDS[spoken]["still"])
        await whole_in_every_size(win, shots, f"morning-{spoken}-{'planned' if planned else 'unplanned'}")
        assert win.errors == []


async def begin_a_session(win: Window) -> None:
    await win.tap("now-session")
    await win.tap("session-start-shoot")
    await win.find("now-may").wait_for(state="attached")


async def whole_in_every_size(win: Window, shots: Path, name: str) -> None:
    """As wide on a phone as on a laptop, where there is room for more, and within the day's own field."""
    wide = []
    for size in (PHONE, SMALL, LAPTOP):
        await win.resize(*size)
        await stand_still(win)
        (clock_x, _, clock_wide, _), (day_x, _, day_wide, _), (_, _, microphone_wide, _) = [
            await win.still_box(name) for name in ("now-clock", "now-day", "now-mic")
        ]
        assert microphone_wide == pytest.approx(MICROPHONE, abs=ROUNDING), size
        assert clock_x + clock_wide <= day_x + day_wide + ROUNDING, size
        wide.append(clock_wide)
        picture = shots / f"{name}-{size[0]}.png"
        await win.shot(picture)
        assert await faults(win, picture) == []
    assert max(wide) - min(wide) < ROUNDING, wide
    await win.resize(*PHONE)
