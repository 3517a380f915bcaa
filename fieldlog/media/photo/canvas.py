"""Looking at pictures in a browser, by its own decoder: in a worker, without a page. Import it late.

The browser is given the picture without what says how it was held, made small while it is decoded, and it is put
upright here: so it comes out the same in every browser. Transparency becomes white; colours become sRGB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from fieldlog.media.photo import exif
from fieldlog.media.photo.exif import Head, read_head
from fieldlog.media.photo.eye import (
    MOST_JPEG_PIXELS,
    MOST_PIXELS,
    PREVIEW_SIDE_PX,
    THUMB_SIDE_PX,
    PictureFacts,
    PictureFault,
)
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import sentence
from fieldlog.model.stroke import Stroke

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, to_js

DRAWN_SIDE_PX = 2560
"""A phone has less memory than a laptop: a copy that was drawn on is at most so large."""

SURE_PIXELS = 1 << 24
"""Of a picture with more, a browser may refuse what is whole: its word is then no proof of damage."""

QUALITY = 0.8
_SIDES = (PREVIEW_SIDE_PX, THUMB_SIDE_PX)
_DECODED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_JPEG_END = b"\xff\xd9"
_NOT_SHOWN = sentence("This picture can't be shown.")

Size = tuple[int, int]


def can_draw() -> bool:
    """Whether this browser draws in a worker."""
    return hasattr(js, "OffscreenCanvas") and hasattr(js, "createImageBitmap")


class CanvasEye:
    """An `Eye`; what it decodes has to be awaited.

    A picture is judged before it is saved and made small after that. It is decoded once for both: what was made
    of the last picture is kept until it is asked for, or another comes.
    """

    def __init__(self) -> None:
        self._made: tuple[bytes, tuple[bytes, ...]] | None = None

    def read_facts(self, data: bytes) -> PictureFacts:
        """See `Eye.read_facts`."""
        return exif.read_facts(data)

    async def fault_of(self, data: bytes) -> PictureFault | None:
        """See `Eye.fault_of`. None where a browser can't tell: of a TIFF, and of a picture that may only be too
        large for this one."""
        head = read_head(data)
        if _is_too_large(head):
            return "too-large"
        if head.mime not in _DECODED:
            return None
        digest = _digest(data)
        if self._made and self._made[0] == digest:
            return None
        try:
            self._made = digest, await _small(data, head, _SIDES)
        except NotUnderstood:
            return "undecodable" if head.width * head.height <= SURE_PIXELS else None
        return None

    async def previews(self, data: bytes, sides_px: Sequence[int]) -> tuple[bytes, ...]:
        """See `Eye.previews`."""
        made, self._made = self._made, None
        if made and tuple(sides_px) == _SIDES and made[0] == _digest(data):
            return made[1]
        return await _small(data, read_head(data), sides_px)

    async def drawn(self, data: bytes | None, strokes: Sequence[Stroke], size: Size) -> bytes:
        """See `Eye.drawn`."""
        if data is None:
            canvas, pen = _white(size)
        else:
            canvas, pen = await _seen(data, read_head(data), DRAWN_SIDE_PX)
        pen.scale(canvas.width / size[0], canvas.width / size[0])
        pen.lineCap = pen.lineJoin = "round"
        for stroke in strokes:
            pen.strokeStyle, pen.lineWidth = stroke.colour, stroke.width
            pen.stroke(js.Path2D.new(_path(stroke)))
        return await _jpeg(canvas)


EYE = CanvasEye()


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _is_too_large(head: Head) -> bool:
    """The laptop's limits, so that both say the same."""
    plain_jpeg = head.mime == "image/jpeg" and not head.progressive
    return head.width * head.height > (MOST_JPEG_PIXELS if plain_jpeg else MOST_PIXELS)


async def _small(data: bytes, head: Head, sides_px: Sequence[int]) -> tuple[bytes, ...]:
    """Upright JPEGs, the largest first. Raises `NotUnderstood`."""
    canvas, _ = await _seen(data, head, sides_px[0])
    made = [await _jpeg(canvas)]
    for side in sides_px[1:]:
        size = _fitting((canvas.width, canvas.height), side)
        smaller, pen = _white(size)
        pen.drawImage(canvas, 0, 0, *size)
        made.append(await _jpeg(smaller))
    return tuple(made)


