"""What a picture tells about itself, and what it takes to look at one. Who can is found in `eyes`.

The laptop looks by Pillow, a browser by its own decoder. Every rule of this room works without an eye, too,
judging pictures by their structure alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from fieldlog.model.stroke import Stroke

THUMB_SIDE_PX = 320
PREVIEW_SIDE_PX = 1600
DRAWN_SIDE_PX = 4096
"""A copy that was drawn on is at most so large: enough to read what the marks point at."""

MOST_PHOTO_BYTES = 64 << 20
MOST_PIXELS = 89_000_000
MOST_JPEG_PIXELS = 200_000_000
"""A JPEG is decoded at a fraction of its size from the start, so it may be larger than others."""

DECODED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"})
"""What an eye opens. Other pictures are kept as they are, without a preview."""

PictureFault = Literal["truncated", "undecodable", "too-large"]


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """What is shown of a picture: `width` and `height` in pixels, upright; `orientation` is EXIF's 1..8."""

    width: int
    height: int
    orientation: int = 1


class Eye(Protocol):
    """Looks at pictures given as bytes. Pure.

    But for `read_facts`, every verb goes through an `Offload`: on a laptop it takes a while, in a browser it
    gives something to be awaited.
    """

    def read_facts(self, data: bytes) -> PictureFacts:
        """Without decoding. Raises `NotUnderstood` where this is no picture of a kind in `DECODED`."""
        ...

    def fault_of(self, data: bytes) -> PictureFault | None:
        """Decode once and say what is wrong. A browser does not see what it has no decoder for (TIFF)."""
        ...

    def previews(self, data: bytes, sides_px: Sequence[int]) -> tuple[bytes, ...]:
        """Upright JPEGs that fit squares of these sides, given largest first, with nothing of the original's
        metadata; of a cut-off JPEG as much as there is. Raises `NotUnderstood` where nothing can be shown."""
        ...

    def drawn(self, data: bytes | None, strokes: Sequence[Stroke], size: tuple[int, int]) -> bytes:
        """A JPEG of an upright picture with strokes over it, or of a white page where there is no picture.

        `size` is the (width, height) in pixels the strokes were drawn in. Nothing of the original's metadata
        goes along. Raises `NotUnderstood` where nothing can be shown."""
        ...
