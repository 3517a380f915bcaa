"""Our app without a browser: real screens on a real desk, and a client that only keeps what it is sent.

    async with a_window(desk) as seen:
        await seen.tap("welcome-new")
        assert "New study" in seen.words()

Components are drawn when a message is encoded, so every message is encoded as it would be for a browser.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar

import flet as ft
import flet.canvas as cv
import msgpack
from flet.components.public_utils import unwrap_component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from fieldlog.services.desk import Desk
from fieldlog.ui.app import open_window
from fieldlog.ui.journeys import Journeys

DRAWN_SECONDS = 0.05
T = TypeVar("T", bound=BaseControl)
encode = configure_encode_object_for_msgpack(BaseControl)


class Client(Connection):
    """Keeps the messages and their sizes; answers a method with nothing, or with what `answers` has for it.

    An exception there is a refusal in its words; what is in `unanswered` never gets one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.executor = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(self.loop, self.executor)
        self.page_url, self.page_name = "ws://127.0.0.1:1/secret", ""
        self.session: Session | None = None
        self.sent: list[tuple[Message, int]] = []
        self.answers: dict[str, Any] = {}
        self.unanswered = set[str]()

    def send_message(self, message: Message) -> None:
        self.sent.append((message, len(msgpack.packb([message.action, message.body], default=encode))))
        if message.action == MessageAction.INVOKE_METHOD and self.session:
            body = message.body
            if body.name in self.unanswered:
                return
            answer = self.session.handle_invoke_method_results
            found = self.answers.get(body.name)
            refusal = str(found) if isinstance(found, Exception) else None
            self.loop.call_soon(answer, body.control_id, body.call_id, None if refusal else found, refusal)

    def dispose(self) -> None:
        self.executor.shutdown(wait=False)


class Seen:
    """What a window shows: every control of ours by its identifier, and what a person can do with it."""

    def __init__(self, session: Session, client: Client, journeys: Journeys) -> None:
        self.session, self.client = session, client
        self.journeys, self.window = journeys, journeys.window

    def controls(self) -> Iterator[BaseControl]:
        return _walk(self.session.page.views)

    def tags(self) -> dict[str, ft.Semantics]:
        """The semantics with an identifier, by it."""
        found = (one for one in self.controls() if isinstance(one, ft.Semantics))
        return {one.identifier: one for one in found if one.identifier}

    def words(self) -> str:
        """Every text on the screen, on a canvas too."""
        return "\n".join(one.value or "" for one in self.controls() if isinstance(one, (ft.Text, cv.Text)))

    def inside(self, name: str, kind: type[BaseControl]) -> Any:
        return next(iter(self.all_inside(name, kind)))

    def all_inside(self, name: str, kind: type[T]) -> list[T]:
        """What is of a kind within what has this identifier."""
        return [one for one in _walk(self.tags()[name].content) if isinstance(one, kind)]

    async def tap(self, name: str) -> None:
        """Press what has this identifier."""
        pressed = next(one for one in _walk(self.tags()[name].content) if getattr(one, "on_click", None))
        await self.session.dispatch_event(pressed._i, "click", None)
        await self.drawn()

    async def type(self, name: str, text: str) -> None:
        """The field tells that it holds this text now."""
        field = self.inside(name, ft.TextField)
        self.session.apply_patch(field._i, {"value": text})
        await self.session.dispatch_event(field._i, "change", text)
        await self.drawn()

    async def go(self, route: str) -> None:
        self.session.page.route = route
        await self.session.page._trigger_event("route_change", {"route": route})
        await self.drawn()

    async def drawn(self, seconds: float = DRAWN_SECONDS) -> None:
        """Wait until what follows from the last event has been drawn."""
        await asyncio.sleep(seconds)

    @property
    def crashed(self) -> bool:
        return any(message.action == MessageAction.SESSION_CRASHED for message, _ in self.client.sent)

    @property
    def largest_message(self) -> int:
        return max(size for _, size in self.client.sent)


@asynccontextmanager
async def a_page(*, width: int = 412, height: int = 892) -> AsyncIterator[tuple[Session, Client]]:
    """A browser tab on which nothing is shown yet, nor guarded."""
    client = Client()
    session = client.session = Session(client)
    told = {"route": "/", "web": True, "platform": "android", "width": width, "height": height}
    session.apply_page_patch(told)
    _context_page.set(session.page)
    context.reset_auto_update()
    body = RegisterClientResponseBody(session_id=session.id, page_patch=session.get_page_patch(), error="")
    client.send_message(Message(MessageAction.REGISTER_CLIENT, body))
    try:
        yield session, client
    finally:
        session.close()
        client.dispose()


@asynccontextmanager
async def a_window(desk: Desk, *, width: int = 412, height: int = 892) -> AsyncIterator[Seen]:
    """Another window on a desk, as a browser tab would be."""
    async with a_page(width=width, height=height) as (session, client):
        journeys = await open_window(session.page, desk)
        window = journeys.window
        await session.after_event(session.page)
        seen = Seen(session, client, journeys)
        await seen.drawn()
        await seen.go(window.home)
        try:
            yield seen
        finally:
            _context_page.set(session.page)
            await window.disconnect()


def _walk(control: Any) -> Iterator[BaseControl]:
    """A control and all that is in it, components taken for what they draw."""
    rest = [control]
    while rest:
        one = unwrap_component(rest.pop())
        if isinstance(one, BaseControl):
            yield one
            kind: Any = type(one)
            inside: Sequence[Any] = [getattr(one, name, None) for name in _parts(kind)]
        else:
            inside = one if isinstance(one, list | tuple) else ()
        rest += [part for part in reversed(inside) if isinstance(part, BaseControl | list | tuple)]


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The fields in which a kind of control may hold others."""
    fields = dataclasses.fields(kind)
    return tuple(one.name for one in fields if not one.name.startswith("_") and not one.metadata.get("skip"))
