"""A camera that reads the QR code on a screen, as large as it is shown there and with the white around it."""

from __future__ import annotations

from io import BytesIO

import flet as ft
import zxingcpp
from PIL import Image

from fieldlog.ui.parts.qr import MARGIN
from tests.fakes.headless import Seen


def scanned(seen: Seen, name: str) -> str:
    """What the code with this identifier says."""
    drawn, around = seen.inside(name, ft.Image), seen.inside(name, ft.Container)
    assert (around.bgcolor, around.padding) == ("#FFFFFF", MARGIN)
    size = drawn.width, drawn.height
    shown = Image.new("L", (size[0] + 2 * MARGIN, size[1] + 2 * MARGIN), 255)
    with Image.open(BytesIO(drawn.src)) as picture:
        shown.paste(picture.convert("L").resize(size), (MARGIN, MARGIN))
    (read,) = zxingcpp.read_barcodes(shown)
    assert read.format == zxingcpp.BarcodeFormat.QRCode
    return str(read.text)
