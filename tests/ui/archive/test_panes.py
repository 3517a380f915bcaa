"""On a laptop a page has two panes where there is something for each."""

from __future__ import annotations

import flet as ft
import pytest

from fieldlog.services.desk import Desk
from fieldlog.ui.parts.theme import LIST_PANE
from tests.fakes.headless import a_window


@pytest.mark.parametrize(("page", "panes"), [("/archive", True), ("/archive/copies", False)])
async def test_no_pane_is_left_empty(phones_desk: Desk, page: str, panes: bool) -> None:
    """Backups has one thing to do, and often nothing to tell."""
    async with a_window(phones_desk, width=1280, height=800) as seen:
        await seen.go(page)
        widths = {one.width for one in seen.controls() if isinstance(one, ft.Container)}
        assert (LIST_PANE in widths) == panes
