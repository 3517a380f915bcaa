"""What we lean on of Flet 1.0.5 that it does not document. No other file of `fieldlog/` uses such names.

Each function mends one fault of Flet and says which. `tests/ui/window/test_flet_insides.py` fails when another
Flet has lost a name, and when it has lost a fault: then the function may go. What stands in the place of one of
Flet's verbs has that as its `__wrapped__`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import flet as ft
from flet.components.component import Component

log = logging.getLogger(__name__)
SEND_LOOP = "_FletApp__send_loop"
_draw: Callable[[Component], None] = Component.update


def guard(page: ft.Page, failed: Callable[[str], None]) -> None:
    """Keep one fault from taking this page down; `failed` gets the words of what a handler raises."""
    tell_failures(page, failed)
    let_late_answers_pass(page)
    go_on_drawing()


def tell_failures(page: ft.Page, failed: Callable[[str], None]) -> None:
    """Where a handler or an effect raises, `failed` gets the words, and the page stays.

    The fault: Flet lays a card over the whole page, which never goes away; `page.on_error` is not called.
    """
    page.session.error = failed  # type: ignore[method-assign, assignment]


def let_late_answers_pass(page: ft.Page) -> None:
    """The answer of a control that has left the page meanwhile is dropped.

    The fault: Flet raises, and that ends the whole connection.
    """
    session = page.session
    answered = session.handle_invoke_method_results

    def answer(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        try:
            answered(control_id, call_id, result, error)
        except RuntimeError:
            log.debug("control %s answered after it had left the page", control_id)

    session.handle_invoke_method_results = answer  # type: ignore[method-assign]


def go_on_drawing() -> None:
    """A component that raises while it is drawn anew is logged, in every page of this process.

    The fault: Flet draws nothing more in that page, and says nothing.
    """
    Component.update = _drawn  # type: ignore[method-assign]


@wraps(_draw)
def _drawn(component: Component) -> None:
    try:
        _draw(component)
    except Exception:
        log.exception("could not draw %s", getattr(component.fn, "__name__", "a component"))


def guard_connections() -> None:
    """What the connections of a server need, in this process. To be called before the first."""
    let_tabs_go()
    name_messages()


def let_tabs_go() -> None:
    """A tab that goes away while something is being sent to it is gone, as any other.

    The fault: the failed sending ends Flet's handling of the connection, so that the session counts as connected
    for good, and its window as the one in which one writes.
    """
    from flet_web.fastapi.flet_app import FletApp

    send: Any = getattr(FletApp, SEND_LOOP)
    if hasattr(send, "__wrapped__"):
        return

    @wraps(send)
    async def guarded(connection: Any) -> None:
        try:
            await send(connection)
        except Exception as why:
            log.debug("a tab went away: %s", why)

    setattr(FletApp, SEND_LOOP, guarded)


def name_messages() -> None:
    """A message to the page calls itself by its name only.

    The fault: a server writes out each message in full for a log that nobody keeps, which took longer than
    drawing it.
    """
    from flet.messaging.protocol import Message

    @wraps(Message.__repr__)
    def name(message: Any) -> str:
        return str(message.action.name)

    Message.__repr__ = name  # type: ignore[method-assign]


async def ask(page: ft.Page, control: ft.Control, verb: str, asked: Any = None, *, seconds: float) -> Any:
    """What a control's own verb would do, as `focus` and `scroll_to`, with a limit of time.

    Raises `TimeoutError`, and `RuntimeError` where the page refuses. The faults: whenever the frame is drawn anew
    around a screen that stays, Flet loses the way from the screen's controls up to the page, and their own verbs
    raise; and those wait for ever for an answer that does not come.
    """
    return await page.session.invoke_method(control._i, verb, asked, seconds)
