"""What a machine can see on a picture of a screen: too small, faint or bright, cut off, or red by mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.e2e.app import GLOWS_SECONDS, Window

Colour = tuple[int, int, int]
LIVE_REDS = ((0xC4, 0x12, 0x2B), (0xA3, 0x0F, 0x22), (0xB0, 0x00, 0x20))
BRIGHTEST = (0xC2, 0xB5, 0x9C)
"""In Blackout nothing is brighter, but for the live microphone."""

SMALLEST_TARGET, SMALLEST_ON_A_LAPTOP, SMALLEST_IN_BLACKOUT = 48, 40, 56
LEAST_CONTRAST = 7.0
ROWS = {"entry", "day", "person", "play", "heard", "marks"}
RAIL_BEGINS, RAIL_ENDS = {"now-time", "now-strip-close"}, {"now-field", "now-send"}
"""The first chips of the rail, and what ends where it ends."""

RAIL_EDGE = 13
"""Where the chips come out from under, in dp."""

SHEET_FOOT = 16
"""The space below a sheet's last control, in dp."""

LARGEST_GREY = 12_000
"""Pixels of one such grey; letters and lines have fewer."""

EDGE_ROWS = 4
EDGE = 1.0
"""Rounding of boxes, in dp."""

DAY_ENDS = 4
"""Columns that no word of the day reaches, in dp."""

BOXES = """() => [...document.querySelectorAll('[flt-semantics-identifier]')].map(node => {
  const box = node.getBoundingClientRect();
  return {name: node.getAttribute('flt-semantics-identifier'), x: box.x, y: box.y, width: box.width,
    height: box.height, tappable: node.getAttribute('role') === 'button' || node.hasAttribute('flt-tappable')};
})"""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A control on the screen, in dp, as far as it is in sight."""

    name: str
    x: float
    y: float
    width: float
    height: float
    tappable: bool


async def to_device(win: Window) -> None:
    """To *This device*, in whichever look: where it is a tap away, else by Days; in Blackout only a handle leads
    on from Now."""
    if await win.first_of("nav-days", "nav-open") == "nav-open":
        await win.tap("nav-open")
    if not await win.has("more"):
        await win.tap("nav-days")
    await win.tap("more")


async def stand_still(win: Window) -> None:
    """Return when nothing moves or glows any more and the mouse points at nothing: a picture may be taken."""
    await win.page.mouse.move(2, 2)
    await win.quiet(GLOWS_SECONDS, drawn=True)


async def boxes(win: Window) -> list[Box]:
    return [Box(**one) for one in await win.page.evaluate(BOXES)]


async def faults(win: Window, picture: Path, *, live: bool = False, blackout: bool = False) -> list[str]:
    """Everything wrong with what the window shows; `picture` is its screenshot, `blackout` says of Now."""
    size = win.page.viewport_size
    assert size
    found = [box for box in await boxes(win) if box.y < size["height"] - EDGE and box.y + box.height > EDGE]
    least = SMALLEST_ON_A_LAPTOP if size["width"] >= 1024 else SMALLEST_TARGET
    least = SMALLEST_IN_BLACKOUT if blackout else least
    with Image.open(picture) as image:
        drawn = image.convert("RGB")
    counted = colours(drawn)
    return [
        *_too_small([box for box in found if not _scrolled_out(box, found, size["height"])], least),
        *_cut_off(found, size["width"]),
        *_run_over(found, drawn),
        *_too_faint(found, drawn),
        *_red(counted, live),
        *_broken(counted),
        *(_too_bright(found, drawn) if blackout else ()),
    ]


def _too_small(found: list[Box], least: float) -> Iterator[str]:
    edge = max((box.x + box.width for box in found if box.name in RAIL_ENDS), default=0.0)
    for box in found:
        if _in_rail(box, found) and (box.x + box.width > edge - EDGE or box.x <= RAIL_EDGE):
            continue
        if box.tappable and not _at_an_edge(box, found) and min(box.width, box.height) < least - EDGE:
            yield f"{box.name} is {box.width:.0f} x {box.height:.0f}, less than {least}"


def _scrolled_out(box: Box, found: list[Box], height: float) -> bool:
    """Whether it reaches to the foot of an open sheet, or ends where a page does, and so perhaps is scrolled half
    out of it.

    What can be taken back is offered in a strip over the foot; a phone has its destinations below a page.
    """
    foot = min([height, *(one.y for one in found if one.name == "undo-strip")])
    if any(one.name == "sheet" for one in found):
        return box.y < foot and box.y + box.height > foot - SHEET_FOOT - EDGE
    below = [one.y for one in found if one.name.startswith("nav-") and one.y > height / 2]
    return not box.name.startswith("nav-") and abs(box.y + box.height - min([foot, *below])) <= EDGE


def _at_an_edge(box: Box, found: list[Box]) -> bool:
    """Whether a row is at the top or the foot of its list in sight, and so perhaps scrolled half out of it."""
    kind = box.name.split("-")[0]
    if kind not in ROWS:
        return False
    rows = sorted((other for other in found if other.name.split("-")[0] == kind), key=lambda row: row.y)
    return box in rows[:EDGE_ROWS] or box in rows[-EDGE_ROWS:]


def _cut_off(found: list[Box], width: float) -> Iterator[str]:
    for box in found:
        if _in_rail(box, found):
            continue
        if box.width and (box.x < -EDGE or box.x + box.width > width + EDGE):
            yield f"{box.name} reaches from {box.x:.0f} to {box.x + box.width:.0f} of {width}"


def _run_over(found: list[Box], drawn: Image.Image) -> Iterator[str]:
    """The day's words, which must end before what stands beside them: the last of its box is empty ground.

    An open sheet may lie over it.
    """
    if any(box.name == "sheet" for box in found):
        return
    for box in (box for box in found if box.name == "now-day"):
        right = int(box.x + box.width)
        end = drawn.crop((right - DAY_ENDS, int(box.y) + 1, right, int(box.y + box.height) - 1))
        if len(colours(end)) > 1:
            yield "the day's words run over what stands beside them"


def _in_rail(box: Box, found: list[Box]) -> bool:
    """Whether it is a chip of the rail, which scrolls: the last one may be half in sight."""
    return any(other.name in RAIL_BEGINS and other.y == box.y for other in found)


def _too_faint(found: list[Box], drawn: Image.Image) -> Iterator[str]:
    """The words of entries: the ink that differs most from the ground they stand on. Under a sheet all is dim."""
    if any(box.name == "sheet" for box in found):
        return
    for box in found:
        if box.name.startswith("entry-0") and not _at_an_edge(box, found) and box.height >= 24:
            ratio = contrast_in(drawn.crop(_corners(box, drawn.size)))
            if ratio < LEAST_CONTRAST:
                yield f"{box.name} has a contrast of {ratio:.1f}"


def _corners(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of a row where its words stand: right of the time and the rule."""
    left = min(int(box.x) + 84, size[0] - 2)
    return left, max(0, int(box.y)), min(size[0], int(box.x + box.width)), min(size[1], int(box.y + box.height))


