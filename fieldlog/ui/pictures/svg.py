"""A picture as SVG 1.1, for papers and slides."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from fieldlog.ui.pictures.shapes import Box, Dots, Flag, Label, Lines, Picture, Shape

FAMILIES = "'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
MIDDLE = 0.36
"""How far below their middle letters stand on their line, in parts of their size."""


def svg(picture: Picture, ground: str) -> bytes:
    """The file, in UTF-8. Its title is what a screen reader says of the picture."""
    wide, high = _n(picture.width), _n(picture.height)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
        f' role="img" font-family={quoteattr(FAMILIES)}>\n<title>{_plain(picture.said)}</title>\n'
        f'<rect width="{wide}" height="{high}" fill="{ground}"/>\n'
    )
    return (head + "".join(f"{_element(one)}\n" for one in picture.shapes) + "</svg>\n").encode()


def _element(one: Shape) -> str:
    match one:
        case Box():
            inset = 0.5 if one.line else 0.0
            line = f' stroke="{one.line}"' + (' stroke-dasharray="4 3"' if one.dashed else "") if one.line else ""
            return (
                f'<rect x="{_n(one.x + inset)}" y="{_n(one.y + inset)}" width="{_n(one.width - 2 * inset)}"'
                f' height="{_n(one.height - 2 * inset)}" rx="{_n(one.round)}" fill="{one.fill or "none"}"{line}/>'
            )
        case Lines():
            path = " ".join(f"M{_n(x)} {_n(y)}L{_n(to)} {_n(down)}" for x, y, to, down in one.ends)
            return f'<path d="{path}" stroke="{one.color}" stroke-width="{_n(one.width)}" fill="none"/>'
        case Dots():
            radius = one.size / 2 - (0.75 if one.hollow else 0)
            ink = f'fill="none" stroke="{one.color}" stroke-width="1.5"' if one.hollow else f'fill="{one.color}"'
            return f"<g {ink}>" + "".join(
                f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>' for x, y in one.at
            ) + "</g>"  # fmt: skip
        case Flag():
            return f'<polygon points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in one.corners)}" fill="{one.color}"/>'
        case Label():
            turned = f' transform="rotate({_n(one.turn)} {_n(one.x)} {_n(one.y)})"' if one.turn else ""
            bold = ' font-weight="700"' if one.bold else ""
            return (
                f'<text x="{_n(one.x)}" y="{_n(one.y + one.size * MIDDLE)}" font-size="{_n(one.size)}"{bold}'
                f' fill="{one.color}" text-anchor="{one.anchor}"{turned}>{_plain(one.words)}</text>'
            )


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"


def _plain(words: str) -> str:
    """Words as XML can hold them: a character that it can't is left out."""
    held = (one for one in words if one >= " " and one not in "\ufffe\uffff" and not "\ud800" <= one <= "\udfff")
    return escape("".join(held))
