"""While another tab has the study that is said, once it takes longer, and the app opens by itself after it."""

from __future__ import annotations

import asyncio

import pytest

from fieldlog.ui.window import another_tab
from fieldlog.ui.window.another_tab import patiently
from tests.ui.pocket.test_whose import Page

SAID = "FieldLog is open in another tab"


async def test_it_is_said_only_where_it_takes_longer_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(another_tab, "PATIENT_SECONDS", 0.02)
    page, opening = Page(), asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(patiently(page, opening))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    assert page.words == ""
    await asyncio.sleep(0.1)
    assert SAID in page.words
    assert not waiting.done()
    opening.set_result(None)
    await waiting


async def test_where_the_study_opens_soon_nothing_is_said() -> None:
    page, opening = Page(), asyncio.get_running_loop().create_future()
    opening.set_result(None)
    await patiently(page, opening)  # type: ignore[arg-type]
    assert page.words == ""
