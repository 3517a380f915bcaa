"""WebDAV servers that are slow, odd or not what they seem."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import unquote

import pytest

from fieldlog.model.ports import Login
from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.target import Item, TargetRefused, Unreachable
from fieldlog.sync.targets.asking import PATIENT_SECONDS, WAITS, LoginRefused
from fieldlog.sync.targets.webdav import WebDav
from tests.sync.hostile import Asked, Dav, Hostile, Says, hostile, listing, response, said

SEGMENT = "log/a/1-2-9-0123456789abcdef.jsonl"
HEAD = "head/a.json"
LOGIN = Login(user="ana", secret="nobody-knows")


@asynccontextmanager
async def dav(says: Says, *, login: Login | None = None) -> AsyncIterator[tuple[WebDav, Hostile, list[float]]]:
    """The target on such a server, the server, and for how long was waited."""
    waited = list[float]()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async with hostile(says) as server:
        target = WebDav(LaptopHttp(login), server.url, sleep=sleep)
        try:
            yield target, server, waited
        finally:
            await target.close()


def first(times: int, answer: bytes) -> Callable[[Asked], bytes | None]:
    """That answer so often, then what is usual."""
    left = [answer] * times
    return lambda _: left.pop() if left else None


# -- come back later


@pytest.mark.parametrize("status", [423, 429, 500, 503])
async def test_who_is_asked_to_wait_a_little_waits_and_gets_it(status: int) -> None:
    async with dav(Dav(PUT=first(2, said(status, Retry_After="3")))) as (target, server, waited):
        await target.put(SEGMENT, b"words")
        assert waited == [3, 3]
        assert server.methods.count("PUT") == 3
        assert await target.size(SEGMENT) == 5


async def test_who_is_asked_to_wait_long_is_told_how_long_and_does_not_wait() -> None:
    async with dav(Dav(PROPFIND=lambda _: said(503, Retry_After="1800"))) as (target, server, waited):
        with pytest.raises(Unreachable, match=r"could not answer now \(503\)") as refused:
            await target.list("head")
        assert (refused.value.after_s, waited, len(server.asked)) == (1800, [], 1)


async def test_a_date_to_come_back_at_is_read_by_the_servers_own_clock() -> None:
    dated = said(429, Date="Fri, 01 Jan 2016 10:00:00 GMT", Retry_After="Fri, 01 Jan 2016 10:20:00 GMT")
    async with dav(Dav(PROPFIND=lambda _: dated)) as (target, _, waited):
        with pytest.raises(Unreachable) as refused:
            await target.list("head")
        assert (refused.value.after_s, waited) == (1200, [])


@pytest.mark.parametrize("told", ["soon", "", "-5", "Fri, 99 Jan 2016", str(int(PATIENT_SECONDS)) + ".5"])
async def test_patience_ends_where_nobody_says_how_long(told: str) -> None:
    async with dav(Dav(PROPFIND=lambda _: said(503, Retry_After=told))) as (target, server, waited):
        with pytest.raises(Unreachable) as refused:
            await target.list("head")
        assert (refused.value.after_s, waited) == (0, list(WAITS))
        assert len(server.asked) == len(WAITS) + 1


# -- half of it


@pytest.mark.parametrize("name", [SEGMENT, HEAD, "format.json"])
async def test_a_file_that_was_kept_by_half_counts_as_not_sent(name: str) -> None:
    """The answer is 201 all the same: a proxy cut it."""
    server = Dav()

    def half(asked: Asked) -> bytes:
        server.files[asked.path] = asked.body[: len(asked.body) // 2]
        return said(201)

    server.odd["PUT"] = half
    async with dav(server) as (target, _, _):
        with pytest.raises(Unreachable, match="kept 4 of 8 bytes"):
            await target.put(name, b"12345678")
        server.odd.clear()
        await target.put(name, b"12345678")
        assert await target.size(name) == 8


async def test_a_file_that_was_not_kept_at_all_counts_as_not_sent() -> None:
    async with dav(Dav(PUT=lambda _: said(201))) as (target, _, _):
        with pytest.raises(Unreachable, match="kept 0 of 5 bytes"):
            await target.put(SEGMENT, b"words")


async def test_a_head_is_never_seen_by_half() -> None:
    """It is put beside, under a name no listing shows, and moved over the one before."""
    async with dav(Dav()) as (target, server, _):
        await target.put(HEAD, b"first")
        server.asked.clear()
        await target.put(HEAD, b"second")
        assert server.methods == ["PUT", "MOVE", "PROPFIND"]
        put, move, _ = server.asked
        assert put.path.rpartition("/")[2].startswith(".a.json.")
        assert move.headers["destination"] == f"{server.url}/{HEAD}"
        assert move.headers["overwrite"] == "T"


async def test_what_is_in_the_making_is_not_listed() -> None:
    server = Dav(MOVE=lambda _: b"")  # it hangs up
    async with dav(server) as (target, _, _):
        with pytest.raises(Unreachable):
            await target.put(HEAD, b"{}")
        assert len(server.files) == 1
        assert await target.list("head") == []


async def test_where_nothing_can_be_moved_a_head_is_put_in_its_place() -> None:
    """A proxy in front of the server took the address for a stranger's."""
    server = Dav(MOVE=lambda _: said(502))
    async with dav(server) as (target, _, _):
        await target.put(HEAD, b"{}")
        assert server.files == {f"/dav/{HEAD}": b"{}"}


