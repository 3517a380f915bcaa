"""The month's numbers and pictures leave as files, from the laptop's app and from the phone's."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

from tests.e2e.app import Window, running_app, window, with_the_month
from tests.e2e.pocket_app import pocket

SVG = "{http://www.w3.org/2000/svg}"


async def saved(win: Window, what: str) -> tuple[str, bytes]:
    """The name and the bytes of a file that was saved from the month."""
    await win.tap("month-save")
    async with win.page.expect_download() as coming:
        await win.tap(f"save-{what}")
    download = await coming.value
    return download.suggested_filename, Path(await download.path()).read_bytes()


async def test_numbers_and_pictures_leave_as_files(tmp_path: Path) -> None:
    async with running_app(with_the_month(tmp_path)) as app, window(app.url) as win:
        await win.tap("nav-days")
        await win.tap("cell-2025-03-16")
        name, data = await saved(win, "days")
        rows = {row["day"]: row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}
        assert name == "fieldlog-days.csv"
        assert len(rows) >= 28
        assert (rows["PD14"]["wrap"], rows["PD14"]["minutes_observed"]) == ("38:30", "1225")
        name, data = await saved(win, "strip")
        said = ElementTree.fromstring(data).findtext(f"{SVG}title", "")
        assert (name, said) == ("fieldlog-PD14.svg", "PD14, 16:00 to 38:30, 3 sessions, 2 entries")
        assert win.errors == []


async def test_they_leave_the_phone_without_a_network_too(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        phone.close_site()
        await win.type("now-field", "灯还没好")
        await win.tap("now-send")
        await win.see("灯还没好")
        await win.tap("nav-days")
        name, data = await saved(win, "days")
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        assert name == "fieldlog-days.csv"
        assert sum(int(row["entries"]) for row in rows) == 1
        await win.tap("month-score")
        name, data = await saved(win, "picture")
        assert name == "fieldlog-score.svg"
        assert len(list(ElementTree.fromstring(data).iter(f"{SVG}text"))) > 28
        assert win.errors == []
