"""The form of a sealed file: each megabyte opens in its place, in its file, with its passphrase, or not at all."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.errors import NotOpened, NotUnderstood
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.first_line import (
    LONGEST,
    TAG,
    WrongPassphrase,
    begun,
    key_of,
    read_first_line,
)
from fieldlog.services.copies.sealed.openssl import OpenSsl
from fieldlog.services.copies.sealed.unseal import unsealed
from fieldlog.services.machine.sources import Bytes
from tests.fakes.clock import FakeClock, machine_of
from tests.services.copies.sealed.conftest import PASSPHRASE

CHUNK = 64
CIPHER = OpenSsl()
PLAIN = bytes(range(256))[: 3 * CHUNK - 5]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Megabytes of 64 bytes."""
    monkeypatch.setattr(first_line, "CHUNK", CHUNK)


async def sealed(plain: bytes, passphrase: str = PASSPHRASE) -> bytes:
    line, key = await begun(CIPHER, passphrase, len(plain))
    pieces = [
        await CIPHER.sealed(key, line.nonce(n), plain[line.at(n) : line.at(n) + line.length(n)], line.bound)
        for n in range(line.chunks)
    ]
    return line.raw + b"".join(pieces)


async def opened(data: bytes, passphrase: str = PASSPHRASE) -> tuple[bytes, tuple[int, ...]]:
    """What comes out, and the megabytes that did not open."""
    machine = machine_of(FakeClock())
    async with unsealed(machine, Bytes(name="b.sealed", data=data), passphrase) as plain:
        with await plain.opened() as file:
            return file.read(), plain.spoilt


@given(plain=st.binary(max_size=5 * CHUNK), passphrase=st.text(st.characters(codec="utf-8"), min_size=1))
def test_whatever_is_sealed_comes_out_the_same(plain: bytes, passphrase: str) -> None:
    if passphrase.strip():
        assert asyncio.run(opened(asyncio.run(sealed(plain, passphrase)), passphrase)) == (plain, ())


@given(plain=st.binary(max_size=3 * CHUNK), other=st.text(st.characters(codec="utf-8"), max_size=20))
def test_another_passphrase_opens_nothing(plain: bytes, other: str) -> None:
    with pytest.raises(WrongPassphrase):
        asyncio.run(opened(asyncio.run(sealed(plain)), other))


async def test_a_passphrase_is_the_same_whatever_keyboard_wrote_it() -> None:
    data = await sealed(PLAIN, "Ängström 灯还没好")
    assert await opened(data, " A\u0308ngstro\u0308m 灯还没好\n") == (PLAIN, ())


@given(bit=st.integers(0, 7), at=st.floats(0, 1, exclude_max=True))
def test_a_flipped_bit_is_never_read(bit: int, at: float) -> None:
    data = asyncio.run(sealed(PLAIN))
    place = int(at * len(data))
    asyncio.run(one_flipped(data, place, 1 << bit))


async def test_each_byte_of_a_file_is_flipped_and_never_read(seed: int) -> None:
    data, dice = await sealed(PLAIN), Random(seed)
    for place in range(len(data)):
        await one_flipped(data, place, dice.randrange(1, 256))


async def one_flipped(data: bytes, place: int, how: int) -> None:
    hurt = data[:place] + bytes([data[place] ^ how]) + data[place + 1 :]
    first = data.index(b"\n") + 1
    if place < first:
        with pytest.raises(NotUnderstood):
            await opened(hurt)
        return
    n = (place - first) // (CHUNK + TAG)
    zeros = PLAIN[: n * CHUNK] + bytes(len(PLAIN[n * CHUNK : (n + 1) * CHUNK])) + PLAIN[(n + 1) * CHUNK :]
    assert await opened(hurt) == (zeros, (n + 1,))


async def test_a_file_that_is_not_as_long_as_it_was_is_refused_before_a_passphrase_is_asked_for() -> None:
    data = await sealed(PLAIN)
    for hurt in (*(data[:end] for end in range(len(data))), data + b"\0"):
        with pytest.raises(NotUnderstood) as refused:
            await opened(hurt, "another passphrase")
        assert not isinstance(refused.value, WrongPassphrase)


async def test_a_megabyte_opens_in_its_place_and_in_its_file_alone() -> None:
    data, other = await sealed(PLAIN), await sealed(PLAIN)
    first, size = data.index(b"\n") + 1, CHUNK + TAG
    begin = [first, first + size, first + 2 * size]
    one, two = data[begin[0] : begin[1]], data[begin[1] : begin[2]]
    changed = data[:first] + two + one + data[begin[2] :]
    assert (await opened(changed))[1] == (1, 2)
    start = other.index(b"\n") + 1
    mixed = data[:first] + other[start : start + size] + data[begin[1] :]
    assert (await opened(mixed))[1] == (1,)


async def test_the_last_megabyte_opens_only_as_the_last() -> None:
    line, key = await begun(CIPHER, PASSPHRASE, len(PLAIN))
    piece = await CIPHER.sealed(key, line.nonce(2), PLAIN[line.at(2) :], line.bound)
    with pytest.raises(NotOpened):
        await CIPHER.opened(key, line.nonce(2)[:-1] + b"\0", piece, line.bound)


async def test_two_sealed_files_of_the_same_bytes_have_nothing_in_common() -> None:
    one, other = await sealed(PLAIN), await sealed(PLAIN)
    assert one[one.index(b"\n") :] != other[other.index(b"\n") :]
    lines = [read_first_line(data[:LONGEST], "b") for data in (one, other)]
    assert len({line.start for line in lines} | {line.salt for line in lines}) == 4
    keys = [await key_of(CIPHER, line, PASSPHRASE, "b") for line in lines]
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (b'"fieldlog-sealed-1"', b'"fieldlog-sealed-2"', "sealed by a newer FieldLog"),
        (b'"fieldlog-sealed-1"', b'"fieldlog-sample/1"', "no sealed bundle"),
        (b'"PBKDF2-SHA-256"', b'"PBKDF2-SHA-512"', "no sealed bundle"),
        (b'"iterations":2', b'"iterations":99999999', "no sealed bundle"),
        (b'"iterations":2', b'"iterations":0', "no sealed bundle"),
        (b'"chunk":64', b'"chunk":65', "no sealed bundle"),
        (b'"nonce":"', b'"nonce":"00', "no sealed bundle"),
        (b"{", b"[", "no sealed bundle"),
    ],
)
async def test_a_first_line_that_is_none_is_refused(before: bytes, after: bytes, says: str) -> None:
    with pytest.raises(NotUnderstood, match=says):
        await opened((await sealed(PLAIN)).replace(before, after, 1))