async def test_a_listing_that_breaks_off_is_no_listing() -> None:
    whole = listing(response("/dav/log/", None), response(f"/dav/{SEGMENT}", 9))
    for broken in (whole[:-40], said(207, b"<D:multistatus xmlns:D='DAV:'><D:response>"), said(207)):
        async with dav(Dav(PROPFIND=lambda _, broken=broken: broken)) as (target, _, _):  # type: ignore[misc]
            with pytest.raises(Unreachable):
                await target.list("log")


async def test_a_file_that_breaks_off_gives_what_came_and_says_so() -> None:
    async with dav(Dav(GET=lambda _: said(200, b"half", length=8))) as (target, _, _):
        came = b""
        with pytest.raises(Unreachable):
            async for piece in target.read(SEGMENT):
                came += piece
        assert came == b"half"


# -- odd


async def test_a_listing_without_sizes_asks_for_each() -> None:
    def silent(asked: Asked) -> bytes:
        shown = [response(f"/dav/{SEGMENT}", None)]
        return listing(response("/dav/log/a/", None), *shown) if asked.path.endswith("/a/") else listing(*shown)

    server = Dav(PROPFIND=silent)
    server.files[f"/dav/{SEGMENT}"] = b"123456789"
    async with dav(server) as (target, _, _):
        assert await target.list("log/a") == [Item(name=SEGMENT, bytes=9)]
        assert await target.size(SEGMENT) == 9
        server.odd["HEAD"] = lambda _: b"HTTP/1.1 200 So\r\nConnection: close\r\n\r\n"
        with pytest.raises(TargetRefused, match="does not say how long"):
            await target.size(SEGMENT)


async def test_a_date_that_may_hide_a_change_marks_a_file_as_changed() -> None:
    """Of servers that tell no ETag: dates tell seconds."""
    modified = "Sun, 16 Mar 2025 08:00:00 GMT"
    whole = response(f"/dav/{HEAD}", 9).replace(
        "</D:prop>", f"<D:getlastmodified>{modified}</D:getlastmodified></D:prop>"
    )
    says = Dav()
    async with dav(says) as (target, _, _):
        for now, steady in (("08:00:01", False), ("08:00:02", True), ("07:59:59", False)):
            date = f"Sun, 16 Mar 2025 {now} GMT"
            says.odd["PROPFIND"] = lambda _, date=date: said(  # type: ignore[misc]
                207, listing(response("/dav/head/", None), whole).partition(b"\r\n\r\n")[2], Date=date
            )
            looks = [await target.list("head") for _ in range(2)]
            assert (looks[0] == looks[1]) is steady, now
            assert looks[0][0].mark.startswith(modified)


