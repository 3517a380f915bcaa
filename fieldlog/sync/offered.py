"""Which files a hub keeps: those whose names are the exchange's (`layout.py`), and no other. Pure."""

from __future__ import annotations

from fieldlog.model import gate
from fieldlog.sync.layout import FORMAT, HEAD, LOG, MEDIA, PROOF, head_name, medium_of, segment_named
from fieldlog.sync.receipt import is_proof

FOLDERS = (HEAD, LOG, MEDIA, PROOF)
MOST_BYTES = 8 << 20
"""Of a file: what is longer lies in parts."""


def is_name(name: str) -> bool:
    """Whether a file of an exchange is called so."""
    if len(name) > 300 or not name.isascii():
        return False
    writer = name.removeprefix(f"{HEAD}/").removesuffix(".json")
    is_head = name == head_name(writer) and gate.writer(writer) is None
    is_other = segment_named(name) or medium_of(name) or is_proof(name)
    return name == FORMAT or is_head or bool(is_other)


def is_folder(folder: str) -> bool:
    """Whether this can be listed: everything (""), a folder of the exchange, or of one of its writers."""
    above, _, writer = folder.partition("/")
    return folder in ("", *FOLDERS) or (above == LOG and gate.writer(writer) is None)
