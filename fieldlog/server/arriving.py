"""Where a browser brings the files that were chosen in it: PUT /in/<ticket>, the bytes as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from fieldlog.model.errors import NotFound
from fieldlog.services.capture.uploads import Arrivals


async def take_file(arrivals: Arrivals, ticket: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a PUT. What is refused is told to the window that waits for the file, not here."""
    if scope["method"] != "PUT":
        refusal = PlainTextResponse("", status_code=405, headers={"Allow": "PUT"})
        await refusal(scope, receive, send)
        return
    try:
        await arrivals.arrive(ticket, _bytes(Request(scope, receive)))
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
