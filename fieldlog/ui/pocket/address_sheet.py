"""The address of the phone's app, for another phone: written out, and as a QR code."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import button, card, sheet_head, text
from fieldlog.ui.parts.layout import sheet_column
from fieldlog.ui.parts.qr import qr_picture
from fieldlog.ui.parts.theme import BODY, LABEL
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import later

TITLE = later("FieldLog on another phone")


def address_card(journey: PocketJourney, shell: Shell) -> ft.Control:
    """Where This device leads to the sheet. The laptop's own address is for this machine alone: there it is said
    where the phone's is to be found."""
    words, look = journey.words, shell.look
    if journey.installed.carried.here:
        show = button(
            "address-show", words("Show a QR code"), look, lambda _: journey.window.open_sheet("address"),
            icon=ft.Icons.QR_CODE_2,
        )  # fmt: skip
        inside: ft.Control = ft.Row([show])
    else:
        said = words(
            "FieldLog for a phone is a web page. Open its address in a browser of this laptop: This device there "
            "shows a QR code of it."
        )
        inside = text(said, LABEL, look.words)
    return card(look, inside, title=words(TITLE))


@ft.component
def AddressSheet(journey: PocketJourney, shell: Shell) -> ft.Control:
    """The code is white in every look: it is seen only where somebody asked for it."""
    words, look = journey.words, shell.look
    address = journey.window.page.url or ""
    return sheet_column(
        sheet_head(words(TITLE), words("Close"), look, lambda _: journey.window.close_sheet()),
        qr_picture("address-code", address, words("QR code: {address}", address=address)),
        text(address, BODY, look.words, selectable=True),
        text(
            words(
                "Scan it with the camera or a browser, not in WeChat. FieldLog is empty there: notes stay on the "
                "device on which they were written."
            ),
            LABEL,
            look.meta,
        ),
    )
