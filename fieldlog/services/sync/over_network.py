"""Where a target is, as one line of text that holds no secret, and the target that is there.

    webdavs://ana@cloud.example.org/dav/FieldLog          a folder over https, by user and password
    webdavs://bearer@cloud.example.org/dav/FieldLog       the same, by a token
    webdav://192.168.1.9:8080/FieldLog                    over http, asked as nobody
    https://…  http://…                                   other names for these
    s3://KEY@bucket/prefix?region=eu-central-1            a bucket of AWS
    s3://KEY@bucket/prefix?endpoint=https://s3.example.org[&region=…][&style=host]
    hub://0195aaaa-…                                      a laptop that this device is paired with

Of S3 the user is the access key's id. With an endpoint the bucket stands in the path, unless `style=host`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.ports import Http, Login
from fieldlog.model.sentence import Sentence
from fieldlog.services.machine.machine import Machine
from fieldlog.services.sync.hubs.known import SCHEME
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.target import Target

if TYPE_CHECKING:
    from fieldlog.sync.targets.s3 import Bucket

WEBDAV = {"webdav": "http", "webdavs": "https", "http": "http", "https": "https"}
PORTS = {"http": 80, "https": 443}
BEARER = "bearer"
"""In place of a user: the secret is a token."""

FIRST_REGION = "us-east-1"
"""What stores without regions take, and AWS has as its first."""


def is_over_network(address: str) -> bool:
    """Whether this is the address of a server, not a folder."""
    return address.partition("://")[0].lower() in {*WEBDAV, "s3", SCHEME} and "://" in address


def is_hub(address: str) -> bool:
    """Whether this is the address of a hub."""
    return address.lower().startswith(f"{SCHEME}://")


def without_secret(address: str) -> tuple[str, str]:
    """An address as it is kept and shown, without slashes at its end, and the password that was in it, or "".

    Raises `NotUnderstood`, without repeating it, where it can't be told where a password ends.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port, (parts.hostname or "").encode("idna")
    except ValueError as why:
        raise NotUnderstood(
            "This address can’t be read. If there is a password in it, leave that out: it is asked for."
        ) from why
    who, at, where = parts.netloc.rpartition("@")
    netloc = f"{who.partition(':')[0]}{at}{where}"
    return urlunsplit(parts._replace(netloc=netloc, path=parts.path.rstrip("/"))), unquote(parts.password or "")


def with_user(address: str, user: str) -> str:
    """An address with a user put into it, where it names none."""
    parts = urlsplit(address)
    if not user or "@" in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}@{parts.netloc}"))


def with_options(address: str, **options: str) -> str:
    """An address of S3 with `endpoint`, `region` or `style` put into it; empty ones are left as they are."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query)) | {name: value for name, value in options.items() if value}
    return urlunsplit(parts._replace(query=urlencode(asked, safe=":/")))


async def open_over_network(machine: Machine, address: str, secrets: Secrets) -> Target:
    """The target at an address. Nothing is asked of it, but to try a secret that a person has just typed.

    Raises `NotUnderstood` for what is no address or has no secret, and as the target does.
    """
    address, password = without_secret(address)
    if not is_over_network(address):
        raise NotUnderstood(Sentence("{address} is not the address of a server.", address=address))
    if is_hub(address):
        from fieldlog.services.sync.hubs.reach import open_hub  # not before it is met

        return await open_hub(machine, address, secrets)
    if password:
        await secrets.keep(address, password)
    user = unquote(urlsplit(address).username or "")
    secret, is_new = await secrets.find(address) if user else ("", False)
    make = _bucket if address.lower().startswith("s3:") else _folder
    target = make(machine, address, user, secret)
    if is_new:
        try:
            await target.size("format.json")
        except FieldLogError:
            await target.close()
            raise
        await secrets.keep(address, secret)
    return target


def _folder(machine: Machine, address: str, user: str, secret: str) -> Target:
    from fieldlog.sync.targets.webdav import WebDav  # not before it is met

    parts = urlsplit(address)
    if not parts.hostname:
        raise NotUnderstood(Sentence("{address} names no server.", address=address))
    login = Login(user="" if user == BEARER else user, secret=secret) if user else None
    scheme = WEBDAV[parts.scheme]
    path = quote(unquote(parts.path), safe="/~!$&'()*+,;=:@").rstrip("/")
    return WebDav(_http(machine, login), f"{scheme}://{_host(address, scheme)}{path}")


def _bucket(machine: Machine, address: str, user: str, secret: str) -> Target:
    from fieldlog.sync.targets.s3 import S3  # not before it is met

    bucket = _bucket_at(address, user, secret)
    # From a page, no header but the plainest is let through.
    bucket = replace(bucket, in_query=machine.http is not None)
    return S3(_http(machine, None), bucket, now=lambda: machine.clock().at)


def _bucket_at(address: str, user: str, secret: str) -> Bucket:
    from fieldlog.sync.targets.s3 import Bucket  # not before it is met
    from fieldlog.sync.targets.sigv4 import Key

    parts = urlsplit(address)
    name, options = parts.netloc.rpartition("@")[2], dict(parse_qsl(parts.query))
    if not name or not user:
        raise NotUnderstood("The address of a bucket has the id of the access key in it: s3://KEY@bucket/folder.")
    region = options.get("region", FIRST_REGION)
    endpoint = options.get("endpoint", f"https://s3.{region}.amazonaws.com{'.cn' if region[:3] == 'cn-' else ''}")
    scheme = urlsplit(endpoint).scheme
    if scheme not in PORTS or not urlsplit(endpoint).hostname:
        raise NotUnderstood(Sentence("{address} is not the address of a store: https://…", address=endpoint))
    return Bucket(
        endpoint=f"{scheme}://{_host(endpoint, scheme)}",
        name=name,
        prefix=unquote(parts.path).strip("/"),
        key=Key(id=user, secret=secret, region=region),
        by_path=_by_path(name, options),
    )


def server_of(address: str) -> str:
    """What is asked for the address of a server that is no hub: `https://host[:port]`. Raises `NotUnderstood`."""
    parts = urlsplit(address)
    if parts.scheme.lower() == "s3":
        at = urlsplit(_bucket_at(address, unquote(parts.username or ""), "").url)
        return f"{at.scheme}://{at.netloc}"
    scheme = WEBDAV[parts.scheme]
    return f"{scheme}://{_host(address, scheme)}"


def _by_path(name: str, options: Mapping[str, str]) -> bool:
    """A dot in a bucket's name would be one too many for the certificate of its host."""
    return options.get("style", "path" if "endpoint" in options or "." in name else "host") == "path"


def _host(address: str, scheme: str) -> str:
    """Host and port, without the port that goes without saying and without a login."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].lower().encode("idna").decode()
    return host.rpartition(":")[0] if parts.port == PORTS[scheme] else host


def _http(machine: Machine, login: Login | None) -> Http:
    if machine.http is not None:
        return machine.http(login)
    from fieldlog.sync.laptop_http import LaptopHttp

    return LaptopHttp(login)
