"""Slate: how FieldLog looks. Colours, type and measures are named here and nowhere else.

Chalk on slate: flat planes, one accent, hairlines instead of shadows. A filled red area means a live
microphone and nothing else. Measures are in dp.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import flet as ft

from fieldlog.ui.parts.data_colours import BLACKOUT_DATA, DAYLIGHT_DATA, NIGHT_DATA, SUN_DATA, Data

FONT, BOLD, RARE = "FieldLog", "FieldLog Bold", "FieldLog Rare"
FONTS = {
    FONT: "fonts/NotoSansSC-Regular.otf",
    BOLD: "fonts/NotoSansSC-Bold.otf",
    RARE: "fonts/NotoSansSC-Rare.otf",
}

PHONE, LAPTOP = 600, 1024
"""From these widths on there is a rail, and there are two panes."""

LOW = 640
"""Below this height the navigation and the context line give way to the field."""

LARGE = 1.4
"""From this size of letters on, things stand below instead of beside each other, or the less needed give way."""

TARGET, CAPTURE, MICROPHONE = 48, 56, 72
BAR, RAIL_CHIP, RECORDING_BAR, NAVIGATION, RAIL, LIST_PANE = 56, 36, 64, 64, 88, 400


@dataclass(frozen=True, kw_only=True)
class Style:
    """A token of type: size and line in dp, and whether it is bold."""

    size: int
    line: int
    bold: bool = False


DAY, DAY_SMALL = Style(size=28, line=32, bold=True), Style(size=22, line=26, bold=True)
TITLE, HEAD = Style(size=20, line=28, bold=True), Style(size=15, line=22, bold=True)
NUMBER, NUMBER_LARGE = Style(size=44, line=48, bold=True), Style(size=64, line=68, bold=True)
NIGHT_CLOCK, CLOCK_PAST = Style(size=17, line=22, bold=True), Style(size=13, line=20, bold=True)
BODY, WRITE = Style(size=16, line=24), Style(size=17, line=26)
WRITE_LAPTOP = Style(size=18, line=30)
LABEL, CLOCK, META = Style(size=14, line=20), Style(size=13, line=20), Style(size=12, line=17)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A colour for each role. `live` is the one red; `types` colours interpretation, method and private notes,
    `data` what is drawn of time and people.

    `discreet` is for where nobody should see that one writes: large targets, no fills, nothing that moves.
    `scale` is how much larger than usual the system shows letters, 1 to 2.
    """

    dark: bool
    surface: str
    lowest: str
    low: str
    container: str
    high: str
    words: str
    meta: str
    outline: str
    hairline: str
    primary: str
    on_primary: str
    primary_container: str
    on_primary_container: str
    attention: str
    attention_container: str
    on_attention: str
    fault: str
    live: str
    on_live: str
    types: Mapping[str, str]
    data: Data
    discreet: bool = False
    scale: float = 1.0

    @property
    def target(self) -> int:
        """How large what one taps is at least."""
        return CAPTURE if self.discreet else TARGET

    @property
    def animate(self) -> bool:
        """Whether anything may move or ripple by itself."""
        return not self.discreet

    @property
    def chip_fill(self) -> str | None:
        return None if self.discreet else self.low

    @property
    def chosen_fill(self) -> str | None:
        """Behind a chip that is chosen; where there is none, its border tells."""
        return None if self.discreet else self.primary_container

    @property
    def fill(self) -> str | None:
        """Behind send, and behind the one filled button of a screen; `fill_ink` and `fill_border` go with it."""
        return None if self.discreet else self.primary

    @property
    def fill_ink(self) -> str:
        return self.primary if self.discreet else self.on_primary

    @property
    def fill_border(self) -> str | None:
        return self.primary if self.discreet else None

    @property
    def thumb_opacity(self) -> float:
        """How much light of a small picture is let through."""
        return 0.4 if self.discreet else 1.0

    def grown(self, dp: float) -> float:
        """A measure that goes with the size of the letters, which the system may double."""
        return round(dp * self.scale)


DAYLIGHT = Look(
    dark=False,
    surface="#F4F6F6",
    lowest="#FFFFFF",
    low="#ECEFF0",
    container="#E4E9EA",
    high="#DAE0E2",
    words="#10171A",
    meta="#3F4C52",
    outline="#617078",
    hairline="#C5CED1",
    primary="#0A5563",
    on_primary="#FFFFFF",
    primary_container="#CDE6EA",
    on_primary_container="#04313A",
    attention="#744600",
    attention_container="#FBE6C2",
    on_attention="#3E2500",
    fault="#8F2F0B",
    live="#C4122B",
    on_live="#FFFFFF",
    types={"TN": "#1F4FA3", "MN": "#17603A", "PN": "#6C3A9C"},
    data=DAYLIGHT_DATA,
)
NIGHT = Look(
    dark=True,
    surface="#0E1316",
    lowest="#090D0F",
    low="#141A1E",
    container="#1A2125",
    high="#232B30",
    words="#E5EBED",
    meta="#B1BEC4",
    outline="#7E8C93",
    hairline="#333E44",
    primary="#7FCEDC",
    on_primary="#00343D",
    primary_container="#0D4652",
    on_primary_container="#C6EDF3",
    attention="#EBBE63",
    attention_container="#463100",
    on_attention="#FFE4B0",
    fault="#FFB192",
    live="#C4122B",
    on_live="#FFFFFF",
    types={"TN": "#9CC0FF", "MN": "#8FD3A6", "PN": "#D2B0F5"},
    data=NIGHT_DATA,
)
BLACKOUT = Look(
    dark=True,
    discreet=True,
    surface="#000000",
    lowest="#000000",
    low="#000000",
    container="#0B0A09",
    high="#151310",
    words="#ADA497",
    meta="#928A7E",
    outline="#6E665C",
    hairline="#2C2823",
    primary="#C2B59C",
    on_primary="#000000",
    primary_container="#1E1B16",
    on_primary_container="#C2B59C",
    attention="#C79A4B",
    attention_container="#1E1700",
    on_attention="#C79A4B",
    fault="#D08A68",
    live="#A30F22",
    on_live="#FFE3E3",
    types={"TN": "#8C9BB5", "MN": "#86A08C", "PN": "#A593B5"},
    data=BLACKOUT_DATA,
)
SUN = Look(
    dark=False,
    surface="#FFFFFF",
    lowest="#FFFFFF",
    low="#FFFFFF",
    container="#F2F2F2",
    high="#E6E6E6",
    words="#000000",
    meta="#1C2326",
    outline="#000000",
    hairline="#4A4A4A",
    primary="#00333D",
    on_primary="#FFFFFF",
    primary_container="#D6ECEF",
    on_primary_container="#001A20",
    attention="#4A2B00",
    attention_container="#FFE9C4",
    on_attention="#2A1800",
    fault="#6E1F00",
    live="#B00020",
    on_live="#FFFFFF",
    types={"TN": "#0A2F75", "MN": "#064421", "PN": "#431A6E"},
    data=SUN_DATA,
)
LOOKS = {"day": DAYLIGHT, "night": NIGHT, "blackout": BLACKOUT, "sun": SUN}


def text_style(style: Style, color: str | None = None, *, struck: bool = False) -> ft.TextStyle:
    """A token of type as Flet has it, with the file of rare characters behind the base family."""
    return ft.TextStyle(
        size=style.size,
        height=style.line / style.size,
        font_family=BOLD if style.bold else FONT,
        font_family_fallback=[FONT, RARE],
        color=color,
        letter_spacing=0,
        decoration=ft.TextDecoration.LINE_THROUGH if struck else None,
    )
