"""The spine of the day on a laptop, past midnight: where its blocks stand in every look, and their taps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from fieldlog.model.records import StoredDay
from fieldlog.model.session import PlannedSession, Session
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import new_study
from tests.e2e.app import RunningApp, running_app, window
from tests.e2e.looking import Box, boxes, faults, stand_still, to_device

LAPTOP = (1280, 800)
NIGHT = 25
"""About what the clock of the day says: an hour past its midnight."""

WAYS = [("day", "en", 100), ("night", "en", 100), ("blackout", "zh", 100), ("sun", "en", 100), ("day", "zh", 200)]


def the_night() -> tuple[str, str, datetime]:
    """A zone in which it is between one and two in the morning now, the production date, and its midnight."""
    now = datetime.now(UTC)
    ahead = (NIGHT - now.hour) % 24
    ahead = ahead - 24 if ahead > 12 else ahead
    local = now + timedelta(hours=ahead)
    begun = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return f"Etc/GMT{-ahead:+d}", begun.date().isoformat(), begun - timedelta(hours=ahead)


async def a_night(data: Path) -> None:
    """A shoot day called at 16:00: one session over with another beside it, one going on, one planned."""
    zone, today, midnight = the_night()
    work = await new_study(laptop(data), title="竖屏的日子", zone=zone, first_day=today)

    def at(minute: int) -> str:
        return (midnight + timedelta(minutes=minute)).isoformat()

    def session(begins: int, ends: int | None, title: str, kind: str) -> Session:
        return Session(
            id=work.machine.new_id(), title=title, type=kind, starts=at(begins), day=today,
            ends=None if ends is None else at(ends),
        )  # fmt: skip

    planned = PlannedSession(
        id=work.machine.new_id(), date=today, at="27:15", until="37:50", title="Car park until noon", type="shoot"
    )
    made = [
        session(1020, 1400, "Office and lobby", "shoot"),
        session(1100, 1300, "Interview: sound recordist", "interview"),
        session(1440, None, "Stand-up about the hours", "meeting"),
        planned,
    ]
    stored = next(one for one in work.store.state.each(StoredDay) if one.date == today)
    said = {"shoot_day": 5, "call": "16:00", "scenes_scheduled": 15, "scenes_done": 9}
    await work.save([work.setting(stored, said), *(work.op(one) for one in made)])
    await work.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    data = tmp_path_factory.mktemp("spine")
    await a_night(data)
    async with running_app(data) as app:
        yield app


def blocks(found: list[Box]) -> list[Box]:
    return [box for box in found if box.name.startswith(("session-", "plan-now-"))]


@pytest.mark.parametrize(("look", "spoken", "percent"), WAYS)
async def test_it_is_drawn_in_every_look_and_size(
    app: RunningApp, shots: Path, look: str, spoken: str, percent: int
) -> None:
    async with window(app.url, width=LAPTOP[0], height=LAPTOP[1]) as win:
        await win.enlarge_text(percent)
        await to_device(win)
        await win.tap(f"language-{spoken}")
        await win.tap(f"look-{look}")
        await win.tap("nav-now")
        await win.find("spine-axis").wait_for(state="attached")
        await stand_still(win)
        shot = shots / f"spine-{look}-{spoken}-{percent}.png"
        await win.shot(shot)
        assert await faults(win, shot, blackout=look == "blackout") == []
        found = blocks(await boxes(win))
        assert len(found) == 4
        assert all(box.x >= 88 and box.x + box.width <= 428 for box in found)
        assert not any(_lie_on_one_another(one, other) for one in found for other in found if one is not other)
        assert win.errors == []


async def test_its_blocks_are_tapped(app: RunningApp) -> None:
    async with window(app.url, width=LAPTOP[0], height=LAPTOP[1]) as win:
        await to_device(win)
        await win.tap("language-en")
        await win.tap("look-day")
        await win.tap("nav-now")
        await win.find("spine-axis").wait_for(state="attached")
        office, interview, standing, planned = sorted(blocks(await boxes(win)), key=lambda box: (box.y, box.x))
        assert (office.x, interview.x, interview.width) == (168, 272, 100)
        assert office.y < interview.y < office.y + office.height <= standing.y < planned.y
        before = {box.name: box for box in await boxes(win) if box.name in {"now-field", "now-mic", "now-camera"}}
        await win.tap(office.name)
        await win.see("Nothing on this day yet.")
        await win.tap("nav-now")
        await win.tap(planned.name)
        await win.find(planned.name).wait_for(state="detached")
        after = {box.name: box for box in await boxes(win)}
        assert {name: after[name] for name in before} == before
        await win.tap("undo")
        await win.find(planned.name).wait_for(state="attached")
        assert win.errors == []


def _lie_on_one_another(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height
