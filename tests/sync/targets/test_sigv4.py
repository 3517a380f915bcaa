"""Signatures as AWS's own examples have them: docs.aws.amazon.com, "Signature calculations, examples"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from fieldlog.sync.targets.sigv4 import Key, in_query, signed_headers, signed_url

KEY = Key(id="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1")
AT = datetime(2013, 5, 24, tzinfo=UTC)
HOST = "https://examplebucket.s3.amazonaws.com"


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "signature"),
    [
        (
            "GET", "/test.txt", {"Range": "bytes=0-9"}, b"",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT", "/test%24file.text",
            {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            b"Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET", "/?lifecycle=", {}, b"",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET", "/?max-keys=2&prefix=J", {}, b"",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)  # fmt: skip
def test_in_headers(method: str, path: str, headers: dict[str, str], body: bytes, signature: str) -> None:
    signed = signed_headers(method, HOST + path, headers, body, key=KEY, at=AT)
    assert signed["Authorization"].endswith(f",Signature={signature}")
    assert signed["x-amz-date"] == "20130524T000000Z"
    assert headers.items() <= signed.items()


def test_in_the_address() -> None:
    assert signed_url("GET", f"{HOST}/test.txt", key=KEY, at=AT, seconds=86400) == (
        f"{HOST}/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


def test_a_moment_is_the_same_in_every_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=8)))
    assert signed_url("GET", HOST, key=KEY, at=there) == signed_url("GET", HOST, key=KEY, at=AT)


def test_signs_in_a_query_are_written_out() -> None:
    assert in_query({"prefix": "a b/灯", "list-type": "2"}) == "list-type=2&prefix=a%20b%2F%E7%81%AF"


def test_what_is_shown_of_a_key_is_no_secret() -> None:
    assert KEY.secret not in repr(KEY)