async def _seen(data: bytes, head: Head, side_px: int) -> tuple[Any, Any]:
    """An upright picture on a canvas, and the pen of that; of a cut-off JPEG as much as there is."""
    if head.mime not in _DECODED or _is_too_large(head):
        raise NotUnderstood(_NOT_SHOWN)
    width, height = _fitting((head.width, head.height), side_px)
    try:
        image = await _decoded(data, head, (width, height))
    except JsException as error:
        raise NotUnderstood(_NOT_SHOWN) from error
    try:
        canvas, pen = _white((width, height) if head.orientation < 5 else (height, width))
        pen.setTransform(*_upright(head.orientation, width, height))
        pen.drawImage(image, 0, 0, width, height)
        pen.resetTransform()
    finally:
        image.close()
    return canvas, pen


async def _decoded(data: bytes, head: Head, size: Size) -> Any:
    """A picture as it is stored, of this size. Raises `JsException`."""
    how = _options(resizeWidth=size[0], resizeHeight=size[1], resizeQuality="high")
    parts = _unspoken(data, head)
    try:
        return await js.createImageBitmap(_blob(parts, head.mime), how)
    except JsException:
        if head.mime != "image/jpeg":
            raise
        # An end marker lets a decoder give what there is.
        return await js.createImageBitmap(_blob([*parts, _JPEG_END], head.mime), how)


def _unspoken(data: bytes, head: Head) -> list[bytes | memoryview]:
    """The bytes of a picture without what says how it was held, in pieces that are not copied."""
    whole, parts, at = memoryview(data), list[bytes | memoryview](), 0
    for first, end in head.spoken:
        # A WebP tells its length in front, so there the stretch stays and gets a name nobody knows.
        parts += [whole[at:first], b"JUNK"] if head.mime == "image/webp" else [whole[at:first]]
        at = first + 4 if head.mime == "image/webp" else end
    return [*parts, whole[at:]]


def _blob(parts: Sequence[bytes | memoryview], mime: str) -> Any:
    return js.Blob.new(to_js([to_js(part) for part in parts]), _options(type=mime))


def _upright(orientation: int, width: int, height: int) -> tuple[int, ...]:
    """What a canvas calls a transform, putting a stored picture of `width` by `height` upright."""
    return {
        2: (-1, 0, 0, 1, width, 0),
        3: (-1, 0, 0, -1, width, height),
        4: (1, 0, 0, -1, 0, height),
        5: (0, 1, 1, 0, 0, 0),
        6: (0, 1, -1, 0, height, 0),
        7: (0, -1, -1, 0, height, width),
        8: (0, -1, 1, 0, 0, width),
    }.get(orientation, (1, 0, 0, 1, 0, 0))


def _fitting(size: Size, side_px: int) -> Size:
    """As large as a square allows, never larger than it was."""
    scale = min(1.0, side_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _white(size: Size) -> tuple[Any, Any]:
    canvas = js.OffscreenCanvas.new(*size)
    pen = canvas.getContext("2d", _options(alpha=False, willReadFrequently=True))
    if pen is None:
        raise NotUnderstood(_NOT_SHOWN)
    pen.fillStyle, pen.imageSmoothingQuality = "white", "high"
    pen.fillRect(0, 0, *size)
    return canvas, pen


def _path(stroke: Stroke) -> str:
    """A stroke as SVG writes it. A line that goes nowhere is not drawn, so a dot goes a hair's breadth."""
    (x, y), *others = stroke.points
    far = others or [(x + 0.01, y)]
    return f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in far)


async def _jpeg(canvas: Any) -> bytes:
    blob = await canvas.convertToBlob(_options(type="image/jpeg", quality=QUALITY))
    data: bytes = (await blob.arrayBuffer()).to_bytes()
    return data


def _options(**values: object) -> Any:
    return to_js(values, dict_converter=js.Object.fromEntries)
