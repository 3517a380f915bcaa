"""The small parts everything is made of: words, targets, chips, strips, cards.

Longer than other files, and none of it hard: one part after another, and nearly every screen takes several.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import flet as ft

from fieldlog.ui.parts.glyphs import drawable
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, RAIL_CHIP, TARGET, TITLE, Look, Style, text_style

NARROWEST = 20
"""The shortest words of a chip, OK, in dp."""

Wish = Callable[..., Any]
Part = TypeVar("Part", bound=Callable[..., Any])


def where(event: ft.TapEvent[Any]) -> ft.Offset | None:
    """Where a finger or a mouse tapped; None for a tap by keys or a screen reader, which comes with the middle."""
    return None if event.kind in (None, ft.PointerDeviceType.UNKNOWN) else event.local_position


def asks(verb: Callable[..., Awaitable[Any]], *given: Any, **said: Any) -> Wish:
    """A wish for something that takes a moment, with what it is to be done with."""

    async def ask(_: Any) -> None:
        await verb(*given, **said)

    return ask


def memo(part: Part) -> Part:
    """A component that is drawn anew only when what it is given differs."""
    return cast(Part, ft.memo(part))  # type: ignore[no-untyped-call]


def keyed(part: Callable[..., ft.Control], key: str, *given: Any) -> ft.Control:
    """A component that keeps its state with this key, and begins anew with another."""
    return part(*given, key=key)


def text(
    words: str,
    style: Style = BODY,
    color: str | None = None,
    *,
    lines: int | None = None,
    expand: bool = False,
    selectable: bool = False,
    struck: bool = False,
) -> ft.Text:
    """Words as they can be drawn: never a blank glyph."""
    return ft.Text(
        drawable(words),
        style=text_style(style, color, struck=struck),
        max_lines=lines,
        selectable=selectable or None,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
        expand=expand,
    )


def tagged(identifier: str, content: ft.Control, label: str | None = None, **said: Any) -> ft.Semantics:
    """A control with the name the tests know and the label a screen reader says."""
    return ft.Semantics(identifier=identifier, label=label, content=content, container=True, **said)


def icon_target(
    identifier: str,
    icon: ft.IconData,
    label: str,
    wish: Wish,
    *,
    size: int = TARGET,
    color: str | None = None,
    bgcolor: str | None = None,
    icon_size: int = 24,
    border: str | None = None,
) -> ft.Control:
    """An icon one taps: round, with a tooltip and a label."""
    return tagged(
        identifier,
        ft.IconButton(
            icon=icon,
            icon_color=color,
            icon_size=icon_size,
            width=size,
            height=size,
            tooltip=label,
            on_click=wish,
            style=ft.ButtonStyle(
                bgcolor=bgcolor,
                padding=0,
                shape=ft.CircleBorder(side=ft.BorderSide(1, border) if border else None),
            ),
        ),
        label,
        button=True,
    )


def chip(
    identifier: str,
    words: str,
    look: Look,
    wish: Wish,
    *,
    chosen: bool = False,
    icon: ft.IconData | None = None,
    color: str | None = None,
    tag: str | None = None,
    struck: bool = False,
) -> ft.Control:
    """A small choice, 36 high in a target of 48, in Blackout of 56. Struck through where it is not agreed to."""
    ink = look.on_primary_container if chosen else color or look.words
    inside: list[ft.Control] = [ft.Icon(icon, size=18, color=ink)] if icon else []
    narrow = at_least_wide(words, LABEL) + (24 if icon else 0)
    face = ft.Container(
        content=ft.Row([*inside, text(words, LABEL, ink, struck=struck)], spacing=6, tight=True),
        height=look.grown(RAIL_CHIP),
        border_radius=8,
        padding=ft.Padding.symmetric(horizontal=(look.target - min(NARROWEST, narrow)) / 2),
        bgcolor=look.chosen_fill if chosen else look.chip_fill,
        border=ft.Border.all(1, look.primary if chosen else look.hairline),
    )
    around = ft.Padding.symmetric(vertical=(look.target - RAIL_CHIP) / 2)
    target = ft.Container(face, height=rail_height(look), padding=around, on_click=wish, border_radius=8)
    return tagged(identifier, target, tag, button=True, selected=chosen)


def at_least_wide(words: str, style: Style) -> float:
    """What words take at the least, in dp: a Han character is as wide as high, a letter two fifths of that."""
    return style.size * sum(1.0 if ord(one) > 0x2E80 else 0.4 for one in words)


def rail_height(look: Look) -> float:
    """A chip and the space above and below it."""
    return look.grown(RAIL_CHIP) + look.target - RAIL_CHIP


def button(
    identifier: str,
    words: str,
    look: Look,
    wish: Wish,
    *,
    filled: bool = False,
    icon: ft.IconData | None = None,
    color: str | None = None,
    enabled: bool = True,
) -> ft.Control:
    """A button with words on it, 48 high. One filled button on a screen at most."""
    ink = (look.fill_ink if filled else color or look.primary) if enabled else look.outline
    filled = filled and enabled
    inside: list[ft.Control] = [ft.Icon(icon, size=20, color=ink)] if icon else []
    face = ft.Container(
        content=ft.Row(
            [*inside, text(words, LABEL, ink)], spacing=8, tight=True, alignment=ft.MainAxisAlignment.CENTER
        ),
        height=max(look.target, look.grown(32)),
        border_radius=12,
        padding=ft.Padding.symmetric(horizontal=16),
        bgcolor=look.fill if filled else None,
        border=_border(look.fill_border if filled else look.hairline),
        on_click=wish if enabled else None,
        ink=look.animate,
    )
    return tagged(identifier, face, None, button=True)


def _border(color: str | None) -> ft.Border | None:
    return ft.Border.all(1, color) if color else None


def row_target(
    identifier: str,
    content: ft.Control,
    look: Look,
    wish: Wish | None,
    *,
    height: int | None = None,
    label: str | None = None,
    chosen: bool = False,
) -> ft.Control:
    """A row of a list that can be tapped."""
    face = ft.Container(
        content,
        height=look.grown(height) if height else None,
        padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        on_click=wish,
        ink=look.animate,
        bgcolor=look.primary_container if chosen else None,
        alignment=ft.Alignment.CENTER_LEFT,
    )
    return tagged(identifier, face, label, button=wish is not None, selected=chosen or None)


def card(look: Look, *inside: ft.Control, title: str = "") -> ft.Control:
    """A flat plane with a hairline around it."""
    head: list[ft.Control] = [text(title, HEAD, look.words)] if title else []
    return ft.Container(
        ft.Column([*head, *inside], spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=look.lowest,
        border=ft.Border.all(1, look.hairline),
        border_radius=12,
        padding=16,
    )


def strip(identifier: str, words: str, look: Look, *actions: ft.Control, calm: bool = False) -> ft.Control:
    """A sentence under the top bar or above the navigation, with what can be done about it."""
    ink = look.words if calm else look.on_attention
    mark: list[ft.Control] = [] if calm else [ft.Icon(ft.Icons.INFO_OUTLINED, size=20, color=look.attention)]
    inside = ft.Row([*mark, text(words, LABEL, ink, expand=True), *actions], spacing=12)
    return tagged(
        identifier,
        ft.Container(
            inside,
            bgcolor=look.high if calm else look.attention_container,
            padding=ft.Padding.only(left=16, right=4, top=2, bottom=2),
        ),
        None,
        live_region=True,
    )


def strip_action(identifier: str, words: str, look: Look, wish: Wish, *, calm: bool = False) -> ft.Control:
    """The action of a strip: words in a target of 48."""
    ink = look.primary if calm else look.on_attention
    face = ft.Container(
        ft.Row([text(words, HEAD, ink)], tight=True),
        height=max(look.target, look.grown(32)),
        padding=ft.Padding.symmetric(horizontal=look.target * 3 / 8),
        on_click=wish,
        border_radius=8,
    )
    return tagged(identifier, face, None, button=True)


def more_row(identifier: str, words: str, look: Look, wish: Wish) -> ft.Control:
    """A row at the end of a list that is read in parts: reads the next."""
    return ft.Container(button(identifier, words, look, wish), padding=16, key=identifier)


def field(
    identifier: str,
    label: str,
    look: Look,
    *,
    value: str = "",
    on_change: Callable[[str], None] | None = None,
    autofocus: bool = False,
    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT,
    error: str | None = None,
    on_submit: Wish | None = None,
    lines: int = 1,
    most_lines: int | None = None,
    hidden: bool = False,
) -> ft.Control:
    """A field of a form. What is typed is reported; the field keeps its own text. `hidden` shows dots, until one
    wants to see it."""
    return tagged(
        identifier,
        ft.TextField(
            label=label,
            value=value,
            on_change=(lambda event: on_change(event.control.value)) if on_change else None,
            autofocus=autofocus,
            keyboard_type=keyboard,
            error=error,
            on_submit=on_submit,
            multiline=lines > 1,
            min_lines=lines,
            max_lines=most_lines or lines,
            password=hidden,
            can_reveal_password=hidden,
            text_style=text_style(BODY, look.words),
            label_style=text_style(LABEL, look.meta),
            error_style=text_style(META, look.fault),
            **quiet(look),
        ),
    )


def quiet(look: Look) -> dict[str, Any]:
    """What every field has: no guessing, no learning, no rewriting of quotes, a still caret, plain borders."""
    return {
        "enable_ime_personalized_learning": False,
        "smart_dashes_type": False,
        "smart_quotes_type": False,
        "animate_cursor_opacity": False,
        "cursor_color": look.primary,
        "filled": True,
        "fill_color": look.lowest,
        "border": {
            ft.ControlState.FOCUSED: ft.OutlineInputBorder(
                side=ft.BorderSide(2, look.primary), border_radius=ft.BorderRadius.all(16)
            ),
            ft.ControlState.DEFAULT: ft.OutlineInputBorder(
                side=ft.BorderSide(1, look.hairline), border_radius=ft.BorderRadius.all(16)
            ),
        },
    }


def sheet_head(said: str, close_words: str, look: Look, close: Wish) -> ft.Control:
    """What a sheet is for, and the way out of it."""
    out = icon_target("sheet-close", ft.Icons.CLOSE, close_words, close, color=look.meta, size=look.target)
    return ft.Row([text(said, TITLE, look.words, expand=True), out])


def page_column(*inside: ft.Control, width: int | None = 640, spacing: int = 12) -> ft.Control:
    """A page of cards and fields: scrolls, at most as wide as one reads."""
    column = ft.Column(list(inside), spacing=spacing, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    as_wide_as_there_is = ft.Row(height=0)
    return ft.Column(
        [as_wide_as_there_is, ft.Container(column, padding=16, width=width)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
