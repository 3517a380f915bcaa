"""WebTransport carries an ASGI app: what comes through, who is let in, and what nobody can do to it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding

from fieldlog.server.hub.certificates import made
from fieldlog.server.hub.session import Caps
from fieldlog.server.hub.stream_request import LINE_BYTES, Patience
from fieldlog.server.hub.webtransport import WebTransport, offer
from tests.server.hub.apps import MIB, TOKEN, Kept
from tests.server.hub.client import ORIGIN, Client, Cut, line, visiting

NOW = datetime(2026, 5, 3, 7, 0, tzinfo=UTC)
HASTY = Patience(line_s=0.3, body_s=0.5, slowest=MIB, unread_s=0.5)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


@pytest_asyncio.fixture
async def hub(kept: Kept) -> AsyncIterator[WebTransport]:
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1")
    yield carrier
    await carrier.close()


@pytest_asyncio.fixture
async def hasty(kept: Kept) -> AsyncIterator[WebTransport]:
    """One that waits for nobody long."""
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1", caps=Caps(patience=HASTY))
    yield carrier
    await carrier.close()


async def test_a_request_reaches_the_app_whole_and_so_does_its_answer(hub: WebTransport) -> None:
    async with visiting(hub.port) as client:
        status, headers, body = await client.ask("POST", "/echo?under=log&x=%C3%A4", "灯".encode(), {"A-B": "c"})
    told = json.loads(body)
    assert (status, headers["content-type"]) == (201, "application/json")
    assert (told["method"], told["path"], told["query"]) == ("POST", "/echo", {"under": "log", "x": "ä"})
    assert (told["headers"]["a-b"], told["body"], told["client"]) == ("c", "灯", "127.0.0.1")


async def test_what_we_know_ourselves_goes_before_what_a_request_claims(hub: WebTransport) -> None:
    async with visiting(hub.port) as client:
        _, _, body = await client.ask("POST", "/echo", b"", {"origin": "https://evil.example", "Host": "x"})
    assert json.loads(body)["headers"]["origin"] == ORIGIN


async def test_many_megabytes_go_both_ways_in_pieces_of_one_at_most(hub: WebTransport, kept: Kept) -> None:
    data = random.Random(1).randbytes(5 * MIB + 7)
    async with visiting(hub.port) as client:
        _, _, told = await client.ask("PUT", "/hash", data)
        assert told.decode() == hashlib.sha256(data).hexdigest()
        assert kept.largest <= MIB
        _, headers, zeros = await client.ask("GET", f"/zeros/{3 * MIB}")
    assert (headers["content-length"], zeros) == (str(3 * MIB), bytes(3 * MIB))


async def test_many_requests_at_once_do_not_wait_for_each_other(hub: WebTransport, kept: Kept) -> None:
    async with visiting(hub.port) as client:
        late = client.begin(line("GET", "/slow"), end=True)
        said = await asyncio.gather(*(client.ask("PUT", "/hash", bytes(n)) for n in range(40)))
        assert {status for status, *_ in said} == {200}
        kept.wait.set()
        assert (await late.answer())[2] == b"late"


@pytest.mark.parametrize("origin", ["", "null", "http://log.example.org", "http://localhost.example.org"])
async def test_a_page_that_may_not_is_refused(hub: WebTransport, origin: str) -> None:
    with pytest.raises(AssertionError, match="403"):
        async with visiting(hub.port, origin=origin):
            pass


async def test_another_path_is_nothing(hub: WebTransport) -> None:
    with pytest.raises(AssertionError, match="404"):
        async with visiting(hub.port, path="/"):
            pass


@pytest.mark.parametrize(
    "sent",
    [
        b"\n",
        b"{}\n",
        b"[1]\n",
        b"no json\n",
        b'{"method": "GET", "path": "x"}\n',
        b'{"method": "TRACE", "path": "/echo"}\n',
        b'{"method": "GET", "path": ["/"]}\n',
        b'{"method": "GET", "path": "/\xc3\xa4"}\n',
        b'{"method": "GET", "path": "/", "headers": ["a"]}\n',
        b"[" * 10_000 + b"\n",
        b"",
        b"x" * (LINE_BYTES + 1),
    ],
)
async def test_what_is_no_request_is_told_so(hub: WebTransport, sent: bytes) -> None:
    async with visiting(hub.port) as client:
        assert (await client.begin(sent, end=True).answer())[0] == 400


async def test_a_line_without_an_end_is_refused_before_it_has_come(hub: WebTransport) -> None:
    async with visiting(hub.port) as client:
        stream = client.begin(b"x" * (3 * LINE_BYTES))
        assert (await stream.answer())[0] == 400
        assert stream.stopped


async def test_an_app_that_fails_says_so_and_what_it_had_begun_is_cut(hub: WebTransport) -> None:
    async with visiting(hub.port) as client:
        assert (await client.ask("GET", "/fault"))[0] == 500
        with pytest.raises(Cut):
            await client.ask("GET", "/torn")
        assert (await client.ask("PUT", "/hash"))[0] == 200


async def test_whom_the_app_refuses_need_not_send_the_body(hub: WebTransport) -> None:
    async with visiting(hub.port) as client:
        stream = client.begin(line("PUT", "/refuse") + bytes(100_000))
        assert (await stream.answer())[0] == 401
        assert stream.stopped


async def test_slow_lines_and_bodies_are_not_waited_for(hasty: WebTransport, kept: Kept) -> None:
    async with visiting(hasty.port) as client:
        half_a_line = client.begin(b'{"method"')
        half_a_body = client.begin(line("PUT", "/hash") + b"x")
        drip = client.begin(line("PUT", "/hash"))
        for _ in range(20):
            await asyncio.sleep(0.05)
            drip.more(b"x")
        for one in (half_a_line, half_a_body, drip):
            assert (await one.answer())[0] == 408
        assert (await client.ask("PUT", "/hash"))[0] == 200
    assert kept.disconnects == 2


async def test_a_body_that_comes_steadily_may_take_longer(kept: Kept) -> None:
    patience = Patience(body_s=1, slowest=10)
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1", caps=Caps(patience=patience))
    async with visiting(carrier.port) as client:
        steady = client.begin(line("PUT", "/hash"))
        for _ in range(5):
            await asyncio.sleep(0.3)
            steady.more(bytes(1000))
        steady.more(b"", end=True)
        assert (await steady.answer())[0] == 200
    await carrier.close()


async def test_who_hangs_up_in_the_middle_is_noticed(hub: WebTransport, kept: Kept) -> None:
    async with visiting(hub.port) as client:
        client.begin(line("PUT", "/hash") + bytes(1000))
        await asyncio.sleep(0.1)
    await asyncio.wait_for(kept.disconnected.wait(), 5)


async def test_too_many_at_once_are_asked_to_come_again(kept: Kept) -> None:
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1", caps=Caps(requests=3))
    async with visiting(carrier.port) as client:
        late = [client.begin(line("GET", "/slow"), end=True) for _ in range(3)]
        await asyncio.sleep(0.1)
        assert (await client.ask("PUT", "/hash"))[0] == 429
        kept.wait.set()
        assert {(await one.answer())[0] for one in late} == {200}
        assert (await client.ask("PUT", "/hash"))[0] == 200
    await carrier.close()


async def test_so_many_sessions_of_one_address_and_no_more(kept: Kept) -> None:
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1", caps=Caps(sessions_an_address=2))
    async with visiting(carrier.port) as one, visiting(carrier.port):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7), visiting(carrier.port):
                pass
        assert (await one.ask("PUT", "/hash"))[0] == 200
    async with visiting(carrier.port) as another:
        assert (await another.ask("PUT", "/hash"))[0] == 200
    await carrier.close()


async def test_a_stranger_is_sent_away_and_a_known_one_stays(kept: Kept) -> None:
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1", caps=Caps(stranger_s=2))
    async with visiting(carrier.port) as stranger, visiting(carrier.port) as known:
        assert (await stranger.ask("PUT", "/refuse"))[0] == 401
        assert (await known.ask("HEAD", "/part/x", headers={"Authorization": TOKEN}))[0] == 204
        await asyncio.wait_for(stranger.is_over.wait(), 5)
        assert (await known.ask("HEAD", "/part/x", headers={"Authorization": TOKEN}))[0] == 204
    await carrier.close()


async def test_a_stranger_can_send_no_more_than_a_little_ahead(kept: Kept) -> None:
    """Whatever nobody takes stays with who sends it."""
    caps = Caps(stranger_bytes=64 * 2**10)
    carrier = await offer(kept.app, made(NOW), host="127.0.0.1", caps=caps)
    async with visiting(carrier.port) as client:
        client.begin(line("GET", "/slow") + bytes(2 * MIB))
        await asyncio.sleep(0.3)
        assert _granted(client) <= 64 * 2**10
        kept.wait.set()
    await carrier.close()


def _granted(client: Client) -> int:
    """How many bytes the hub has ever let a client send."""
    return int(client.quic._remote_max_data)


async def test_a_changed_certificate_ends_no_session(kept: Kept) -> None:
    old, new = made(NOW), made(NOW)
    carrier = await offer(kept.app, old, host="127.0.0.1")
    async with visiting(carrier.port) as before:
        carrier.show(new)
        async with visiting(carrier.port) as after:
            for client, certificate in ((before, old), (after, new)):
                assert (await client.ask("PUT", "/hash"))[0] == 200
                shown = client.quic.tls._peer_certificate
                assert shown is not None
                assert certificate.certificate == shown.public_bytes(Encoding.PEM).decode()
    await carrier.close()


async def test_nothing_is_remembered_of_a_request_that_is_over(hub: WebTransport) -> None:
    async with visiting(hub.port) as client:
        for _ in range(200):  # more than may be open at once
            assert (await client.ask("PUT", "/hash", b"x"))[0] == 200
        (session,) = hub._hub.known
        await asyncio.sleep(0.2)
        assert session._http is not None
        assert len(session._streams) == 0
        assert len(session._http._stream) < 10
        assert len(session._quic._streams) < 10
        assert session._waiting == 0
