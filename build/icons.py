"""Draw FieldLog's icons anew: entries along a line of time, chalk on slate.

    .venv/bin/python build/icons.py

Those of the phone's page lie in assets/pocket/icons, those of packaged apps where Flet looks for them, in assets.
A maskable one fills its square and keeps the drawing in the middle, where no phone's shape cuts it.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).resolve().parent.parent / "assets"
OUT = ASSETS / "pocket" / "icons"
SLATE, CHALK, NOW = "#0A5563", "#F4F6F6", "#F2B84B"
SIDE, FINER = 512, 4
PACKAGED_SIDE = 1024
ROWS = ((0.30, 0.78), (0.50, 0.66), (0.70, 0.72))
"""How far down each entry lies and how far it reaches, of the drawing's side."""


def icon(side: int, *, maskable: bool, ground: bool = True) -> Image.Image:
    """Drawn large and made small, so that edges are smooth. `ground` is the slate of a maskable one."""
    whole = SIDE * FINER
    image = Image.new("RGBA", (whole, whole), SLATE if maskable and ground else (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if not maskable:
        pen.rounded_rectangle((0, 0, whole - 1, whole - 1), radius=whole * 0.22, fill=SLATE)
    inner = 0.72 if maskable else 0.92
    edge = whole * (1 - inner) / 2

    def at(share: float) -> float:
        return edge + share * whole * inner

    thick, dot = whole * inner * 0.075, whole * inner * 0.062
    pen.line((at(0.24), at(0.18), at(0.24), at(0.82)), fill=CHALK, width=round(thick * 0.45))
    for n, (down, reach) in enumerate(ROWS):
        x, y = at(0.24), at(down)
        colour = NOW if n == len(ROWS) - 1 else CHALK
        pen.ellipse((x - dot, y - dot, x + dot, y + dot), fill=colour)
        pen.rounded_rectangle((at(0.38), y - thick / 2, at(reach), y + thick / 2), radius=thick / 2, fill=colour)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for side in (192, 512):
        icon(side, maskable=False).save(OUT / f"icon-{side}.png", optimize=True)
        icon(side, maskable=True).convert("RGB").save(OUT / f"maskable-{side}.png", optimize=True)
    icon(PACKAGED_SIDE, maskable=True).convert("RGB").save(ASSETS / "icon.png", optimize=True)
    for name in ("icon_android", "splash"):
        icon(PACKAGED_SIDE, maskable=True, ground=False).save(ASSETS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
