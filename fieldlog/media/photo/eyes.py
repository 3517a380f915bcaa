"""Who looks at pictures on this machine."""

from __future__ import annotations

import sys
from typing import cast

from fieldlog.media.photo.eye import Eye


def find_eye() -> Eye | None:
    """The eye of this machine, None where there is neither Pillow nor a browser that draws beside its page."""
    if sys.platform == "emscripten":
        from fieldlog.media.photo.canvas import EYE, can_draw

        return cast("Eye", EYE) if can_draw() else None
    try:
        from fieldlog.media.photo import picture
    except ImportError:
        return None
    return picture
