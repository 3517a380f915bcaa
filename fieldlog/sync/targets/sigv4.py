"""Signatures of S3 requests (AWS Signature Version 4): in headers, or in the address."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
GOOD_FOR_SECONDS = 900


@dataclass(frozen=True, kw_only=True)
class Key:
    """An access key: its id, which is no secret, the secret, and the region its signatures are for."""

    id: str
    secret: str = field(repr=False)
    region: str


def signed_headers(
    method: str, url: str, headers: Mapping[str, str], body: bytes, *, key: Key, at: datetime
) -> dict[str, str]:
    """`headers` with the signature of a request, the others all signed. `url` is percent-encoded, `at` aware."""
    when, digest = _when(at), sha256(body).hexdigest()
    given = {**headers, "x-amz-date": when, "x-amz-content-sha256": digest}
    signing = {name.lower(): value.strip() for name, value in given.items()} | {"host": urlsplit(url).netloc}
    names = ";".join(sorted(signing))
    signature = _signature(method, url, urlsplit(url).query, signing, digest, key=key, when=when)
    credential = f"{key.id}/{_scope(key, when)}"
    given["Authorization"] = f"{ALGORITHM} Credential={credential},SignedHeaders={names},Signature={signature}"
    return given


def signed_url(method: str, url: str, *, key: Key, at: datetime, seconds: int = GOOD_FOR_SECONDS) -> str:
    """`url` with a signature in its query that lasts so many seconds: the request needs no header, and its body is
    not signed."""
    when, (address, _, query) = _when(at), url.partition("?")
    asked = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{key.id}/{_scope(key, when)}",
        "X-Amz-Date": when,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    query = "&".join(filter(None, (query, in_query(asked))))
    host = {"host": urlsplit(url).netloc}
    signature = _signature(method, url, query, host, UNSIGNED, key=key, when=when)
    return f"{address}?{query}&X-Amz-Signature={signature}"


def in_query(asked: Mapping[str, str]) -> str:
    """Names and values as they stand in a query that is signed."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(asked.items()))


def _signature(
    method: str, url: str, query: str, headers: Mapping[str, str], digest: str, *, key: Key, when: str
) -> str:
    names = sorted(headers)
    request = "\n".join(
        [
            method,
            urlsplit(url).path or "/",
            "&".join(sorted(query.split("&"), key=lambda one: one.split("="))),
            *(f"{name}:{headers[name]}" for name in names),
            "",
            ";".join(names),
            digest,
        ]
    )
    told = "\n".join([ALGORITHM, when, _scope(key, when), sha256(request.encode()).hexdigest()])
    made = f"AWS4{key.secret}".encode()
    for part in _scope(key, when).split("/"):
        made = hmac.digest(made, part.encode(), "sha256")
    return hmac.digest(made, told.encode(), "sha256").hex()


def _scope(key: Key, when: str) -> str:
    return f"{when[:8]}/{key.region}/s3/aws4_request"


def _when(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
