"""What we lean on of Flet's insides: of each that the name is still there and mends what it is for, and that the
fault is still there. Where a test of a fault fails, Flet has mended it itself, and what mends it here may go.

Two things only a browser shows: that the card over the page never goes away (here: that the message which lays it
there is sent), and how long messages take to be written out (here: that they are).
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.components.component import Component
from flet.messaging.protocol import Message, MessageAction
from flet.messaging.session import Session
from flet_web.fastapi import app_manager
from flet_web.fastapi.flet_app import FletApp
from starlette.datastructures import URL
from starlette.websockets import WebSocketDisconnect

from fieldlog.services.desk import Desk
from fieldlog.ui.window import flet_insides
from fieldlog.ui.window.flet_insides import SEND_LOOP, ask
from tests.fakes.headless import Client, _walk, a_page, a_window

SOON_SECONDS = 0.1
PATIENCE_SECONDS = 5.0


# -- a handler that raises


async def press_what_breaks(session: Session) -> None:
    def breaks() -> None:
        raise ZeroDivisionError("no such number")

    button = ft.Button("one", on_click=breaks)
    session.page.add(button)
    await session.dispatch_event(button._i, "click", None)


def crashed(client: Client) -> bool:
    return any(message.action == MessageAction.SESSION_CRASHED for message, _ in client.sent)


async def test_what_a_handler_raises_is_told_to_us() -> None:
    told: list[str] = []
    async with a_page() as (session, client):
        flet_insides.tell_failures(session.page, told.append)
        await press_what_breaks(session)
        assert not crashed(client)
    assert ["no such number" in words for words in told] == [True]


async def test_flet_lays_a_card_over_the_page_and_tells_the_page_nothing() -> None:
    heard: list[Any] = []
    async with a_page() as (session, client):
        session.page.on_error = heard.append
        await press_what_breaks(session)
        await asyncio.sleep(SOON_SECONDS)
        assert crashed(client)
    assert heard == []


# -- a component that raises while it is drawn anew


async def draw_after_a_fault(session: Session) -> str:
    """Draw one component that raises, then another; what stands on the page."""
    tell: dict[str, Callable[[Any], None]] = {}

    @ft.component
    def Breaks() -> ft.Control:
        broken, tell["break"] = ft.use_state(False)
        if broken:
            raise ZeroDivisionError
        return ft.Text("whole")

    @ft.component
    def Counts() -> ft.Control:
        number, tell["count"] = ft.use_state(1)
        return ft.Text(f"number {number}")

    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    session.page.render(lambda: ft.Column([Breaks(), Counts()]))
    await asyncio.sleep(SOON_SECONDS)
    for wish, value in (("break", True), ("count", 2)):
        tell[wish](value)
        await asyncio.sleep(SOON_SECONDS)
    return " ".join(one.value for one in _walk(session.page.views) if isinstance(one, ft.Text))


async def test_the_others_are_still_drawn() -> None:
    flet_insides.go_on_drawing()
    async with a_page() as (session, _):
        assert await draw_after_a_fault(session) == "whole number 2"


async def test_flet_draws_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Component, "update", inspect.unwrap(Component.update))
    async with a_page() as (session, _):
        assert await draw_after_a_fault(session) == "whole number 1"


# -- a connection


class Wire:
    """A websocket whose far side says these packets, one a moment, and then nothing, or that it goes away.

    One that is `cut` takes nothing any more.
    """

    client, headers, cookies = None, dict[str, str](), dict[str, str]()
    url = URL("ws://127.0.0.1:1/secret/ws")

    def __init__(self, *says: bytes, leaves: bool = False, cut: bool = False) -> None:
        self.says, self.leaves, self.cut = list(says), leaves, cut

    async def accept(self) -> None: ...

    async def receive_bytes(self) -> bytes:
        await asyncio.sleep(SOON_SECONDS)
        if self.says:
            return self.says.pop(0)
        if self.leaves:
            raise WebSocketDisconnect
        await asyncio.Event().wait()
        raise AssertionError

    async def send_bytes(self, _: bytes) -> None:
        if self.cut:
            raise ConnectionError("the tab went away")


def packet(action: MessageAction, **body: Any) -> bytes:
    packed: bytes = msgpack.packb([action.value, body])
    return b"\x00" + packed


BEGINS = packet(MessageAction.REGISTER_CLIENT, session_id="", page_name="", page={"route": "/"})
ANSWERS_LATE = packet(MessageAction.INVOKE_METHOD, control_id=1_000_000_007, call_id="x", result=None, error=None)


async def connected(wire: Wire, main: Callable[[ft.Page], None] = lambda _: None) -> tuple[bool, Session]:
    """Whether the connection over a wire lasts, and its session. Raises what ends it."""
    sessions: list[Session] = []

    async def begun(page: ft.Page) -> None:
        sessions.append(page.session)
        main(page)

    app = FletApp(asyncio.get_running_loop(), app_manager.executor, begun, None)
    handling = asyncio.ensure_future(app.handle(wire))
    ended, _ = await asyncio.wait([handling], timeout=PATIENCE_SECONDS)
    if ended:
        handling.result()
    handling.cancel()
    await asyncio.wait([handling])
    return not ended, sessions[0]


async def test_a_late_answer_is_dropped_and_others_are_heard() -> None:
    async with a_page() as (session, client):
        flet_insides.let_late_answers_pass(session.page)
        session.handle_invoke_method_results(1_000_000_007, "x", None, None)
        client.answers["focus"] = "here"
        session.page.add(box := ft.TextField())
        assert await ask(session.page, box, "focus", seconds=PATIENCE_SECONDS) == "here"
    assert (await connected(Wire(BEGINS, ANSWERS_LATE), flet_insides.let_late_answers_pass))[0]


async def test_flet_raises_at_a_late_answer_and_that_ends_the_connection() -> None:
    async with a_page() as (session, _):
        with pytest.raises(RuntimeError, match="not registered"):
            session.handle_invoke_method_results(1_000_000_007, "x", None, None)
    assert (await connected(Wire(BEGINS)))[0]
    assert not (await connected(Wire(BEGINS, ANSWERS_LATE)))[0]


async def test_a_tab_that_goes_away_while_it_is_sent_something_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FletApp, SEND_LOOP, inspect.unwrap(getattr(FletApp, SEND_LOOP)))
    flet_insides.let_tabs_go()
    _, session = await connected(Wire(BEGINS, leaves=True, cut=True))
    assert session.connection is None


async def test_flet_counts_such_a_tab_as_connected_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FletApp, SEND_LOOP, inspect.unwrap(getattr(FletApp, SEND_LOOP)))
    pages: list[ft.Page] = []
    with pytest.raises(ConnectionError):
        await connected(Wire(BEGINS, leaves=True, cut=True), pages.append)
    assert pages[0].session.connection is not None


def test_a_message_calls_itself_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Message, "__repr__", inspect.unwrap(Message.__repr__))
    flet_insides.name_messages()
    assert f"{Message(MessageAction.PATCH_CONTROL, 'all of it')}" == "PATCH_CONTROL"


async def test_flet_writes_out_each_message_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, written = inspect.unwrap(Message.__repr__), list[str]()

    def write(message: Message) -> str:
        written.append(whole(message))
        return ""

    monkeypatch.setattr(Message, "__repr__", write)
    assert (await connected(Wire(BEGINS), lambda page: page.add(ft.Text("all of it"))))[0]
    assert any("all of it" in words for words in written)


# -- what a control is asked


async def test_a_control_is_asked_by_its_number_and_not_for_ever() -> None:
    async with a_page() as (session, client):
        session.page.add(box := ft.TextField())
        client.answers["focus"] = "here"
        assert await ask(session.page, box, "focus", seconds=PATIENCE_SECONDS) == "here"
        client.unanswered.add("focus")
        async with asyncio.timeout(2 * PATIENCE_SECONDS):
            with pytest.raises(TimeoutError):
                await ask(session.page, box, "focus", seconds=PATIENCE_SECONDS)


async def test_flet_loses_the_way_from_a_control_to_the_page_when_its_frame_is_drawn_anew(desk: Desk) -> None:
    async with a_window(desk) as seen:
        box = seen.inside("now-field", ft.TextField)
        await box.focus()
        seen.window.warn("the frame is drawn anew")
        await seen.drawn()
        assert box is seen.inside("now-field", ft.TextField)
        with pytest.raises(RuntimeError):
            await box.focus()


async def test_flet_lets_nobody_say_how_long_to_wait() -> None:
    assert list(inspect.signature(ft.TextField.focus).parameters) == ["self"]
    assert "timeout" not in inspect.signature(ft.ListView.scroll_to).parameters
