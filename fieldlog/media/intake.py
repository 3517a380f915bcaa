"""A file comes in: kept first, then examined, then made presentable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fieldlog.media.derived import Derivative, in_place, make_for
from fieldlog.media.kinds import sniff
from fieldlog.media.photo.eye import MOST_PHOTO_BYTES, Eye
from fieldlog.media.reading import Held, head_of, tail_of
from fieldlog.media.vault import HoldsNothing, Kept, Vault
from fieldlog.media.verdict import Examined, examine
from fieldlog.model.ports import Handle, Offload, Source


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
    derive: bool = True,
    expected: str | None = None,
) -> Taken:
    """Keep, examine and derive. The arguments are those of `Vault.keep`, `examine` and `make_for`.

    Without `derive` nothing is derived yet: it can be made when somebody looks. Looking at a picture goes
    through `offload` where given. Raises only what the source or the disk raises: a bad file gets a verdict
    instead; and `NotUnderstood`, with nothing kept, for one that does not hash to what is `expected`.
    """
    try:
        kept = await vault.keep(source, expected=expected)
    except HoldsNothing:
        return Taken(kept=None, examined=examine(source.name, Held(b"")))
    examined = await look(
        vault, kept.sha256, source.name, sidecar=sidecar, eye=eye, now=now, offload=offload
    )  # fmt: skip
    derived = await make_for(vault, kept.sha256, examined, eye=eye, offload=offload) if derive else ()
    return Taken(kept=kept, examined=examined if kept.new else examined.as_duplicate(), derived=derived)


async def look(
    vault: Vault,
    sha256: str,
    name: str,
    *,
    sidecar: Mapping[str, object] | None = None,
    eye: Eye | None = None,
    now: datetime | None = None,
    offload: Offload | None = None,
) -> Examined:
    """Examine a file of the vault that came in as `name`, and have the eye decode it where it is a picture.

    Decoding takes a while: elsewhere, from the bytes themselves, so that the file is free meanwhile.
    """
    handle = await vault.open(sha256)
    try:
        if eye is None or not _is_picture(name, handle):
            return examine(name, handle, sidecar=sidecar, eye=eye, now=now)
        data = handle.read(0, handle.size())
    finally:
        handle.close()
    elsewhere = offload or in_place
    examined = await elsewhere(partial(examine, sidecar=sidecar, eye=eye, now=now), name, Held(data))
    return examined.decoded(await elsewhere(eye.fault_of, data)) if examined.picture else examined


def _is_picture(name: str, handle: Handle) -> bool:
    """Whether it is a picture of a size that is examined whole."""
    size = handle.size()
    sniffed = sniff(head_of(handle), size, tail=tail_of(handle), name=name)
    return sniffed.family == "photo" and size <= MOST_PHOTO_BYTES
