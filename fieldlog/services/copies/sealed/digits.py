"""The eight digits by which another device proves that it has a bundle, unsealed, in its own store.

They are the first eight decimal digits of the SHA-256 of `fieldlog-proof` and a hash behind it: the SHA-256 of the
bytes of `format.json` and, each behind a line feed, the names of the bundle's other files in the order of their
bytes. Such a name says what its file hashes to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

COUNT = 8
_PROOF = b"fieldlog-proof"


def digits_of(form: bytes, names: Iterable[str]) -> str:
    """The digits of a bundle, by its `format.json` and the names of its other files, in any order."""
    inside = hashlib.sha256(form)
    for name in sorted(one.encode() for one in names):
        inside.update(b"\n" + name)
    number = int.from_bytes(hashlib.sha256(_PROOF + inside.digest()).digest(), "big")
    return str(number)[:COUNT]


def spaced(digits: str) -> str:
    """Digits as one reads them aloud: `1234 5678`."""
    return f"{digits[: COUNT // 2]} {digits[COUNT // 2 :]}"


def typed(text: str) -> str:
    """The digits in what a person typed, of whichever script; whatever else stands there is passed over."""
    return "".join(str(int(one)) for one in text if one.isdecimal())
