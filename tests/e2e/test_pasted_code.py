"""The phone’s app as it is built, and a hub beside it: a code is pasted, what is in the way is said each time, and
in the end the phone’s note lies in the laptop’s archive by production day."""

from __future__ import annotations

import re
from pathlib import Path

from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from tests.e2e.pocket_app import PocketWindow, pocket
from tests.e2e.test_sync import FIRST, SECOND, notes_in, until, write
from tests.fakes.hubs import hub_open
from tests.fakes.ports import port_of

ALLOWED = "local-network-access"
WHAT_TO_TAP = re.compile("tap Allow, and try again|Permissions, and allow Local network")
"""Before a person has answered the browser, and after a no, which it gives itself where it has no screen."""


async def pasted(win: PocketWindow, code: str) -> None:
    await win.tap("welcome-join")
    if await win.first_of("install-later", "pair-code") == "install-later":
        await win.tap("install-later")
    await win.type("pair-code", code)
    await agreed(win)


async def agreed(win: PocketWindow) -> None:
    await win.tap("pair-ask")
    await win.see("Pair with 127.0.0.1:")
    await win.tap("pair-go")


async def test_what_is_in_the_way_is_said_until_a_note_is_in_the_laptops_archive(
    pocket_site: Path, tmp_path: Path
) -> None:
    data, archive = tmp_path / "laptop", tmp_path / "archive"
    async with hub_open(data) as served:
        await Capture(served.work).note(FIRST)
        await write_archive(served.work, archive)
        async with pocket(pocket_site, tmp_path / "profile", local=[port_of(data)]) as phone:
            win, code = await phone.open(up="welcome-new"), served.hub.new_code()
            await pasted(win, code)
            await win.see("open FieldLog anew, then try again")
            await win.page.goto("about:blank")
            await win.page.goto(phone.site.address, wait_until="commit")
            await win.up("welcome-new")
            await pasted(win, code)
            await win.see(WHAT_TO_TAP)
            assert served.hub.record.paired == []

            origin = phone.site.address.rstrip("/")
            await win.page.context.grant_permissions([*phone.granted, ALLOWED], origin=origin)
            await agreed(win)
            await win.see(FIRST)
            await write(win, SECOND)
            await win.tap("nav-archive")
            await win.tap("archive-sync")
            await win.tap("sync-meet-place-0")
            await until(lambda: SECOND in notes_in(archive), "the phone’s note in the archive")
            assert FIRST in notes_in(archive)
