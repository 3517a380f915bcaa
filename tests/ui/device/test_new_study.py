"""A new study: what is wrong with it is said beside the button, not at a field that it is not about."""

from __future__ import annotations

import flet as ft

from fieldlog.services.desk import Desk
from tests.fakes.headless import a_window


async def test_a_study_without_a_zone_is_refused_in_a_sentence_that_stands_at_no_other_field(empty: Desk) -> None:
    async with a_window(empty) as seen:
        await seen.go("/welcome/new")
        await seen.type("study-title", "Rain")
        await seen.type("study-zone", "")
        await seen.tap("study-begin")
        assert "needs a time zone" in seen.inside("study-wrong", ft.Text).value
        assert not seen.inside("study-title", ft.TextField).error
        await seen.type("study-zone", "Asia/Shanghai")
        await seen.tap("study-begin")
        assert empty.work
