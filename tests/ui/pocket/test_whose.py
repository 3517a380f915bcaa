"""Whose the notes of an earlier version are is asked until it is settled, and told where they are another's."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.pocket import Whose
from fieldlog.services.pocket.earlier import BELONGS
from tests.fakes.headless import _walk
from tests.services.pocket.test_earlier import STUDY, roots


class Page:
    """Holds what is drawn on it."""

    platform_brightness = ft.Brightness.LIGHT

    def __init__(self) -> None:
        self.drawn: list[Any] = []

    def clean(self) -> None:
        self.drawn = []

    def add(self, *controls: Any) -> None:
        self.drawn += controls

    @property
    def words(self) -> str:
        return "\n".join(str(one.value) for one in _walk(self.drawn) if isinstance(one, ft.Text))

    async def tap(self, name: str) -> None:
        tags = {one.identifier: one for one in _walk(self.drawn) if isinstance(one, ft.Semantics)}
        face = next(one for one in _walk(tags[name]) if isinstance(one, ft.Container))
        assert face.on_click
        await face.on_click(None)  # type: ignore[arg-type, call-arg]


@pytest.fixture
async def disk() -> MemoryDisk:
    found = MemoryDisk()
    await found.replace(f"fieldlog/{STUDY}", b"words")
    return found


def asked(disk: MemoryDisk) -> tuple[Whose, Page]:
    """A tab of the app that asks whose they are."""
    whose, page = Whose(), Page()
    whose.roots = roots(disk)
    whose.draw(page)  # type: ignore[arg-type]
    return whose, page


async def test_what_is_taken_is_opened(disk: MemoryDisk) -> None:
    whose, page = asked(disk)
    await page.tap("earlier-take")
    assert (whose.answered.is_set(), whose.opened, await roots(disk).opens()) == (True, "earlier", "earlier")


async def test_where_taking_them_is_refused_one_is_still_asked_and_told_why(
    disk: MemoryDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whose, page = asked(disk)
    with monkeypatch.context() as patched:
        patched.setattr(disk, "capacity", 0)
        await page.tap("earlier-take")
        assert not whose.answered.is_set()
        assert "no space left" in page.words
    await page.tap("earlier-take")
    assert (whose.answered.is_set(), whose.opened) == (True, "earlier")


async def test_where_another_app_took_them_meanwhile_that_is_said(disk: MemoryDisk) -> None:
    whose, page = asked(disk)
    await roots(disk, "/two/").choose(take=True)
    await page.tap("earlier-take")
    assert not whose.answered.is_set()
    assert "These notes belong to another FieldLog at this host name." in page.words
    await page.tap("earlier-leave")
    assert (whose.answered.is_set(), whose.opened, await whose.beside()) == (True, "own", "anothers")


@pytest.mark.parametrize(("first", "then"), [("earlier-take", "earlier-leave"), ("earlier-leave", "earlier-take")])
async def test_of_two_tabs_the_first_that_is_answered_holds(disk: MemoryDisk, first: str, then: str) -> None:
    (one, page), (two, other) = asked(disk), asked(disk)
    await page.tap(first)
    await other.tap(then)
    assert one.opened == two.opened == await roots(disk).opens()
    assert (await disk.size(f"fieldlog/{BELONGS.path}") is not None) is (one.opened == "earlier")
