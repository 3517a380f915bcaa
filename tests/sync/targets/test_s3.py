"""Buckets that are not there, not ours, elsewhere or odd."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import md5

import pytest

from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.target import Item, NotThere, TargetRefused, Unreachable
from fieldlog.sync.targets.asking import LoginRefused
from fieldlog.sync.targets.s3 import S3, Bucket
from fieldlog.sync.targets.sigv4 import Key
from tests.sync.hostile import Asked, Hostile, Says, answer, hostile, said

NOW = datetime(2025, 3, 16, 8, 0, tzinfo=UTC)
DATE = "Sun, 16 Mar 2025 08:00:00 GMT"
KEY = Key(id="KEYID", secret="nobody-knows", region="eu-central-1")


@asynccontextmanager
async def bucket(says: Says, *, in_query: bool = False) -> AsyncIterator[tuple[S3, Hostile]]:
    async def at_once(_: float) -> None: ...

    async with hostile(says) as server:
        where = Bucket(
            endpoint=f"http://{server.host}",
            name="notes",
            prefix="set/a b",
            key=KEY,
            by_path=True,
            in_query=in_query,
        )
        target = S3(LaptopHttp(), where, now=lambda: NOW, sleep=at_once)
        try:
            yield target, server
        finally:
            await target.close()


def fault(status: int, code: str, more: str = "", **headers: str) -> bytes:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>nobody-knows</Message>{more}</Error>"
    given = {"Date": DATE} | {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(status, body.encode(), given)


def page(*keys: str, further: str = "") -> bytes:
    rows = "".join(
        f"<Contents><Key>{key}</Key><Size>3</Size><ETag>&quot;e&quot;</ETag></Contents>" for key in keys
    )
    more = f"<IsTruncated>{str(bool(further)).lower()}</IsTruncated>" + (
        f"<NextContinuationToken>{further}</NextContinuationToken>" if further else ""
    )
    namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    return said(200, f'<ListBucketResult xmlns="{namespace}">{rows}{more}</ListBucketResult>'.encode())


async def test_where_the_answer_proves_what_was_kept_nothing_more_is_asked() -> None:
    etag = md5(b"words").hexdigest()
    async with bucket(lambda _: said(200, ETag=f'"{etag}"')) as (target, server):
        await target.put("log/a/1.jsonl", b"words")
        (put,) = server.asked
        assert put.path == "/notes/set/a%20b/log/a/1.jsonl"
        assert put.headers["content-md5"]
        assert "Credential=KEYID/20250316/eu-central-1/s3" in put.headers["authorization"]


async def test_where_it_does_not_the_size_is_asked() -> None:
    async with bucket(lambda asked: said(200, length=5 if asked.method == "HEAD" else 0)) as (target, server):
        await target.put("log/a/1.jsonl", b"words")
        assert server.methods == ["PUT", "HEAD"]
    async with bucket(lambda asked: said(200, length=2 if asked.method == "HEAD" else 0)) as (target, server):
        with pytest.raises(Unreachable, match="kept 2 of 5 bytes"):
            await target.put("log/a/1.jsonl", b"words")


async def test_signed_in_the_address_no_header_is_needed_that_a_page_may_not_send() -> None:
    async with bucket(lambda _: said(200, length=0), in_query=True) as (target, server):
        await target.size("format.json")
        (head,) = server.asked
        assert "X-Amz-Signature=" in head.path
        assert not [name for name in head.headers if name.startswith(("x-amz", "authorization", "content-md5"))]


async def test_a_long_listing_is_read_page_by_page_and_foreign_keys_are_left() -> None:
    def says(asked: Asked) -> bytes:
        if "continuation-token=t%2F1" in asked.path:
            return page("set/a b/log/a/2", "set/a b/log/a/", "elsewhere/log/3")
        return page("set/a b/log/b/1", further="t/1")

    async with bucket(says) as (target, server):
        found = await target.list("log")
        assert found == [Item(name=f"log/{name}", bytes=3, mark="e") for name in ("a/2", "b/1")]
        assert "list-type=2" in server.asked[0].path
        assert "prefix=set%2Fa%20b%2Flog%2F" in server.asked[0].path


async def test_a_listing_that_goes_round_in_a_circle_ends() -> None:
    answers = [page("set/a b/log/1", further="again")] * 20
    async with bucket(lambda _: answers.pop() if answers else said(403)) as (target, server):
        with pytest.raises(Unreachable, match="can’t be read"):
            await target.list("log")
        assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [said(200, b"<html/>"), said(200, b"{}"), said(200)])
async def test_a_listing_that_is_none_is_not_taken_for_an_empty_one(answer: bytes) -> None:
    async with bucket(lambda _: answer) as (target, _):
        with pytest.raises(Unreachable, match="can’t be read"):
            await target.list("log")


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (fault(403, "SignatureDoesNotMatch"), LoginRefused, "does not take the access key"),
        (fault(403, "InvalidAccessKeyId"), LoginRefused, "does not take the access key"),
        (fault(403, "AccessDenied"), TargetRefused, "does not allow that"),
        (fault(404, "NoSuchBucket"), TargetRefused, "has no bucket notes"),
        (fault(301, "PermanentRedirect", x_amz_bucket_region="ap-east-1"), TargetRefused, r"region \(ap-east-1\)"),
        (
            fault(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>"),
            TargetRefused,
            r"region \(eu-west-3\)",
        ),
        (
            fault(403, "RequestTimeTooSkewed", Date="Sun, 16 Mar 2025 10:00:00 GMT"),
            TargetRefused,
            "by 120 minutes",
        ),
        (said(403, Date="Sun, 16 Mar 2025 07:40:00 GMT"), TargetRefused, "by 20 minutes"),
        (fault(500, "InternalError"), Unreachable, "could not answer now"),
    ],
)
async def test_what_a_store_says_against_it_is_a_sentence(
    answer: bytes, kind: type[Exception], words: str
) -> None:
    async with bucket(lambda _: answer) as (target, _):
        for does in (target.list("log"), target.put("log/1", b"x"), anext(aiter(target.read("log/1")))):
            with pytest.raises(kind, match=words) as refused:
                await does
            assert "nobody-knows" not in str(refused.value)


async def test_a_file_that_is_not_there_is_told_from_a_bucket_that_is_not() -> None:
    async with bucket(lambda _: fault(404, "NoSuchKey")) as (target, _):
        with pytest.raises(NotThere, match="log/1 is not there"):
            await anext(aiter(target.read("log/1")))
        assert await target.size("log/1") is None


@pytest.mark.parametrize(
    ("by_path", "url"), [(True, "https://s3.example.org:9000/notes"), (False, "https://notes.s3.example.org:9000")]
)
def test_a_bucket_stands_in_the_path_or_before_the_host(by_path: bool, url: str) -> None:
    where = Bucket(endpoint="https://s3.example.org:9000", name="notes", key=KEY, by_path=by_path)
    assert where.url == url
    assert "nobody-knows" not in repr(where)
