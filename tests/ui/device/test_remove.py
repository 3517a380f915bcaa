"""Removing a study on This device: unasked where it is proven elsewhere, else its title is typed."""

from __future__ import annotations

from fieldlog.services.copies.outbox import make_outgoing, prove
from fieldlog.services.machine.sources import Bytes
from tests.fakes.headless import a_window
from tests.fakes.phone import Phone


async def test_without_a_backup_the_title_is_asked_for_and_then_welcome_is_shown() -> None:
    phone = Phone()
    desk = await phone.begun("Rain")
    assert desk.capture
    await desk.capture.note("灯还没好")
    async with a_window(desk) as seen:
        await seen.go("/device")
        await seen.tap("device-remove")
        assert "Not all of it is in a backup" in seen.words()
        await seen.tap("remove-do")
        assert "Nothing was removed." in seen.words()
        assert desk.work
        await seen.type("remove-title", "Rain")
        await seen.tap("remove-do")
        await seen.drawn()
        assert (desk.empty, seen.window.home, seen.window.shell.sheet) == (True, "/welcome", "")
        assert not seen.crashed
    await desk.close()


async def test_what_is_in_a_backup_leaves_with_one_more_tap() -> None:
    phone = Phone()
    desk = await phone.begun("Rain")
    assert desk.work
    assert desk.capture
    await desk.capture.note("灯还没好")
    one = await make_outgoing(desk.work)
    data = await desk.work.store.disk.read(f"outbox/{one.name}")
    await prove(desk.work, Bytes(name="on the stick.zip", data=data))
    async with a_window(desk) as seen:
        await seen.go("/device")
        await seen.tap("device-remove")
        assert "on the stick.zip" in seen.words()
        assert "remove-title" not in seen.tags()
        await seen.tap("remove-do")
        await seen.drawn()
        assert desk.empty
        assert not seen.crashed
    await desk.close()