async def test_who_sends_all_where_the_rest_was_asked_for_is_read_from_there() -> None:
    server = Dav()
    server.files["/dav/media/x"] = b"0123456789"
    async with dav(server) as (target, _, _):
        assert b"".join([piece async for piece in target.read("media/x", 4)]) == b"456789"
        server.odd["GET"] = lambda _: said(206, b"23456789", Content_Range="bytes 2-9/10")
        assert b"".join([piece async for piece in target.read("media/x", 4)]) == b"456789"
        server.odd["GET"] = lambda _: said(206, b"6789", Content_Range="bytes 6-9/10")
        with pytest.raises(Unreachable):
            _ = [piece async for piece in target.read("media/x", 4)]


async def test_addresses_are_told_in_any_way_and_names_with_signs_come_through() -> None:
    name = "log/a b/1-1-1-é#?%.jsonl"
    full = "http://elsewhere.example/dav/log/a%20b/1-1-1-e%CC%81%23%3F%25.jsonl"  # é in two signs

    def odd(asked: Asked) -> bytes | None:
        if asked.path != "/dav/log/a%20b/":
            return None
        there = response("/dav/log/a b/", None) + response("x", 3).replace(">x<", f">{full}<")
        return listing(there)

    files = Dav(PROPFIND=odd)
    files.folders |= {"/dav/log", "/dav/log/a b"}
    async with dav(files) as (target, server, _):
        assert await target.list("log/a b") == [Item(name=name, bytes=3)]
        await target.put("log/a b/1-1-1-#?%.jsonl", b"x")
        put = next(one for one in server.asked if one.method == "PUT")
        assert put.path == "/dav/log/a%20b/1-1-1-%23%3F%25.jsonl"


async def test_a_shelf_that_went_away_is_made_again_the_next_time() -> None:
    server = Dav()
    async with dav(server) as (target, _, _):
        await target.put(SEGMENT, b"x")
        server.files.clear()
        server.folders = {"/dav"}
        with pytest.raises(Unreachable, match="it is gone"):
            await target.put(SEGMENT, b"x")
        await target.put(SEGMENT, b"x")
        assert await target.size(SEGMENT) == 1


async def test_the_folder_itself_is_made_but_not_those_above_it() -> None:
    server = Dav()
    server.folders = {""}
    async with dav(server) as (target, _, _):
        await target.put("format.json", b"{}")
        assert server.folders == {"", "/dav"}
        server.folders, server.files = set(), {}
    async with dav(server) as (target, _, _):
        with pytest.raises(TargetRefused, match="no such folder as the one above"):
            await target.put("format.json", b"{}")


# -- not what it seems


