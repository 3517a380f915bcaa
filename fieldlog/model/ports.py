"""What the house needs from the machine it runs on: a laptop, or a browser on a phone.

The shapes are those the browser allows: opening, listing, creating, replacing and removing are
async; reading, appending and flushing on an open handle are sync. Paths are relative to the
root a `Disk` was made for, with `/` between the parts, never starting with `/` nor holding `..`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from fieldlog.model.moment import Moment

T = TypeVar("T")


class Clock(Protocol):
    """Reads the wall clock, the zone and the monotonic counter once, together."""

    def __call__(self) -> Moment: ...


NewId = Callable[[], str]
"""Makes a fresh UUIDv7 as lower-case text, later ones sorting after earlier ones."""


class Offload(Protocol):
    """Runs a pure function off the event loop: a thread on the laptop, in place in the browser."""

    async def __call__(self, work: Callable[..., T], /, *frozen: object) -> T: ...


@dataclass(frozen=True, kw_only=True)
class DirEntry:
    """One name in a folder. `bytes` is 0 for a folder."""

    name: str
    is_dir: bool
    bytes: int


class Handle(Protocol):
    """An open file. Every method is sync, so that a save is one uninterrupted step.

    Raises `DiskFull` or `NotSaved` where the machine refuses a write or a flush.
    """

    def size(self) -> int: ...

    def read(self, at: int, count: int) -> bytes:
        """Up to `count` bytes from position `at`; fewer only at the end of the file."""
        ...

    def write(self, data: bytes, at: int) -> None:
        """Write all of `data` at `at` (at most the present size: no holes). Not durable before `flush`."""
        ...

    def append(self, data: bytes) -> None:
        """Write all of `data` at the end, or nothing: a half-written tail is cut off before raising.

        Not durable before `flush`.
        """
        ...

    def truncate(self, size: int) -> None: ...

    def flush(self) -> None:
        """Return only when every byte written so far is on the medium (fsync; F_FULLFSYNC on Apple)."""
        ...

    def close(self) -> None: ...


class Lock(Protocol):
    """The right to write, held until `release` or the end of the process."""

    def release(self) -> None: ...


class Disk(Protocol):
    """Files below one root."""

    async def open(self, path: str, *, create: bool = False) -> Handle:
        """Open for reading and writing. With `create`, a missing file (and its folders) is made and its
        folder flushed, so the name survives a power cut. Raises `MissingFile` otherwise."""
        ...

    async def open_read(self, path: str) -> Handle:
        """Open for reading only; where the machine has exclusive handles, this one is exclusive too."""
        ...

    async def read(self, path: str) -> bytes:
        """The whole file. Raises `MissingFile`."""
        ...

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        """Make `path` hold exactly `data`, durably and atomically: after a crash it is the old or the new.

        Where a machine tells its users apart, only its owner can read a file whose name ends with `.key`.

        Without `named` a power cut may bring the old one back until `flush_names` was called for its folder:
        for many files that only count together, at half the flushes.
        """
        ...

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        """Rename atomically over `target`, and flush the folders, unless `named` puts that off.

        `source` must be flushed already.
        """
        ...

    async def flush_names(self, folder: str) -> None:
        """Return only when the names in a folder are on the medium. "" is the root; none there is no fault."""
        ...

    async def remove(self, path: str) -> None:
        """Remove a file if it is there, or an empty folder."""
        ...

    async def list(self, folder: str) -> list[DirEntry]:
        """The names in a folder, sorted; empty where there is no such folder. "" is the root."""
        ...

    async def size(self, path: str) -> int | None:
        """Bytes of a file, or None where there is no such file."""
        ...

    async def free_bytes(self) -> int:
        """What can still be written here, as far as the machine tells."""
        ...

    async def lock(self, path: str) -> Lock:
        """Take the writer's lock at `path`, or raise `StoreBusy` at once."""
        ...


class Source(Protocol):
    """Bytes that come in from outside the store: a file someone picked, a member of a bundle."""

    @property
    def name(self) -> str: ...

    def chunks(self) -> AsyncIterator[bytes]: ...


class Cipher(Protocol):
    """AES-256-GCM, and keys from passphrases: a library on a laptop, WebCrypto in a browser.

    A browser answers later, so these are async; on a laptop nothing waits.
    """

    def random(self, count: int) -> bytes:
        """So many bytes that nobody can guess."""
        ...

    async def stretched(self, secret: bytes, salt: bytes, iterations: int) -> bytes:
        """A key of 32 bytes by PBKDF2-SHA-256. `secret` holds at least one byte."""
        ...

    async def sealed(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """`data` encrypted, and 16 bytes behind it by which changes are seen. `nonce` are 12 bytes, never the same
        for a key again; it opens only with the same `bound`, which is no secret."""
        ...

    async def opened(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """What `sealed` was given. Raises `NotOpened` where a bit of all this differs."""
        ...


class Keyring(Protocol):
    """Keeps passwords where nobody reads them in a file: the system's keyring, or a key that a browser gives to
    nobody. Never raises: what it can't keep is asked for again."""

    async def find(self, address: str) -> str:
        """ "" for none."""
        ...

    async def keep(self, address: str, secret: str) -> bool:
        """Whether it is there at the next start."""
        ...

    async def forget(self, address: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Login:
    """As whom a server is asked: a user and their password, or, without a user, the bearer of a token."""

    user: str = ""
    secret: str = field(repr=False)

    @property
    def header(self) -> str:
        """What stands in `Authorization`: basic, or bearer."""
        if not self.user:
            return f"Bearer {self.secret}"
        return f"Basic {b64encode(f'{self.user}:{self.secret}'.encode()).decode()}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server said: a status, headers by lower-case names, the body once, in pieces of at most 1 MiB."""

    status: int
    headers: Mapping[str, str]
    pieces: AsyncIterator[bytes]


class Http(Protocol):
    """Asks servers over http and https: httpx on a laptop, fetch in a browser."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AbstractAsyncContextManager[Answer]:
        """Ask, and have the answer while the block lasts. No redirect is followed: it is an answer like others.

        Raises `Unreachable` where no answer comes in good time, or the block is left because its body was cut.
        """
        ...

    async def close(self) -> None: ...


NewHttp = Callable[[Login | None], Http]
"""Makes what asks with a login, None for nobody's."""

NewHubHttp = Callable[[Login | None, Sequence[str], Sequence[str]], Http]
"""Makes what asks a hub with the key of a device, None while it has none, by the hashes of certificates of which
one is the hub's (base64url of their sha256), at whichever of its addresses (`192.168.1.9:47315`) answers. What is
asked for is `https://host:port/…`; how that is carried is its own affair."""
