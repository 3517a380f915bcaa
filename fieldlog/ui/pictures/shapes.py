"""What a picture is made of. Places and sizes are in dp, from the left and from the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle with a ground, a line around it, or both."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    line: str = ""
    round: float = 0
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Straight lines of one colour, each from a place to another: (x, y, x, y)."""

    ends: tuple[tuple[float, float, float, float], ...]
    color: str
    width: float = 1


@dataclass(frozen=True, kw_only=True)
class Dots:
    """Round dots of one colour and size by their middles; `hollow` ones are rings."""

    at: tuple[tuple[float, float], ...]
    size: float
    color: str
    hollow: bool = False


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A filled outline through these places."""

    corners: tuple[tuple[float, float], ...]
    color: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """Words on one line. `y` is their middle; `turn` is in degrees, clockwise, around their beginning."""

    x: float
    y: float
    words: str
    size: float
    color: str
    bold: bool = False
    anchor: Anchor = "start"
    turn: float = 0


Shape = Box | Lines | Dots | Flag | Label


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Shapes, those before under those after. `said` is all of it in one sentence."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    said: str