async def test_who_is_sent_elsewhere_does_not_go_there_with_a_password() -> None:
    async with hostile(Dav()) as elsewhere:
        moved = said(302, Location=f"http://ana:x@{elsewhere.host}/dav?token=t")
        async with dav(lambda _: moved, login=LOGIN) as (target, server, _):
            for does in (
                target.list("log"),
                target.size(HEAD),
                target.put(HEAD, b"{}"),
                target.remove(HEAD),
                anext(aiter(target.read(HEAD))),
            ):
                with pytest.raises(TargetRefused, match=f"sends us on to http://{elsewhere.host}. If") as refused:
                    await does
                assert "token" not in str(refused.value)
            assert server.asked
        assert elsewhere.asked == []


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/dav/&b;</D:href></D:response></D:multistatus>"""
SYSTEM = b"""<!DOCTYPE d SYSTEM "file:///etc/passwd"><D:multistatus xmlns:D="DAV:"/>"""


@pytest.mark.parametrize("answer", [BOMB, SYSTEM, b"{}", b"<a>" * 9, b"<a/>" + b" " * (17 * 2**20)])
async def test_a_listing_that_is_none_is_not_taken_for_an_empty_one(answer: bytes) -> None:
    async with dav(Dav(PROPFIND=lambda _: said(207, answer))) as (target, _, _):
        with pytest.raises(Unreachable, match="can’t be read"):
            await target.list("log")


async def test_a_page_to_log_in_is_taken_neither_for_a_folder_nor_for_a_file() -> None:
    page = said(200, b"<!doctype html><title>Log in</title>", Content_Type="text/html; charset=utf-8")
    async with dav(lambda _: page) as (target, _, _):
        for does in (target.list("log"), target.size(HEAD), target.put(HEAD, b"{}")):
            with pytest.raises(TargetRefused, match="no WebDAV folder at http"):
                await does
        with pytest.raises(TargetRefused, match="answers with a web page"):
            await anext(aiter(target.read(HEAD)))


async def test_the_listing_of_another_folder_is_not_taken_for_an_empty_one() -> None:
    async with dav(lambda _: listing(response("/other/", None))) as (target, _, _):
        with pytest.raises(TargetRefused, match="another folder"):
            await target.list("log")


async def test_folders_without_end_and_names_that_lead_out_are_not_followed() -> None:
    def endless(asked: Asked) -> bytes:
        own = unquote(asked.path)
        if own.count("/") > 20:
            return said(403)
        below = [response(f"{own}{name}/", None) for name in ("a", "..", "SLASH")]
        return listing(response(own, None), *(one.replace("SLASH", "b%2Fc") for one in below))

    async with dav(Dav(PROPFIND=endless)) as (target, server, _):
        assert await target.list("log") == []
        assert [one.path for one in server.asked] == [f"/dav/log{'/a' * deep}/" for deep in range(4)]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, LoginRefused, "does not take the user name"),
        (403, TargetRefused, "does not allow that"),
        (507, TargetRefused, "has no room"),
        (413, TargetRefused, "has no room"),
        (418, TargetRefused, r"refuses that \(418\)"),
        (423, Unreachable, r"could not answer now \(423\)"),
        (500, Unreachable, r"could not answer now \(500\)"),
    ],
)
async def test_what_a_server_says_against_it_is_a_sentence(status: int, kind: type[Exception], words: str) -> None:
    async with dav(lambda _: said(status, b"ana nobody-knows"), login=LOGIN) as (target, _, _):
        with pytest.raises(kind, match=words) as refused:
            await target.list("log")
        assert "nobody-knows" not in str(refused.value)


async def test_no_answer_is_a_sentence_that_names_the_server() -> None:
    async with dav(lambda _: b"") as (target, server, _):
        with pytest.raises(Unreachable, match=f"{server.host} does not answer"):
            await target.list("log")


async def test_no_password_stands_in_a_log_an_error_or_what_is_shown_of_a_login(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asks = said(401, WWW_Authenticate='Basic realm="x"')
    server = Dav()
    for method in ("PROPFIND", "PUT", "MKCOL"):
        server.odd[method] = lambda asked: None if "authorization" in asked.headers else asks
    async with dav(server, login=LOGIN) as (target, there, _):
        await target.put(SEGMENT, b"words")
        given = {one.headers.get("authorization") for one in there.asked}
        assert LOGIN.header in given
    assert LOGIN.header.removeprefix("Basic ") not in caplog.text
    assert "nobody-knows" not in caplog.text + repr(LOGIN)
    assert there.host not in caplog.text  # nor an address: that of a bucket may hold a signature


async def test_a_shelf_is_made_once_however_many_files_come_to_it_at_once() -> None:
    """Some servers answer 500 to whoever makes a folder that another makes this moment."""
    names = [f"media/ab/ab{n}{'c' * 61}.jpg" for n in range(4)]
    async with dav(Dav()) as (target, server, _):
        await asyncio.gather(*(target.put(name, b"a photo") for name in names))
        made = [one.path for one in server.asked if one.method == "MKCOL"]
        assert made == ["/dav/media/", "/dav/media/ab/"]
        assert [await target.size(name) for name in names] == [7] * 4
