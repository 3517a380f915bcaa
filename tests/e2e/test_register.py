"""People come into the register in five taps, in both languages; who declined and who is unknown is seen."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.app import Window, running_app, window

FIVE_TAPS, SECONDS = 5, 15.0
WORDS = {
    "en": {"director": "Director", "declined": "declined", "joined": "U1 is P01 An now.", "taken": "people taken"},
    "zh": {"director": "导演", "declined": "已拒绝", "joined": "U1 现在是 P01 安。", "taken": "已收入 2 人"},
}


async def add(win: Window, *taps: str) -> None:
    for name in ("people-add", *taps, "person-done"):
        await win.tap(name)


@pytest.mark.parametrize("spoken", ["en", "zh"])
async def test_five_taps_and_who_declined_or_is_unknown(tmp_path: Path, spoken: str, shots: Path) -> None:
    words = WORDS[spoken]
    environment = {"FIELDLOG_LANG": spoken}
    async with running_app(tmp_path / "data", environment=environment) as app, window(app.url) as win:
        await win.tap("welcome-new")
        await win.type("study-title", "竖屏的日子")
        await win.tap("study-begin")
        await win.tap("nav-register")
        await win.find("people-add").wait_for(state="attached")

        win.taps, begun = 0, time.monotonic()
        await win.tap("people-add")
        await win.tap("person-role-1")
        await win.tap("person-answer-by-word")
        await win.tap("person-scope-audio")
        await win.shot(shots / f"register-person-sheet-{spoken}.png")
        await win.tap("person-done")
        await win.find("person-P01").wait_for(state="attached")
        assert win.taps <= FIVE_TAPS
        assert time.monotonic() - begun <= SECONDS
        assert words["director"] in await win.text_of("person-P01")

        await add(win, "person-role-9", "person-answer-declined")
        await win.find("person-P02").wait_for(state="attached")
        assert words["declined"] in await win.text_of("person-P02")

        await win.tap("people-add")
        await win.tap("people-unknown")
        await win.type("unknown-field", "tall man, blue cap 蓝帽子")
        await win.tap("unknown-done")
        await win.see("蓝帽子")
        await win.shot(shots / f"register-people-{spoken}.png")
        await win.tap("person-U1")
        await win.tap("person-join")
        await win.tap("join-P01")
        await win.see(words["joined"])
        await win.shot(shots / f"register-person-{spoken}.png")
        await win.tap("consent-photo-no")
        await win.tap("person-back")
        await win.gone("蓝帽子")
        for tab in ("places", "scenes", "codes"):
            await win.tap(f"register-{tab}")
            await win.find("register-add").wait_for(state="attached")
        await win.tap("register-add")
        await win.type("item-code", "metrics.completion")
        await win.tap("item-keep")
        await win.find("register-row-metrics.completion").wait_for(state="attached")
        await win.shot(shots / f"register-codes-{spoken}.png")
        await take_in_a_crew_list(win, tmp_path / "crew.csv", words)
        assert win.errors == []


async def take_in_a_crew_list(win: Window, file: Path, words: dict[str, str]) -> None:
    """Chosen, looked at, taken in and taken back."""
    file.write_bytes("姓名,职务,化名\n张伟,灯光师,雷师傅\n李娜,演员,\n".encode("gb18030"))
    await win.tap("register-people")
    async with win.page.expect_file_chooser() as chosen:
        await win.tap("people-add")
        await win.tap("people-import")
    await (await chosen.value).set_files(file)
    await win.see("灯光师")
    await win.tap("crew-take")
    await win.see(words["taken"])
    await win.see("雷师傅")
    assert "张伟" not in await win.text()
    await win.tap("undo")
    await win.gone("雷师傅")
