"""Addresses of targets: what they reach, and that no secret stays in one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.ports import Answer, Http, Login
from fieldlog.services.machine.machine import Machine, in_place
from fieldlog.services.sync.over_network import is_over_network, open_over_network, with_options, without_secret
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.target import TargetRefused, Unreachable
from fieldlog.sync.targets.asking import LoginRefused
from tests.fakes.clock import FakeClock, machine_of

AWS = "s3://KEYID@notes/set?region=eu-central-1"


class Recorded:
    """Keeps what is asked, and answers all with a status."""

    def __init__(self, status: int = 404) -> None:
        self.status = status
        self.login: Login | None = None
        self.asked = list[tuple[str, str]]()
        self.closed = 0

    def as_whom(self, login: Login | None) -> Http:
        self.login = login
        return self

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[Answer]:
        self.asked.append((method, url))

        async def nothing() -> AsyncIterator[bytes]:
            for piece in list[bytes]():
                yield piece

        yield Answer(status=self.status, headers={}, pieces=nothing())

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def http() -> Recorded:
    return Recorded()


@pytest.fixture
def machine(clock: FakeClock, http: Recorded) -> Machine:
    return replace(machine_of(clock), http=http.as_whom)


class Kept(Secrets):
    """Without a keyring, and with a person who types what `types` says."""

    def __init__(self, types: str = "", given: str = "") -> None:
        super().__init__(in_place, ask=self._asked, given=given)
        self.types, self.kept, self.typed_for = types, dict[str, str](), list[str]()

    async def _asked(self, address: str) -> str:
        self.typed_for.append(address)
        return self.types

    async def find(self, address: str, *, asks: bool = True) -> tuple[str, bool]:
        return (self.kept[address], False) if address in self.kept else await super().find(address)

    async def keep(self, address: str, secret: str) -> bool:
        self.kept[address] = secret
        return True


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldlog.services.sync.secrets._keyring", lambda: None)


@pytest.mark.parametrize(
    ("address", "shown", "password"),
    [
        ("webdavs://ana:pw@x.org/dav", "webdavs://ana@x.org/dav", "pw"),
        ("webdavs://ana:p%2Fw%40@x.org:8443/dav/", "webdavs://ana@x.org:8443/dav", "p/w@"),
        (
            "webdavs://ana@uni.edu:pw@x.org/files/ana@uni.edu",
            "webdavs://ana@uni.edu@x.org/files/ana@uni.edu",
            "pw",
        ),
        ("s3://KEYID:s%2F1@notes/a?region=x", "s3://KEYID@notes/a?region=x", "s/1"),
        ("webdavs://ana:@x.org/dav", "webdavs://ana@x.org/dav", ""),
        ("webdav://x.org/dav//", "webdav://x.org/dav", ""),
        ("https://[::1]:8443/dav", "https://[::1]:8443/dav", ""),
        ("/home/ana/notes", "/home/ana/notes", ""),
    ],
)
def test_a_password_is_taken_out_of_an_address(address: str, shown: str, password: str) -> None:
    assert without_secret(address) == (shown, password)
    assert without_secret(shown) == (shown, "")


@pytest.mark.parametrize(
    "address",
    ["s3://KEYID:wJalr/K7MD@notes/a", "webdavs://ana:pa#ss@x.org/", "webdav://x.org:http/", "webdavs://[x/"],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        without_secret(address)
    assert not {"wJalr", "pa#ss", "ana", "x.org"} & set(str(refused.value).split())
    assert "KEYID" not in str(refused.value)


def test_a_folder_is_told_from_a_server() -> None:
    assert [is_over_network(one) for one in ("webdav://x/a", "WEBDAVS://x", "https://x", AWS)] == [True] * 4
    assert [is_over_network(one) for one in ("/media/stick", "C:\\notes", "notes", "s3", "ftp://x/a")] == [
        False
    ] * 5


def test_options_become_part_of_an_address() -> None:
    whole = with_options("s3://KEYID@notes/a", endpoint="https://s3.example.org:9000", region="")
    assert whole == "s3://KEYID@notes/a?endpoint=https://s3.example.org:9000"
    assert with_options(whole, region="eu", style="host") == f"{whole}&region=eu&style=host"
    assert without_secret(whole) == (whole, "")


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("webdavs://x.org/dav/FieldLog", "https://x.org/dav/FieldLog/log/"),
        ("webdavs://X.org:443/dav/", "https://x.org/dav/log/"),
        ("webdav://x.org:8080", "http://x.org:8080/log/"),
        ("https://x.org/我的 笔记", "https://x.org/%E6%88%91%E7%9A%84%20%E7%AC%94%E8%AE%B0/log/"),
        ("http://x.org/a%20b%23", "http://x.org/a%20b%23/log/"),
        ("webdavs://例子.example/a", "https://xn--fsqu00a.example/a/log/"),
    ],
)
async def test_a_webdav_address_reaches_its_folder(
    machine: Machine, http: Recorded, address: str, url: str
) -> None:
    target = await open_over_network(machine, address, Kept())
    assert http.asked == []
    await target.list("log")
    assert http.asked == [("PROPFIND", url)]
    assert http.login is None


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (AWS, "https://notes.s3.eu-central-1.amazonaws.com/set/format.json"),
        ("s3://KEYID@notes?region=cn-north-1", "https://notes.s3.cn-north-1.amazonaws.com.cn/format.json"),
        ("s3://KEYID@my.notes/a", "https://s3.us-east-1.amazonaws.com/my.notes/a/format.json"),
        ("s3://KEYID@notes?endpoint=http://127.0.0.1:9000", "http://127.0.0.1:9000/notes/format.json"),
        ("s3://KEYID@notes?endpoint=https://s3.x.org:443&style=host", "https://notes.s3.x.org/format.json"),
    ],
)
async def test_an_s3_address_reaches_its_bucket(machine: Machine, http: Recorded, address: str, url: str) -> None:
    target = await open_over_network(machine, address, Kept(given="nobody-knows"))
    assert await target.size("format.json") is None
    ((method, asked),) = http.asked
    assert (method, asked.partition("?")[0]) == ("HEAD", url)
    assert "X-Amz-Date=20250316T080000Z" in asked  # of a page, in the address


async def test_a_password_in_an_address_is_kept_and_used(machine: Machine, http: Recorded) -> None:
    secrets = Kept()
    await open_over_network(machine, "webdavs://ana:p%40w@x.org/dav/", secrets)
    assert http.login == Login(user="ana", secret="p@w")
    assert secrets.kept == {"webdavs://ana@x.org/dav": "p@w"}
    await open_over_network(machine, "webdavs://ana@x.org/dav", secrets)
    assert http.login == Login(user="ana", secret="p@w")
    assert http.asked == []


async def test_a_token_is_asked_for_as_a_password_is(machine: Machine, http: Recorded) -> None:
    await open_over_network(machine, "webdavs://bearer@x.org/dav", Kept("t0ken"))
    assert http.login == Login(secret="t0ken")


async def test_what_a_person_types_is_tried_and_then_kept(machine: Machine, http: Recorded) -> None:
    secrets = Kept("typed")
    await open_over_network(machine, "webdavs://ana@x.org/dav", secrets)
    assert http.asked == [("PROPFIND", "https://x.org/dav/format.json")]
    assert secrets.kept == {"webdavs://ana@x.org/dav": "typed"}


@pytest.mark.parametrize(("status", "kind"), [(401, LoginRefused), (403, TargetRefused), (500, Unreachable)])
async def test_what_was_of_no_use_is_not_kept(
    machine: Machine, http: Recorded, status: int, kind: type[Exception]
) -> None:
    http.status, secrets = status, Kept("typed")
    with pytest.raises(kind):
        await open_over_network(machine, "webdavs://ana@x.org/dav", secrets)
    assert (secrets.kept, http.closed) == ({}, 1)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://x.org/a", "is not the address of a server"),
        ("/media/stick", "is not the address of a server"),
        ("webdav:///dav", "is not the address of a server"),
        ("webdav://ana@/dav", "names no server"),
        ("s3://notes/a", "has the id of the access key in it"),
        ("s3://KEYID@/a", "has the id of the access key in it"),
        ("s3://KEYID@notes?endpoint=s3.x.org", "is not the address of a store"),
    ],
)
async def test_what_is_no_address_is_a_sentence(machine: Machine, address: str, words: str) -> None:
    with pytest.raises(NotUnderstood, match=words):
        await open_over_network(machine, address, Kept(given="x"))
