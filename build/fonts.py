"""Makes `assets/fonts` from Debian's package fonts-noto-cjk: Noto Sans SC in the characters FieldLog draws.

    python build/fonts.py <folder with NotoSansCJK-Regular.ttc and -Bold.ttc>

Needs fonttools, which nothing else here does: the fonts it makes are kept in the repository. They are not packed:
Flutter unpacks a WOFF2 in the page itself, at each start, for longer than all else it does before the first paint.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
FONTS = HOUSE / "assets" / "fonts"
GLYPHS = HOUSE / "fieldlog" / "ui" / "parts" / "glyphs.txt"

SC, KR = 2, 1
"""Places of the faces in the collections."""

PROPORTIONAL = "‘’“”·"
"""The Chinese face draws these as wide as a Han character; the Korean one as English has them."""

LATIN = (
    range(0x20, 0x7F), range(0xA0, 0x250), range(0x2B0, 0x2DE), range(0x370, 0x400), range(0x400, 0x460),
    range(0x1E00, 0x1F00), range(0x2010, 0x2028), range(0x2030, 0x205F), range(0x2070, 0x20BE),
    range(0x2100, 0x2150), range(0x2150, 0x2200), range(0x2200, 0x2300), range(0x2460, 0x2500),
    range(0x2500, 0x2600), range(0x25A0, 0x2700), range(0x3000, 0x3100), range(0xFF00, 0xFFF0),
)  # fmt: skip


def encodable(encoding: str) -> set[int]:
    """Every character of the basic plane that an encoding has."""
    found = set()
    for point in range(0x80, 0x10000):
        try:
            chr(point).encode(encoding)
        except UnicodeEncodeError:
            continue
        found.add(point)
    return found


def ranges(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of code points."""
    start = last = -2
    for point in sorted(points):
        if point != last + 1:
            if start >= 0:
                yield start, last
            start = point
        last = point
    if start >= 0:
        yield start, last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", type=Path)
    source = parser.parse_args().collections
    try:
        from fontTools.subset import Options, Subsetter
        from fontTools.ttLib import TTCollection
    except ImportError:
        sys.exit("The fonts are made with fonttools: pip install fonttools")

    def opened(weight: str) -> tuple[object, set[int]]:
        faces = TTCollection(source / f"NotoSansCJK-{weight}.ttc").fonts
        face, narrow = faces[SC], faces[KR].getBestCmap()
        for table in face["cmap"].tables:
            if table.isUnicode() and table.format != 14:
                table.cmap.update({ord(mark): narrow[ord(mark)] for mark in PROPORTIONAL})
        return face, set(face.getBestCmap())

    def made(weight: str, points: set[int], name: str) -> set[int]:
        face, has = opened(weight)
        options = Options(layout_features=["kern", "ccmp"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
        options.notdef_outline = True
        maker = Subsetter(options)
        maker.populate(unicodes=points & has)
        maker.subset(face)
        face.recalcTimestamp = False
        face.save(FONTS / name)
        print(f"{name}: {len(points & has)} characters, {(FONTS / name).stat().st_size / 1e6:.1f} MB")
        return points & has

    FONTS.mkdir(parents=True, exist_ok=True)
    base = {point for span in LATIN for point in span} | encodable("gb2312")
    drawn = made("Regular", base, "NotoSansSC-Regular.otf")
    made("Bold", base, "NotoSansSC-Bold.otf")
    drawn |= made("Regular", encodable("gbk") - base, "NotoSansSC-Rare.otf")
    spans = [f"{first:X}-{last:X}" for first, last in ranges(drawn)]
    GLYPHS.write_text("\n".join(spans) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