def contrast_in(part: Image.Image) -> float:
    """The greatest contrast of any colour in a picture with its commonest one, by WCAG 2's formula."""
    counted = colours(part)
    ground = counted.most_common(1)[0][0]
    return max(contrast(ground, ink) for ink in counted)


def colours(part: Image.Image) -> Counter[Colour]:
    """How often each colour is in a picture."""
    found = Counter[Colour]()
    for count, colour in part.getcolors(part.width * part.height) or ():
        assert isinstance(colour, tuple)
        found[colour[0], colour[1], colour[2]] = count
    return found


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def red_pixels(drawn: Image.Image) -> int:
    """How many pixels have the one red there is."""
    return _reds(colours(drawn))


def _reds(counted: Counter[Colour]) -> int:
    return sum(count for colour, count in counted.items() if _is_red(colour))


def _is_red(colour: Colour) -> bool:
    return any(all(abs(a - b) <= 6 for a, b in zip(colour, red, strict=False)) for red in LIVE_REDS)


def _red(counted: Counter[Colour], live: bool) -> Iterator[str]:
    count = _reds(counted)
    if live and count < 5000:
        yield f"only {count} red pixels while the microphone is live"
    if not live and count:
        yield f"{count} red pixels and no microphone is live"


def _broken(counted: Counter[Colour]) -> Iterator[str]:
    """Flutter draws what it can't lay out as a grey field, the page under it shining through a little."""
    most = max((count for colour, count in counted.items() if _is_fault_grey(colour)), default=0)
    if most > LARGEST_GREY:
        yield f"{most} pixels are the grey of a part that could not be drawn"


def _is_fault_grey(colour: Colour) -> bool:
    return max(colour) - min(colour) <= 1 and 0xB0 <= colour[0] <= 0xC8


def _too_bright(found: list[Box], drawn: Image.Image) -> Iterator[str]:
    """What shines on a face in the dark, the live recording bar left out."""
    seen = drawn.copy()
    for bar in (box for box in found if box.name == "rec-bar"):
        seen.paste((0, 0, 0), (int(bar.x), int(bar.y), int(bar.x + bar.width) + 1, int(bar.y + bar.height) + 1))
    count = bright_pixels(seen)
    if count:
        yield f"{count} pixels are brighter than #{''.join(f'{part:02X}' for part in BRIGHTEST)}"


def bright_pixels(drawn: Image.Image) -> int:
    """How many pixels are brighter than anything in Blackout may be."""
    most = _luminance(BRIGHTEST) * 1.02
    return sum(count for colour, count in colours(drawn).items() if _luminance(colour) > most)
