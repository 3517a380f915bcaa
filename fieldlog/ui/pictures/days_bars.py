"""How many of something lie on each day, as bars over a line that is dark under shoot days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.pictures.shapes import Box, Label, Picture, Shape

HIGH, LINE, NUMBERS, GAP = 40, 3, 16, 2


def days_bars(days: Sequence[Strip], found: Mapping[str, int], look: Look, width: float, said: str) -> Picture:
    """A bar for each day on which there is any; numbers under the first, the last, and some between."""
    one = width / max(1, len(days))
    most = max(found.values(), default=1)
    shapes: list[Shape] = []
    for n, day in enumerate(days):
        count = found.get(day.date, 0)
        ground = look.words if day.type == "shoot" else look.outline
        left, wide = n * one, max(1.0, one - GAP)
        shapes.append(Box(x=left, y=HIGH + 2, width=wide, height=LINE, fill=ground, round=1))
        if count:
            high = max(4.0, HIGH * count / most)
            shapes.append(Box(x=left, y=HIGH - high, width=wide, height=high, fill=look.primary, round=2))
    size = look.grown(11)
    for n in sorted({0, *range(6, len(days) - 3, 7), len(days) - 1} if days else ()):
        anchor = "start" if n == 0 else "end" if n == len(days) - 1 else "middle"
        x = 0.0 if n == 0 else width - GAP if n == len(days) - 1 else (n + 0.5) * one
        number = days[n].n
        words = str(number) if number is not None else days[n].date[5:]
        shapes.append(
            Label(x=x, y=HIGH + LINE + 4 + size / 2, words=words, size=size, color=look.meta, anchor=anchor)  # type: ignore[arg-type]
        )
    return Picture(width=width, height=HIGH + LINE + look.grown(NUMBERS) + 4, shapes=tuple(shapes), said=said)


def day_at(days: Sequence[Strip], x: float, width: float) -> Strip | None:
    """Which day is there."""
    n = int(x / width * len(days)) if width else -1
    return days[n] if 0 <= n < len(days) else None
