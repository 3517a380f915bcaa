"""Manifests as `sha256sum` writes and checks them: hash, two blanks, path, one file a line, sorted by path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

UNKNOWN = "0" * 64
"""Stands in an unfinished manifest for a hash that is only known once the file is written."""

_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^\0\n\r]+)")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a manifest lists, path to hash. `damaged` counts lines that are no lines of a manifest."""

    files: Mapping[str, str] = field(default_factory=dict)
    damaged: int = 0


def written(files: Mapping[str, str]) -> bytes:
    return "".join(f"{sha}  {path}\n" for path, sha in sorted(files.items())).encode("ascii")


def read(data: bytes) -> Manifest:
    """What can be read of a manifest. A last line without its end was cut short and counts as damaged."""
    lines = data.decode("utf-8", "replace").split("\n")
    files, damaged = {}, int(lines.pop() != "")
    for line in lines:
        found = _LINE.fullmatch(line)
        if found and found[2] not in files:
            files[found[2]] = found[1]
        else:
            damaged += 1
    return Manifest(files=files, damaged=damaged)
