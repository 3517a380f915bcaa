"""Makes the photos and memos of the practice month, as assets/sample/practice.json names them.

    .venv/bin/python build/practice_media.py

Everything is drawn and sounded here, by the script that scales the month for tests: nobody is in it, and nothing
is anybody else's. The same Pillow gives the same bytes; those in the checkout are the ones that count.
"""

from __future__ import annotations

import io
import json
import sys
from argparse import Namespace
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "assets" / "sample"
SIDE, QUALITY = 960, 60


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from tests.month.make_month import Month

    more = json.loads((SAMPLE / "practice.json").read_text(encoding="utf-8"))
    base = json.loads((SAMPLE / "month.json").read_text(encoding="utf-8"))
    month = Month(base, Namespace(seed=14, speech=False))
    known = {one["id"]: one for one in (*month.S["attachments"], *more["attachments"])}
    for name, path in more["files"].items():
        one = dict(known[name])
        target = SAMPLE / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(month.memo_bytes(one) if one["kind"] == "audio" else small(month, one))
        print(f"{path}: {target.stat().st_size:,} bytes")
    return 0


def small(month: object, one: dict[str, object]) -> bytes:
    """A photo that is at most 960 px wide or high, with its time and its orientation."""
    most = max(int(str(one["w"])), int(str(one["h"])))
    sized = {side: int(str(one[side])) * SIDE // most for side in ("w", "h")}
    drawn = month.photo_bytes({**one, **sized})  # type: ignore[attr-defined]
    saved = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.save(saved, "JPEG", quality=QUALITY, exif=picture.info["exif"])
    return saved.getvalue()


if __name__ == "__main__":
    sys.exit(main())
