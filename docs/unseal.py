"""Open a sealed FieldLog bundle without FieldLog: this file, Python 3.11 or later, and the package cryptography.

    python3 -m pip install cryptography
    python3 unseal.py month.sealed month.zip                        asks for the passphrase
    python3 unseal.py month.sealed month.zip --passphrase-file F    takes the first line of F

What comes out is an ordinary ZIP. It is written megabyte by megabyte, so a large file needs little memory. A
megabyte that is damaged, or missing at the end, is named, and zeros stand for it: FieldLog still reads the rest.
sealed.md tells how such a file is made. Exit code: 0 all of it opened, 1 not all or nothing, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LONGEST_LINE, TAG = 1024, 16


def key_of(line: bytes, said: dict[str, Any], passphrase: str) -> bytes:
    """The key of the file, out of its first line."""
    secret = unicodedata.normalize("NFC", passphrase.strip()).encode("utf-8", "replace")
    outer = hashlib.pbkdf2_hmac("sha256", secret, bytes.fromhex(said["salt"]), said["iterations"], 32)
    before, wrapped = line[: line.rindex(b',"wrapped":"')], bytes.fromhex(said["wrapped"])
    return AESGCM(outer).decrypt(wrapped[:12], wrapped[12:], hashlib.sha256(before).digest())


def unseal(source: BinaryIO, target: BinaryIO, passphrase: str) -> list[int]:
    """Write what is sealed; the numbers, from 1, of the megabytes that don't open.

    Raises ValueError or KeyError for what is no sealed bundle, `InvalidTag` for another passphrase.
    """
    line = source.readline(LONGEST_LINE)
    said = json.loads(line)
    if said["format"] != "fieldlog-sealed-1" or said["kdf"] != "PBKDF2-SHA-256":
        raise ValueError("another format")
    key, bound = AESGCM(key_of(line, said, passphrase)), hashlib.sha256(line).digest()
    start, chunk, left = bytes.fromhex(said["nonce"]), said["chunk"], said["bytes"]
    count, spoilt = max(1, -(-left // chunk)), []
    for n in range(count):
        length = min(chunk, left)
        nonce = start + n.to_bytes(4, "big") + bytes([n == count - 1])
        try:
            piece = key.decrypt(nonce, source.read(length + TAG), bound)
        except (InvalidTag, ValueError):
            spoilt.append(n + 1)
            piece = bytes(length)
        target.write(piece)
        left -= length
    return spoilt


def main() -> int:
    reader = argparse.ArgumentParser(description="Open a sealed FieldLog bundle without FieldLog.")
    reader.add_argument("sealed", type=Path, metavar="FILE.sealed")
    reader.add_argument("target", type=Path, metavar="OUT.zip", help="must not be there yet")
    reader.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase")
    asked = reader.parse_args()
    if asked.target.exists():
        sys.exit(f"{asked.target} is there already; nothing was written.")
    if asked.passphrase_file:
        passphrase = (asked.passphrase_file.read_text("utf-8-sig").splitlines() or [""])[0]
    else:
        passphrase = getpass.getpass("Passphrase: ")
    part = asked.target.with_name(asked.target.name + ".part")
    try:
        with asked.sealed.open("rb") as source, part.open("wb") as target:
            spoilt = unseal(source, target, passphrase)
        part.replace(asked.target)
    except InvalidTag:
        sys.exit("The passphrase does not open it, or its first line is damaged; nothing was written.")
    except (ValueError, KeyError, TypeError, OverflowError):
        sys.exit(f"{asked.sealed} is no sealed bundle, or its first line is damaged; nothing was written.")
    except OSError as why:
        sys.exit(f"{why}; nothing was written.")
    finally:
        part.unlink(missing_ok=True)
    for n in spoilt:
        print(f"Megabyte {n} is damaged or missing; zeros stand for it.", file=sys.stderr)
    print(f"{asked.target}: {asked.target.stat().st_size} bytes.")
    return 1 if spoilt else 0


if __name__ == "__main__":
    sys.exit(main())
