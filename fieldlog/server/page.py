"""Flet's own page with scripts and a style of ours in its head, before anything of Flutter's is begun."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_ENDS = b"</head>"


def with_head(app: ASGIApp, *, scripts: Sequence[str], style: str) -> ASGIApp:
    """The same app, whose pages load these scripts and one style more. All are addresses, from the page's base.

    A page whose head does not end in the first of its bytes that come goes on as it is.
    """
    loads = [*(f'<script src="{one}"></script>' for one in scripts), f'<link rel="stylesheet" href="{style}">']
    added = "".join(loads).encode() + HEAD_ENDS

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
                return
            if held:
                start, body = held.pop(), message.get("body", b"")
                longer = body.replace(HEAD_ENDS, added, 1)
                headers = MutableHeaders(scope=start)
                if "content-length" in headers:
                    headers["content-length"] = str(int(headers["content-length"]) + len(longer) - len(body))
                await send(start)
                message = {**message, "body": longer}
            await send(message)

        await app(scope, receive, pass_on if scope["type"] == "http" else send)

    return serve


def _is_page(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")
