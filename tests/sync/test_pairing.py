"""The code of a hub, composed and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.errors import NotUnderstood
from fieldlog.sync.pairing import LONGEST, PairingCode, compose, hash_of, is_code, read_code

FINGERPRINT, HASH, TOKEN = hash_of(b"a"), hash_of(b"b"), "t" * 22
CODE = PairingCode(
    addresses=("192.168.1.9:47315", "[2001:db8::9]:47315"), fingerprint=FINGERPRINT, hash=HASH, token=TOKEN
)  # fmt: skip

ADDRESSES = st.lists(
    st.one_of(
        st.builds("{}:{}".format, st.ip_addresses(v=4), st.integers(1, 65_535)),
        st.builds("[{}]:{}".format, st.ip_addresses(v=6), st.integers(1, 65_535)),
        st.builds("{}:{}".format, st.from_regex(r"[a-z][a-z0-9-]{0,10}(\.local)?", fullmatch=True), st.just(9)),
    ),
    min_size=1,
    max_size=6,
    unique=True,
)
HASHES = st.binary(max_size=9).map(hash_of)


@given(addresses=ADDRESSES, fingerprint=HASHES, short=st.one_of(st.just(""), HASHES), paired=st.booleans())
def test_what_was_composed_is_read(addresses: list[str], fingerprint: str, short: str, paired: bool) -> None:
    code = PairingCode(
        addresses=tuple(addresses), fingerprint=fingerprint, hash=short, token=TOKEN if paired else ""
    )
    for app in ("", "https://notes.example.org/", "https://ana.github.io/fieldlog/#/sync"):
        said = compose(code, app)
        assert len(said) <= LONGEST
        found = read_code(f"  {said}\n")
        kept = len(found.addresses)
        assert found.addresses == code.addresses[:kept]
        assert kept
        assert (found.fingerprint, found.hash, found.token) == (fingerprint, short, code.token)


def test_the_code_is_a_link_to_the_app_and_stands_alone_as_well() -> None:
    alone = compose(CODE)
    assert alone == f"p1.192.168.1.9:47315,[2001:db8::9]:47315.{FINGERPRINT}~{HASH}.{TOKEN}"
    assert compose(CODE, "https://notes.example.org/") == f"https://notes.example.org/#/{alone}"
    assert read_code(f"https://notes.example.org/#{alone}") == CODE


@pytest.mark.parametrize(
    "text",
    [
        "p1.", "p1.x", "https://a/#/p1.192.168.1.9:47315", f"p1.192.168.1.9.{FINGERPRINT}.{TOKEN}",
        f"p1.192.168.1.9:0.{FINGERPRINT}.{TOKEN}", f"p1.192.168.1.9:65536.{FINGERPRINT}.{TOKEN}",
        f"p1.a/b:1.{FINGERPRINT}.{TOKEN}", f"p1.a@b:1.{FINGERPRINT}.{TOKEN}", f"p1.a:1.{FINGERPRINT[1:]}.{TOKEN}",
        f"p1.a:1.{FINGERPRINT}~x.{TOKEN}", f"p1.a:1.{FINGERPRINT}.short", f"p1.a:1,.{FINGERPRINT}.{TOKEN}",
        f"p1.a:1.{FINGERPRINT}.{TOKEN}\u202e", f"p1.ａ:1.{FINGERPRINT}.{TOKEN}",
    ],
)  # fmt: skip
def test_what_is_no_whole_code_is_refused(text: str) -> None:
    assert is_code(text)
    with pytest.raises(NotUnderstood):
        read_code(text)


@pytest.mark.parametrize(
    "text", ["", "/media/stick", "s3://p1.x", "webdavs://ana@p1.example.org/", "hub://p1", "xp1."]
)
def test_what_is_meant_as_something_else_is_no_code(text: str) -> None:
    assert not is_code(text)


def test_the_token_is_not_shown_where_a_code_is_printed() -> None:
    assert TOKEN not in repr(CODE)
