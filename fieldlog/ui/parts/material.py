"""A look for everything that Material draws by itself."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.theme import BODY, FONT, HEAD, LABEL, META, TITLE, Look, text_style

STILL = ft.PageTransitionTheme.NONE
UNSEEN = "#00000000"


def theme(look: Look, *, again: bool = False) -> ft.Theme:
    """A look for everything Material draws by itself. `again` has it told to the bars of the device once more."""
    scheme = ft.ColorScheme(
        primary=look.primary,
        on_primary=look.on_primary,
        primary_container=look.primary_container,
        on_primary_container=look.on_primary_container,
        secondary=look.primary,
        on_secondary=look.on_primary,
        secondary_container=look.primary_container,
        on_secondary_container=look.on_primary_container,
        tertiary=look.attention,
        tertiary_container=look.attention_container,
        on_tertiary_container=look.on_attention,
        error=look.fault,
        on_error=look.surface,
        error_container=look.container,
        on_error_container=look.fault,
        surface=look.surface,
        on_surface=look.words,
        on_surface_variant=look.meta,
        outline=look.outline,
        outline_variant=look.hairline,
        surface_tint=look.surface,
        surface_container_lowest=look.lowest,
        surface_container_low=look.low,
        surface_container=look.container,
        surface_container_high=look.high,
        surface_container_highest=look.high,
        inverse_surface=look.words,
        on_inverse_surface=look.surface,
        scrim="#000000",
    )
    still = {} if look.animate else dict.fromkeys(("android", "ios", "linux", "macos", "windows"), STILL)
    ripple = None if look.animate else UNSEEN
    return ft.Theme(
        color_scheme=scheme,
        scaffold_bgcolor=look.surface,
        font_family=FONT,
        use_material3=True,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=ft.PageTransitionsTheme(**still),
        splash_color=ripple,
        highlight_color=ripple,
        tooltip_theme=ft.TooltipTheme(
            text_style=text_style(META, look.words),
            decoration=ft.BoxDecoration(
                bgcolor=look.high, border=ft.Border.all(1, look.hairline), border_radius=ft.BorderRadius.all(8)
            ),
        ),
        system_overlay_style=_chrome(look, again),
        text_theme=ft.TextTheme(
            body_large=text_style(BODY),
            body_medium=text_style(LABEL),
            body_small=text_style(META),
            label_large=text_style(LABEL),
            label_medium=text_style(META),
            label_small=text_style(META),
            title_large=text_style(TITLE),
            title_medium=text_style(HEAD),
            title_small=text_style(LABEL),
            headline_small=text_style(TITLE),
        ),
    )


def _chrome(look: Look, again: bool) -> ft.SystemOverlayStyle:
    """The bars of a phone above and below the app, as dark as the app. Only what differs reaches them."""
    bar = look.surface[:-1] + f"{int(look.surface[-1], 16) ^ 1:X}" if again else look.surface
    ink = ft.Brightness.LIGHT if look.dark else ft.Brightness.DARK
    return ft.SystemOverlayStyle(
        status_bar_color=bar,
        status_bar_icon_brightness=ink,
        status_bar_brightness=ft.Brightness.DARK if look.dark else ft.Brightness.LIGHT,
        system_navigation_bar_color=look.surface,
        system_navigation_bar_icon_brightness=ink,
    )
