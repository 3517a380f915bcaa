"""The first line of a sealed bundle, and the key in it that a passphrase opens.

    {"format":"fieldlog-sealed-1","kdf":"PBKDF2-SHA-256","iterations":600000,"salt":…,"chunk":1048576,"bytes":…,
     "nonce":…,"wrapped":…}

It ends with a line feed. `bytes` is how long the bundle is, unsealed; salt, nonce and the wrapped key stand there
as hexadecimal digits. Every byte of the line is vouched for: those before the wrapped key by the wrapping, all of
them by each megabyte behind it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from fieldlog.model.errors import NotOpened, NotUnderstood
from fieldlog.model.line import compact
from fieldlog.model.ports import Cipher
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.strict_json import read_json

MARK = b'{"format":"fieldlog-sealed'
FORMAT = "fieldlog-sealed-1"
KDF = "PBKDF2-SHA-256"
ITERATIONS = 600_000
MOST_ITERATIONS = 10_000_000
"""More would hold up whoever opens a damaged file for minutes."""

CHUNK = 1 << 20
TAG = 16
"""So many bytes each sealed megabyte is longer."""

LONGEST = 1024
"""In bytes: a longer first line is none."""

MOST_BYTES = CHUNK << 32
_KEY, _SALT, _START, _NONCE = 32, 16, 7, 12
_WRAPPED = b',"wrapped":"'

NO_SEAL = sentence("{name} is no sealed bundle, or its first line is damaged; nothing was imported.")
NEWER = sentence("{name} was sealed by a newer FieldLog; update this one first.")
WRONG = sentence(
    "The passphrase does not open {name}. Try again; where it is surely right, the first line of the file is "
    "damaged. Nothing was imported."
)


class WrongPassphrase(NotUnderstood):
    """A passphrase that opens nothing; nothing was changed."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence(WRONG, name=name))
        self.name = name


@dataclass(frozen=True, kw_only=True)
class FirstLine:
    """What the first line says. `raw` has its line feed; `plain` is how many bytes the bundle has, unsealed."""

    raw: bytes
    iterations: int
    salt: bytes
    plain: int
    start: bytes
    wrapped: bytes

    @property
    def bound(self) -> bytes:
        """What every megabyte is bound to."""
        return hashlib.sha256(self.raw).digest()

    @property
    def chunks(self) -> int:
        return max(1, -(-self.plain // CHUNK))

    @property
    def size(self) -> int:
        """How many bytes the whole file has, sealed."""
        return len(self.raw) + self.plain + self.chunks * TAG

    def at(self, n: int) -> int:
        """Where megabyte `n` begins, unsealed, counted from 0."""
        return n * CHUNK

    def length(self, n: int) -> int:
        """How many bytes it has, unsealed."""
        return min(CHUNK, self.plain - self.at(n))

    def nonce(self, n: int) -> bytes:
        """What makes megabyte `n` another than all others: its place, and whether it is the last."""
        return self.start + n.to_bytes(4, "big") + bytes([n == self.chunks - 1])


async def begun(cipher: Cipher, passphrase: str, plain: int) -> tuple[FirstLine, bytes]:
    """The first line for a bundle of so many bytes, and the key for what comes behind it."""
    salt, start, key = cipher.random(_SALT), cipher.random(_START), cipher.random(_KEY)
    said = {
        "format": FORMAT, "kdf": KDF, "iterations": ITERATIONS, "salt": salt.hex(), "chunk": CHUNK, "bytes": plain,
        "nonce": start.hex(),
    }  # fmt: skip
    head = compact(said).removesuffix(b"}")
    outer, nonce = await cipher.stretched(_secret(passphrase), salt, ITERATIONS), cipher.random(_NONCE)
    wrapped = nonce + await cipher.sealed(outer, nonce, key, hashlib.sha256(head).digest())
    raw = head + _WRAPPED + wrapped.hex().encode() + b'"}\n'
    line = FirstLine(raw=raw, iterations=ITERATIONS, salt=salt, plain=plain, start=start, wrapped=wrapped)
    return line, key


def read_first_line(head: bytes, name: str) -> FirstLine:
    """What the beginning of a file says, of which `LONGEST` bytes are enough. Raises `NotUnderstood`."""
    raw = head[: head.find(b"\n", 0, LONGEST) + 1]
    try:
        said = read_json(raw)
        if _WRAPPED not in raw or not isinstance(said, dict) or type(said.get("format")) is not str:
            raise ValueError(name)
        if said["format"] != FORMAT and said["format"].startswith("fieldlog-sealed-"):
            raise NotUnderstood(Sentence(NEWER, name=name))
        if (said["format"], said.get("kdf"), said.get("chunk")) != (FORMAT, KDF, CHUNK):
            raise ValueError(name)
        return FirstLine(
            raw=raw, iterations=_amount(said, "iterations", 1, MOST_ITERATIONS),
            plain=_amount(said, "bytes", 0, MOST_BYTES), salt=_bytes(said, "salt", _SALT),
            start=_bytes(said, "nonce", _START), wrapped=_bytes(said, "wrapped", _NONCE + _KEY + TAG),
        )  # fmt: skip
    except ValueError as why:
        raise NotUnderstood(Sentence(NO_SEAL, name=name)) from why


async def key_of(cipher: Cipher, line: FirstLine, passphrase: str, name: str) -> bytes:
    """The key for what comes behind the first line. Raises `WrongPassphrase`."""
    secret = _secret(passphrase)
    if not secret:
        raise WrongPassphrase(name)
    outer = await cipher.stretched(secret, line.salt, line.iterations)
    head, nonce = line.raw[: line.raw.rindex(_WRAPPED)], line.wrapped[:_NONCE]
    try:
        return await cipher.opened(outer, nonce, line.wrapped[_NONCE:], hashlib.sha256(head).digest())
    except NotOpened as why:
        raise WrongPassphrase(name) from why


def _secret(passphrase: str) -> bytes:
    """The same bytes whatever keyboard wrote it: composed letters, nothing blank at its ends."""
    return unicodedata.normalize("NFC", passphrase.strip()).encode("utf-8", "replace")


def _amount(said: dict[str, Any], name: str, least: int, most: int) -> int:
    value = said.get(name)
    if type(value) is not int or not least <= value <= most:
        raise ValueError(name)
    return value


def _bytes(said: dict[str, Any], name: str, count: int) -> bytes:
    value = said.get(name)
    if type(value) is not str or not re.fullmatch(r"[0-9a-f]*", value) or len(value) != 2 * count:
        raise ValueError(name)
    return bytes.fromhex(value)
