"""Certificates for browsers: each in its turn, the next ones known before, none in a file that others read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from fieldlog.server.hub.certificates import AHEAD, SPARE, TURN, kept_up, made
from fieldlog.server.hub.for_browsers import KEPT_AS, Shown
from fieldlog.services.hub.record import private_path
from fieldlog.sync.pairing import hash_of
from tests.fakes.hubs import bare_hub, hub_in_memory

NOW = datetime(2026, 5, 3, 7, 0, tzinfo=UTC)


def test_a_browser_takes_what_is_made() -> None:
    """ECDSA P-256, at most 14 days, and with an extension."""
    one = made(NOW)
    read = x509.load_pem_x509_certificate(one.certificate.encode())
    assert isinstance(read.public_key().curve, ec.SECP256R1)  # type: ignore[union-attr]
    assert read.not_valid_after_utc - read.not_valid_before_utc == timedelta(days=13)
    assert len(read.extensions) == 1
    assert isinstance(read.signature_hash_algorithm, SHA256)


def test_its_hash_is_what_a_code_says_of_it() -> None:
    one = made(NOW)
    from ssl import PEM_cert_to_DER_cert

    assert one.hash == hash_of(PEM_cert_to_DER_cert(one.certificate))


def test_eight_follow_the_first_without_a_gap() -> None:
    kept = kept_up((), NOW)
    assert len(kept) == 1 + AHEAD
    assert [one.turn for one in kept] == [NOW + n * TURN for n in range(1 + AHEAD)]


def test_who_met_the_hub_three_months_ago_finds_it_by_a_hash_he_was_told() -> None:
    kept = kept_up((), NOW)
    told = {one.hash for one in kept}
    for days in range(0, 96, 3):
        kept = kept_up(kept, NOW + timedelta(days=days))
        assert kept[0].hash in told
        assert kept[0].turn - SPARE <= NOW + timedelta(days=days) < kept[0].ends + SPARE


def test_nothing_is_made_anew_while_nothing_has_changed() -> None:
    kept = kept_up((), NOW)
    assert kept_up(kept, NOW + TURN - timedelta(seconds=1)) == kept
    assert kept_up(kept, NOW + TURN)[:-1] == kept[1:]


def test_a_clock_that_was_set_back_or_a_long_sleep_makes_new_ones() -> None:
    kept = kept_up((), NOW)
    for then in (NOW - timedelta(days=1), NOW + (AHEAD + 1) * TURN):
        anew = kept_up(kept, then)
        assert anew[0].turn == then
        assert len(anew) == 1 + AHEAD


def test_a_key_is_not_shown_by_accident() -> None:
    one = made(NOW)
    assert "PRIVATE" not in repr(one)
    assert "PRIVATE" not in str(one)


async def test_the_hub_tells_the_hashes_and_goes_on_with_the_same_after_a_start() -> None:
    _, hub = await hub_in_memory()
    assert not await Shown(hub).look()
    first = list(hub.hashes())
    assert len(first) == 1 + AHEAD
    assert hub.meeting()["hashes"] == first[:8]
    assert not await Shown(hub).look()
    assert list(hub.hashes()) == first


async def test_what_cannot_be_read_is_made_anew() -> None:
    _, hub = await hub_in_memory()
    for damaged in (b"{", b"[]", json.dumps([{"turn": "x", "certificate": "", "key": ""}]).encode()):
        await hub.record.keep_private(KEPT_AS, damaged)
        await Shown(hub).look()
        assert len(hub.hashes()) == 1 + AHEAD


async def test_another_certificate_is_shown_in_its_turn() -> None:
    device, hub = await hub_in_memory()
    shown = Shown(hub)
    await shown.look()
    before = list(hub.hashes())
    device.clock.advance(hours=24 * 12)
    assert await shown.look()
    assert list(hub.hashes())[:-1] == before[1:]


async def test_its_keys_lie_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    async with bare_hub(tmp_path) as hub:
        lies = tmp_path / "studies" / hub.study / private_path(KEPT_AS)
        assert lies.stat().st_mode & 0o077 == 0
        assert b"PRIVATE KEY" in lies.read_bytes()
