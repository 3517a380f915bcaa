"""The laptop's eye: the only file of this room that imports Pillow. Import it late (`eyes.find_eye`).

Never alters an original: everything here reads bytes and gives facts, faults or new JPEGs.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw

from fieldlog.media.photo.eye import DRAWN_SIDE_PX, MOST_JPEG_PIXELS, MOST_PIXELS, PictureFacts, PictureFault
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import sentence
from fieldlog.model.stroke import Stroke

# Rare formats' parsers are where the holes are, so only these are ever opened.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
_JPEG_END = b"\xff\xd9"
_TOO_LARGE = sentence("This picture has more pixels than FieldLog opens. The file itself is kept as it is.")
_ORIENTATION = 0x0112

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What puts a picture of an EXIF orientation upright."""

# Pillow warns above this and refuses above twice as much; `_open` refuses earlier, by the limits of `eye`.
Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS

_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What Pillow raises on damaged files, `UnidentifiedImageError` (an OSError) included."""


def read_facts(data: bytes) -> PictureFacts:
    """See `Eye.read_facts`. Damaged EXIF is as good as none."""
    with _quietly():
        try:
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
        except (*_UNREADABLE, Image.DecompressionBombError) as error:
            raise NotUnderstood("This picture can't be read.") from error
        orientation = _orientation(image)
    width, height = image.size if orientation < 5 or _is_turned(image) else image.size[::-1]
    return PictureFacts(width=width, height=height, orientation=orientation)


def _quietly() -> warnings.catch_warnings[None]:
    """Pillow warns of every damaged tag on stderr; the verdict says what matters."""
    return warnings.catch_warnings(action="ignore")


def _orientation(image: Image.Image) -> int:
    try:
        told = image.getexif().get(_ORIENTATION, 1)
    except _UNREADABLE:
        return 1
    return told if isinstance(told, int) and 1 <= told <= 8 else 1


def _is_turned(image: Image.Image) -> bool:
    """Whether Pillow itself puts it upright, and tells its size so from the start."""
    return image.format == "TIFF"


def fault_of(data: bytes) -> PictureFault | None:
    """See `Eye.fault_of`. A JPEG is decoded at an eighth of its size, which reads all of its bytes."""
    try:
        with _quietly(), _open(data) as image:
            image.draft(None, (1, 1))
            image.load()
    except NotUnderstood:
        return "too-large"
    except _UNREADABLE as error:
        return "truncated" if "truncated" in str(error) else "undecodable"
    return None


def previews(data: bytes, sides_px: Sequence[int]) -> tuple[bytes, ...]:
    """See `Eye.previews`. The picture is decoded once; the same bytes give the same previews."""
    image = _seen(data, max(sides_px))
    made = []
    for side in sides_px:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        made.append(_jpeg(image))
    return tuple(made)


def drawn(data: bytes | None, strokes: Sequence[Stroke], size: tuple[int, int]) -> bytes:
    """See `Eye.drawn`."""
    image = Image.new("RGB", size, "white") if data is None else _seen(data, DRAWN_SIDE_PX)
    scale = image.width / size[0]
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        width = max(1, round(stroke.width * scale))
        points = [(x * scale, y * scale) for x, y in stroke.points]
        pen.line(points, fill=stroke.colour, width=width, joint="curve")
        for x, y in points[:1] + points[-1:]:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=stroke.colour)
    return _jpeg(image)


def _seen(data: bytes, side_px: int) -> Image.Image:
    """A picture upright and small; of a cut-off JPEG as much as there is. Raises `NotUnderstood`."""
    try:
        return _shrunk(data, side_px)
    except _UNREADABLE as error:
        if not data.startswith(b"\xff\xd8"):
            raise NotUnderstood("This picture can't be shown.") from error
        # An end marker lets the decoder give what there is; the rest stays grey.
        try:
            return _shrunk(data + _JPEG_END, side_px)
        except _UNREADABLE as still:
            raise NotUnderstood("This picture can't be shown.") from still


def _open(data: bytes) -> Image.Image:
    """An undecoded picture. Raises `NotUnderstood` beyond the limits, or what is in `_UNREADABLE`."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise NotUnderstood(_TOO_LARGE) from error
    width, height = image.size
    # A progressive JPEG is held whole while it is decoded, whatever size is asked for.
    plain_jpeg = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    if width * height > (MOST_JPEG_PIXELS if plain_jpeg else MOST_PIXELS):
        raise NotUnderstood(_TOO_LARGE)
    return image


def _shrunk(data: bytes, side_px: int) -> Image.Image:
    """Made small first and turned upright after: several times faster than the other way round."""
    with _quietly(), _open(data) as image:
        orientation = 1 if _is_turned(image) else _orientation(image)
        image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
        image.load()
        flat = _flat(image)
    return flat.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else flat


def _flat(image: Image.Image) -> Image.Image:
    """RGB without metadata but the colour profile; what was transparent becomes white."""
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "L") else None
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        flat = Image.new("RGB", layered.size, "white")
        flat.paste(layered, mask=layered.getchannel("A"))
    else:
        flat = image.convert("RGB")
    flat.info = {"icc_profile": profile} if profile and image.mode == "RGB" else {}
    return flat


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=b"", comment=b"", icc_profile=image.info.get("icc_profile"))
    return out.getvalue()
