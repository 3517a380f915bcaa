"""A desk whose places are met: a note is written, and waited until no meeting goes on."""

from __future__ import annotations

import asyncio

from fieldlog.services.desk import Desk


async def note(desk: Desk, text: str) -> None:
    assert desk.capture
    await desk.capture.note(text)


async def over(desk: Desk) -> None:
    """Wait until no meeting goes on."""
    done, meetings = asyncio.Event(), desk.meetings

    def tell() -> None:
        if not meetings.going.address:
            done.set()

    meetings.told.append(tell)
    tell()
    await done.wait()
    meetings.told.remove(tell)
