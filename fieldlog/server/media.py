"""Pictures, recordings and originals as a browser asks for them: whole, or a stretch of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from fieldlog.model.errors import FieldLogError
from fieldlog.services.serving import Served, Serving

PIECE_BYTES = 1 << 18
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)
_PLAIN = re.compile(r"[^A-Za-z0-9._-]")


class NoSuchRange(ValueError):
    """A range that begins behind the end."""


async def send_media(serving: Serving, path: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer GET and HEAD of a path of `Serving`. What it refuses is a 404 with its sentence."""
    if scope["method"] not in ("GET", "HEAD"):
        refusal = PlainTextResponse("", status_code=405, headers={"Allow": "GET, HEAD"})
        await refusal(scope, receive, send)
        return
    try:
        served = await serving.open(path)
    except FieldLogError as why:
        await PlainTextResponse(str(why), status_code=404)(scope, receive, send)
        return
    try:
        await _answer(served, scope)(scope, receive, send)
    finally:
        served.close()


def _answer(served: Served, scope: Scope) -> Response:
    asked = Headers(scope=scope)
    headers = {
        "Content-Type": served.mime,
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    if served.original:
        headers["Content-Disposition"] = _disposition(served.name)
    try:
        # Nothing is sent that an If-Range could name, so one asks for all of it.
        wanted = None if "if-range" in asked else stretch(asked.get("range"), served.size)
    except NoSuchRange:
        return PlainTextResponse(
            "", status_code=416, headers={**headers, "Content-Range": f"bytes */{served.size}"}
        )
    at, end = wanted or (0, served.size)
    headers["Content-Length"] = str(end - at)
    if wanted:
        headers["Content-Range"] = f"bytes {at}-{end - 1}/{served.size}"
    status = 206 if wanted else 200
    if scope["method"] == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_pieces(served, at, end), status_code=status, headers=headers)


def stretch(asked: str | None, size: int) -> tuple[int, int] | None:
    """Where the stretch of a Range header begins and ends (not included); None: send all.

    Several ranges and what is no range are passed over, as RFC 9110 allows. Raises `NoSuchRange`.
    """
    found = _RANGE.fullmatch(asked or "")
    first, last = found.groups() if found else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    if not first:
        at, end = max(0, size - int(last)), size
    else:
        at, end = int(first), min(int(last) + 1, size) if last else size
    if at >= size:
        raise NoSuchRange
    return at, end


async def _pieces(served: Served, at: int, end: int) -> AsyncIterator[bytes]:
    while at < end:
        piece = served.read(at, min(PIECE_BYTES, end - at))
        yield piece
        at += len(piece)


def _disposition(name: str) -> str:
    """To be saved, never shown as a page; the name in both spellings browsers know."""
    return f"attachment; filename=\"{_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"
