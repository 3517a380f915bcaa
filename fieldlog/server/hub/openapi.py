"""What the hub answers to, in the words of OpenAPI 3.1: as `/openapi.json` says it."""

from __future__ import annotations

from typing import Any

from fieldlog import __version__
from fieldlog.services.hub.shelf import MOST_FILE_BYTES

NAME_PATTERN = (
    r"^(format\.json|log/[A-Za-z0-9~-]{1,80}/[1-9][0-9]*-[1-9][0-9]*-[1-9][0-9]*-[0-9a-f]{16}\.jsonl|"
    r"(head|proof)/[A-Za-z0-9~-]{1,80}\.json|"
    r"media/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}(\.(parts|0|[1-9][0-9]{0,6}))?)$"
)
_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
_TEXTS = {"type": "array", "items": _TEXT}
_OFFSET = {"Upload-Offset": {"schema": _COUNT}, "Upload-Length": {"schema": _COUNT}}

WHY = {
    400: "It can't be understood.",
    401: "Nobody who is paired asks.",
    403: "The token is used, too old or wrong.",
    404: "There is no such file, or no file is called so.",
    405: "Not with this method.",
    408: "It came too slowly.",
    409: "The part here ends elsewhere: at `Upload-Offset`.",
    411: "`Content-Length` is needed.",
    413: "Too long.",
    416: "The file ends before that.",
    422: "It is not what was told.",
    423: "It is written this moment.",
    429: "Too many at once, or too often: come back after `Retry-After` seconds.",
    503: "Not now: come back after `Retry-After` seconds.",
    507: "No room.",
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _said(what: str, schema: Any, headers: Any = None) -> dict[str, Any]:
    told = {"description": what, "content": {"application/json": {"schema": schema}}}
    return {**told, "headers": headers} if headers else told


def _refused(*statuses: int) -> dict[str, Any]:
    refused = _object(detail=_TEXT)
    return {str(one): _said(WHY[one], refused) for one in sorted({401, 405, 408, 429, 503, *statuses})}


def _header(name: str, schema: Any, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema}


_MEETING = {
    "hub": _TEXT, "name": _TEXT, "study": _TEXT, "addresses": _TEXTS, "hashes": _TEXTS,
    "time": {"type": "string", "format": "date-time"},
}  # fmt: skip
_WISH = _object(
    token={"type": "string"}, device={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,62}$"},
    name={"type": "string"},
)  # fmt: skip
_ITEM = _object(name=_TEXT, bytes=_COUNT, mark=_TEXT)
_OCTETS = {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary", "maxLength": MOST_FILE_BYTES}}
}
_BODY = {"required": False, "content": _OCTETS}
_FILE = {"description": "The bytes.", "content": {"application/octet-stream": {"schema": {}}}}
_KEPT = _said("It has its name.", _object(bytes=_COUNT), _OFFSET)
_RANGE = _header("Range", _TEXT)  # what is none of ours is passed over
_PATCHED = [
    _header("Upload-Offset", {**_COUNT, "maximum": MOST_FILE_BYTES}, required=True),
    _header("Upload-Length", {**_COUNT, "maximum": MOST_FILE_BYTES}, required=True),
    _header("Upload-Sha256", {"type": "string", "pattern": "^[0-9a-f]{64}$"}, required=True),
]
_NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "pattern": NAME_PATTERN}}
_UNDER = {
    "name": "under", "in": "query", "required": False,
    "schema": {"type": "string", "pattern": "^(head|log|media|proof)?$"},
}  # fmt: skip

OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "FieldLog hub", "version": __version__},
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    "security": [{"key": []}],
    "paths": {
        "/openapi.json": {"get": {
            "security": [], "responses": {"200": _said("This.", {"type": "object"}), **_refused()},
        }},
        "/pair": {"post": {
            "security": [],
            "requestBody": {"required": True, "content": {"application/json": {"schema": _WISH}}},
            "responses": {
                "201": _said("Paired.", _object(key=_TEXT, fingerprint=_TEXT, **_MEETING)),
                **_refused(400, 403, 411, 413, 422, 507),
            },
        }},
        "/meeting": {"get": {"responses": {"200": _said("How to come back.", _object(**_MEETING)), **_refused()}}},
        "/files": {"get": {
            "parameters": [_UNDER],
            "responses": {
                "200": _said("Every file below.", _object(files={"type": "array", "items": _ITEM})),
                **_refused(400),
            },
        }},
        "/files/{name}": {
            "parameters": [_NAME],
            "get": {
                "parameters": [_RANGE],
                "responses": {"200": _FILE, "206": _FILE, **_refused(404, 416)},
            },
            "head": {"responses": {
                "200": {"description": "There.", "headers": {"Upload-Length": {"schema": _COUNT}}},
                **{code: {"description": one["description"]} for code, one in _refused(404).items()},
            }},
            "put": {"requestBody": _BODY, "responses": {"201": _KEPT, **_refused(400, 404, 411, 413, 422, 507)}},
            "patch": {
                "parameters": _PATCHED, "requestBody": _BODY,
                "responses": {
                    "200": _said("More is to come.", _object(bytes=_COUNT), _OFFSET), "201": _KEPT,
                    **_refused(400, 404, 409, 411, 413, 422, 423, 507),
                },
            },
            "delete": {"responses": {"204": {"description": "Gone."}, **_refused(404)}},
        },
    },
}  # fmt: skip
