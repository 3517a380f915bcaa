"""What is said of how the phone carries FieldLog: strips on every screen, and a card on This device."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.memo.state import Live
from fieldlog.ui.parts.basics import asks, button, strip, strip_action, text
from fieldlog.ui.parts.theme import LABEL, Look
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.pocket.state import Carried
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell

SHOWN = 3


@ft.component
def CarriedStrips(
    journey: PocketJourney, shell: Shell, carried: Carried, live: Live, stream: Stream
) -> ft.Control:
    """A new version between recordings; that other pages can read what is kept here; and that it may be cleared,
    until there is a backup."""
    words, look = journey.words, shell.look
    if not carried.here or live.on:
        return ft.Container(height=0)
    if carried.ready:
        use = strip_action(
            "update-use", words("Use it now"), look, lambda _: journey.installed.take_new(), calm=True
        )
        return strip("update-ready", words("A new version of FieldLog is here."), look, use, calm=True)
    if carried.neighbours and not carried.warned:
        return _neighbours(journey, look, carried)
    if carried.lasts is False and stream.only_here:
        copy = strip_action("clear-copy", words("Back up"), look, lambda _: journey.window.go("/archive/copies"))
        return strip("may-clear", words("This browser may clear what is kept here."), look, copy)
    return ft.Container(height=0)


def _neighbours(journey: PocketJourney, look: Look, carried: Carried) -> ft.Control:
    """Something that is not ours lies in the storage of this host name."""
    words = journey.words

    def read(_: ft.ControlEvent) -> None:
        carried.warned = True

    said = words(
        "Other pages on this host name can read your notes (found: {names}). Use a host name of your own.",
        names=", ".join(carried.neighbours[:SHOWN]),
    )
    return strip("neighbours", said, look, strip_action("neighbours-ok", words("OK"), look, read))


def carried_lines(journey: PocketJourney, shell: Shell, carried: Carried) -> list[ft.Control]:
    """For This device: whether it is on the home screen, and whether what is kept stays."""
    words, look = journey.words, shell.look
    lasts = {
        None: words("The browser was not asked yet to keep what is here."),
        True: words("The browser has promised not to clear what is here."),
        False: words("This browser may clear what is kept here. Back up, or put FieldLog on the home screen."),
    }[carried.lasts]
    home = words("FieldLog is on the home screen.") if carried.home else home_words(journey, carried)
    told = [home, *offline_words(journey, carried), lasts]
    lines: list[ft.Control] = [text(one, LABEL, look.words) for one in told]
    if carried.offers and not carried.home:
        lines.append(ft.Row([install_button(journey, shell)]))
    if carried.beside == "anothers":
        said = words("Notes of an earlier FieldLog belong to another FieldLog at this host name. Open them there.")
        lines.append(text(said, LABEL, look.words))
    elif carried.beside:
        earlier = carried.beside == "earlier"
        said = (
            words("Notes of an earlier FieldLog lie beside these.")
            if earlier
            else words("Notes begun here lie beside these.")
        )
        goes = asks(journey.installed.open_beside)
        lines += [
            text(said, LABEL, look.words),
            ft.Row([button("beside-open", words("Open them instead"), look, goes)]),
        ]
    return lines


def offline_words(journey: PocketJourney, carried: Carried) -> list[str]:
    """Whether it opens without a network from now on; nothing where that is not known."""
    words, fetched, files = journey.words, carried.fetched, carried.files
    if carried.offline == "whole":
        return [words("It works without a network from now on.")]
    if carried.offline == "coming" and files:
        return [
            words("Still being fetched: {n} of {files} files. Without a network it works after that.", n=fetched,
                  files=files)
        ]  # fmt: skip
    if carried.offline == "coming":
        return [words("Still being fetched. Without a network it works after that.")]
    if carried.offline == "broken":
        return [words("Not all of it could be fetched. Open it again where there is a network; it goes on there.")]
    return []


def home_words(journey: PocketJourney, carried: Carried) -> str:
    """How to put it on the home screen."""
    words = journey.words
    if carried.apple:
        return words("Tap Share in Safari, then Add to Home Screen, and open FieldLog from there.")
    return words("Put FieldLog on the home screen: Install, or the browser’s menu, Add to home screen.")


def install_button(journey: PocketJourney, shell: Shell, *, filled: bool = False) -> ft.Control:
    return button(
        "install", journey.words("Install"), shell.look, lambda _: journey.installed.put_home(), filled=filled,
        icon=ft.Icons.INSTALL_MOBILE,
    )  # fmt: skip
