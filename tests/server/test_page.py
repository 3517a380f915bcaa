"""A page gets two scripts and one style more, and everything else goes through as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from fieldlog.server.page import with_head

PAGE = "<html><head><title>标题</title></head><body>a </head> in the words</body></html>"
MORE = '<script src="caret.js"></script><script src="drop.js"></script><link rel="stylesheet" href="rows.css">'
LONGER = PAGE.replace("</head>", f"{MORE}</head>", 1)


async def _page(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def _stream(_: Request) -> Response:
    async def parts() -> AsyncIterator[str]:
        yield PAGE[:50]
        yield PAGE[50:]

    return StreamingResponse(parts(), media_type="text/html")


async def _headless(_: Request) -> Response:
    return HTMLResponse("<p>words</p>")


async def _text(_: Request) -> Response:
    return PlainTextResponse(PAGE)


async def get(path: str, method: str = "GET") -> httpx.Response:
    routes = [Route(f"/{one.__name__}", one) for one in (_page, _stream, _headless, _text)]
    app = with_head(Starlette(routes=routes), scripts=("caret.js", "drop.js"), style="rows.css")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        return await client.request(method, path)


@pytest.mark.parametrize(
    ("path", "answer"),
    [("/_page", LONGER), ("/_stream", LONGER), ("/_headless", "<p>words</p>"), ("/_text", PAGE)],
)
async def test_they_stand_at_the_end_of_a_pages_head(path: str, answer: str) -> None:
    found = await get(path)
    assert found.text == answer
    if path != "/_stream":
        assert int(found.headers["content-length"]) == len(answer.encode())


async def test_an_answer_without_a_body_goes_through() -> None:
    assert (await get("/_page", "HEAD")).status_code == 200
    assert (await get("/none")).status_code == 404
