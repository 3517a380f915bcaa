"""Where a browser brings files, the bytes as they are: PUT /in/<ticket> for one that was chosen, PUT
/dropped/<name> for one that was dropped on a window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from fieldlog.model.errors import NotFound
from fieldlog.services.capture.uploads import Arrivals


async def take_file(arrivals: Arrivals, ticket: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a PUT. What is refused is told to the window that waits for the file, not here."""
    await _take(lambda chunks: arrivals.arrive(ticket, chunks), scope, receive, send)


async def take_dropped(arrivals: Arrivals, name: str, scope: Scope, receive: Receive, send: Send) -> None:
    """The same for a file of this name that was dropped; of a path, its last part."""
    await _take(lambda chunks: arrivals.drop(name.rpartition("/")[2], chunks), scope, receive, send)


async def _take(
    taking: Callable[[AsyncIterator[bytes]], Awaitable[None]], scope: Scope, receive: Receive, send: Send
) -> None:  # fmt: skip
    if scope["method"] != "PUT":
        refusal = PlainTextResponse("", status_code=405, headers={"Allow": "PUT"})
        await refusal(scope, receive, send)
        return
    try:
        await taking(_bytes(Request(scope, receive)))
    except NotFound as why:
        await PlainTextResponse(str(why), status_code=404)(scope, receive, send)
        return
    await PlainTextResponse("")(scope, receive, send)


async def _bytes(request: Request) -> AsyncIterator[bytes]:
    """The body, in pieces. A browser that goes away in the middle is an OSError, as with any other source."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as why:
        raise OSError("the browser went away while it sent a file") from why
