"""A file comes in: kept first, then examined, then made presentable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldlog.media.derived import Derivative, make_for
from fieldlog.media.eye import Eye
from fieldlog.media.reading import Held
from fieldlog.media.vault import HoldsNothing, Kept, Vault
from fieldlog.media.verdict import Examined, examine
from fieldlog.model.ports import Offload, Source


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file: `kept` is None only where it held nothing."""

    kept: Kept | None
    examined: Examined
    derived: tuple[Derivative, ...] = ()


async def take_in(
    vault: Vault,
    source: Source,
    *,
    sidecar: Mapping[str, object] | None = None,
    eye: Eye | None = None,
    now: datetime | None = None,
    offload: Offload | None = None,
) -> Taken:
    """Keep, examine and derive. The arguments are those of `Vault.keep`, `examine` and `make_for`.

    Raises only what the source or the disk raises: a bad file gets a verdict instead.
    """
    try:
        kept = await vault.keep(source)
    except HoldsNothing:
        return Taken(kept=None, examined=examine(source.name, Held(b"")))
    handle = await vault.open(kept.sha256)
    try:
        examined = examine(source.name, handle, sidecar=sidecar, eye=eye, now=now)
    finally:
        handle.close()
    derived = await make_for(vault, kept.sha256, examined, eye=eye, offload=offload)
    return Taken(kept=kept, examined=examined if kept.new else examined.as_duplicate(), derived=derived)
