"""A server asked patiently, and what it says against it as refusals."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Container, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Answer, Http
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.target import TargetRefused, Unreachable

WAITS = (1.0, 2.0, 4.0)
"""Seconds, where a server is asked to wait and does not say how long: then nobody waits any more."""

PATIENT_SECONDS = 10.0
"""Who is told to come back later than this tells it on, and does not wait."""

COME_BACK = {408, 423, 425, 429, 500, 502, 503, 504}
"""Too busy, locked by somebody else, or out of order for a moment."""

NO_ROOM = {413, 507}

Sleep = Callable[[float], Awaitable[None]]
Refusal = Callable[[Answer], Awaitable[FieldLogError]]


class LoginRefused(TargetRefused):
    """The server does not take the user and the password or token."""


class Asking:
    """One server, by its `host` as a person knows it. `refusal` says what stands behind an answer that is none."""

    def __init__(
        self, http: Http, host: str, *, sleep: Sleep = asyncio.sleep, refusal: Refusal | None = None
    ) -> None:
        self.http, self.host = http, host
        self._sleep, self._refusal = sleep, refusal or self._plainly

    @asynccontextmanager
    async def answer(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        also: Container[int] = (),
    ) -> AsyncIterator[Answer]:
        """What is answered with a status of 200 to 299 or one of `also`, after some patience where the server is
        to be asked again. Raises for every other."""
        for wait in (*WAITS, None):
            async with self.http.request(method, url, headers or {}, body) as got:
                if 200 <= got.status < 300 or got.status in also:
                    yield got
                    return
                told = retry_after(got.headers)
                if got.status not in COME_BACK or wait is None or told > PATIENT_SECONDS:
                    raise await self._refusal(got)
            await self._sleep(told or wait)

    async def _plainly(self, got: Answer) -> FieldLogError:
        return refusal(self.host, got)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds, 0 where nothing is said that can be understood. A date is compared with the server's own."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(said)
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return 0
    return max(0.0, wait.total_seconds())


def refusal(host: str, got: Answer) -> FieldLogError:
    """What a status means that is no success, whoever answers."""
    status = got.status
    if status == 401:
        return LoginRefused(
            Sentence(
                "{host} does not take the user name and the password. The name stands in the address, as in "
                "webdavs://name@host/folder.",
                host=host,
            )
        )
    if status == 403:
        said = sentence("{host} does not allow that there. The right to read and to write is needed.")
        return TargetRefused(Sentence(said, host=host))
    if status in NO_ROOM:
        return TargetRefused(Sentence("{host} has no room for that.", host=host))
    if 300 <= status < 400:
        return sent_on(host, got.headers.get("location", ""))
    if status in COME_BACK or status > 508:  # what stands before a server has numbers of its own
        return not_now(host, got)
    return TargetRefused(Sentence("{host} refuses that ({status}).", host=host, status=status))


def not_now(host: str, got: Answer) -> Unreachable:
    refused = Unreachable(
        Sentence("{host} could not answer now ({status}). The rest comes later.", host=host, status=got.status)
    )
    refused.after_s = retry_after(got.headers)
    return refused


def sent_on(host: str, location: str) -> TargetRefused:
    """Nobody is followed elsewhere: who waits there must not get to know the login."""
    there = urlsplit(location)
    to = f"{there.scheme}://{there.netloc.rpartition('@')[2]}" if there.netloc else "…"
    return TargetRefused(
        Sentence("{host} sends us on to {to}. If that is yours, give its address instead.", host=host, to=to)
    )


def no_web_page(host: str, got: Answer) -> None:
    """Raises where a web page stands in for a file: a page to log in, say."""
    if got.headers.get("content-type", "").lower().startswith("text/html"):
        raise TargetRefused(Sentence("{host} answers with a web page. Is the address right?", host=host))


def length_of(host: str, got: Answer) -> int:
    """What a HEAD says of a file. Raises where it says nothing."""
    said = got.headers.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,15}", said):
        raise TargetRefused(Sentence("{host} does not say how long its files are.", host=host))
    return int(said)


async def from_position(host: str, got: Answer, start: int) -> AsyncGenerator[bytes, None]:
    """The body of a GET from a position on, also where the server began earlier than it was asked to."""
    told = re.match(r"bytes ([0-9]{1,15})-", got.headers.get("content-range", ""))
    began = int(told[1]) if told else start if got.status == 206 else 0
    skip = start - began
    if skip < 0:
        raise not_now(host, got)
    async for piece in got.pieces:
        kept, skip = piece[skip:], max(0, skip - len(piece))
        if kept:
            yield kept
