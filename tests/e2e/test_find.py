"""Find in a real browser: what is typed is found, read and left again, on the laptop and on the phone."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.app import running_app, window, with_the_month
from tests.e2e.pocket_app import pocket


async def test_words_are_found_as_they_are_typed_and_an_entry_leads_back(tmp_path: Path) -> None:
    async with running_app(with_the_month(tmp_path)) as app, window(app.url) as win:
        await win.tap("nav-days")
        await win.tap("find")
        await win.type("find-field", "stair")
        await win.see("found on")
        rows = win.page.locator('[flt-semantics-identifier^="entry-"]')
        first = await rows.first.get_attribute("flt-semantics-identifier")
        await win.tap(str(first))
        await win.find("entry-edit").wait_for(state="attached")
        await win.tap("entry-back")
        await win.find("find-field").wait_for(state="attached")
        await win.see("found on")
        drawn = await win.find(str(first)).evaluate("node => node.outerHTML")
        assert 'aria-selected="true"' in drawn or 'aria-current="true"' in drawn, drawn[:300]
        await win.tap("find-clear")
        await win.tap("find-example-1")
        await win.see("person:P07")
        await win.tap("find-off-0")
        await win.see("A quoted phrase is one word")
        assert win.errors == []


async def test_a_laptop_reads_beside_the_rows_and_keys_open_it_from_anywhere(tmp_path: Path) -> None:
    async with running_app(with_the_month(tmp_path)) as app, window(app.url, width=1280, height=800) as win:
        await win.tap("nav-archive")
        await win.page.keyboard.press("Control+k")
        await win.find("find-field").wait_for(state="attached")
        await win.type("find-field", "kind:voice")
        await win.see("found on")
        await win.find("entry-edit").wait_for(state="attached")
        await win.tap("find-by-person:P02")
        await win.see("kind:voice person:P02")
        await win.page.keyboard.press("Escape")
        await win.find("month-picture").or_(win.find("cell-2025-03-03")).first.wait_for(state="attached")
        assert win.errors == []


async def test_the_phone_finds_without_a_network_in_either_script(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        phone.close_site()
        await win.type("now-field", "灯还没好，先走一遍位置")
        await win.tap("now-send")
        await win.see("先走一遍位置")
        await win.tap("nav-days")
        await win.tap("find")
        await win.type("find-field", "燈還沒好")
        await win.see("Not in any note, name or code.")
        await win.tap("find-fold")
        await win.see("1 found on 1 of")
        assert win.errors == []
