"""A small ASGI app to carry: it echoes, hashes, and keeps bytes at an offset, as a hub does."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

MIB = 2**20
TOKEN = "Bearer right"


class Kept:
    """The app, and what it saw. `parts` is where PATCHed bytes lie."""

    def __init__(self, parts: Path) -> None:
        self.parts = parts
        self.largest, self.disconnects = 0, 0
        self.wait, self.disconnected = asyncio.Event(), asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/echo", self._echo, methods=["POST"]),
                Route("/hash", self._hash, methods=["PUT"]),
                Route("/zeros/{count:int}", self._zeros),
                Route("/slow", self._slow),
                Route("/fault", self._fault),
                Route("/refuse", self._refuse, methods=["PUT"]),
                Route("/torn", self._torn),
                Route("/part/{name}", self._patch, methods=["PATCH", "HEAD", "GET"]),
            ]
        )

    async def _echo(self, request: Request) -> Response:
        about = {
            "method": request.method,
            "path": request.url.path,
            "query": dict(request.query_params),
            "headers": dict(request.headers),
            "client": request.client.host if request.client else "",
            "body": (await request.body()).decode(),
        }
        return JSONResponse(about, status_code=201)

    async def _hash(self, request: Request) -> Response:
        digest = hashlib.sha256()
        try:
            async for piece in request.stream():
                self.largest = max(self.largest, len(piece))
                digest.update(piece)
        except ClientDisconnect:
            self.disconnects += 1
            self.disconnected.set()
            raise
        return Response(digest.hexdigest())

    async def _zeros(self, request: Request) -> Response:
        count = int(request.path_params["count"])

        async def pieces() -> Any:
            left = count
            while left:
                yield bytes(min(left, MIB))
                left -= min(left, MIB)

        return StreamingResponse(pieces(), headers={"Content-Length": str(count)})

    async def _slow(self, request: Request) -> Response:
        await self.wait.wait()
        return Response("late")

    async def _fault(self, request: Request) -> Response:
        raise LookupError("a fault of the app")

    async def _refuse(self, request: Request) -> Response:
        return JSONResponse({"detail": "no key"}, status_code=401)

    async def _torn(self, request: Request) -> Response:
        async def pieces() -> Any:
            yield b"half"
            raise LookupError("in the middle")

        return StreamingResponse(pieces())

    async def _patch(self, request: Request) -> Response:
        if request.headers.get("authorization") != TOKEN:
            return JSONResponse({"detail": "no key"}, status_code=401)
        part = self.parts / request.path_params["name"]
        have = part.stat().st_size if part.exists() else 0
        if request.method == "PATCH":
            if int(request.headers["upload-offset"]) != have:
                return JSONResponse({"detail": "offset"}, status_code=409, headers={"Upload-Offset": str(have)})
            with part.open("ab") as file:
                async for piece in request.stream():
                    file.write(piece)
            have = part.stat().st_size
        if request.method == "GET":
            return Response(json.dumps(hashlib.sha256(part.read_bytes()).hexdigest()))
        return Response(status_code=204, headers={"Upload-Offset": str(have)})
