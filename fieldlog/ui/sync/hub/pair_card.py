"""A field for a laptop's code, and the question before it is used."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import asks, button, card, field, keyed, tagged, text
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL
from fieldlog.ui.sync.hub.pairing import PairJourney
from fieldlog.ui.sync.hub.state import Pairing
from fieldlog.ui.window.state import Shell


@ft.component
def PairCard(journey: PairJourney, shell: Shell, pairing: Pairing, leaves: bool) -> ft.Control:
    """Where the code comes from, the field; then with whom, and what that means."""
    words, look = journey.words, shell.look
    how = words(
        "On the laptop: Devices and backups, “Let my phone and other computers reach this one”, Pair a device. "
        "Copy the code that it shows."
    )
    inside: list[ft.Control] = [text(how, LABEL, look.meta)]
    if pairing.asked:
        inside = _question(journey, shell, pairing)
    elif pairing.another:
        inside = _another(journey, shell)
    else:
        inside.append(keyed(_Code, f"code-{pairing.turn}", journey, shell, leaves))
        inside += _problem(journey, shell, pairing)
        said = words("Looking") if pairing.looks else words("Pair")
        actions = [button("pair-ask", said, look, asks(journey.ask), filled=leaves, enabled=not pairing.looks)]
        if leaves or pairing.problem:
            actions.append(button("pair-leave", words("Not now"), look, lambda _: journey.leave()))
        inside.append(ft.Row(actions, wrap=True, spacing=8, run_spacing=8))
    return card(look, *inside, title=words("Pair with a laptop of yours"))


@ft.component
def _Code(journey: PairJourney, shell: Shell, autofocus: bool) -> ft.Control:
    return field(
        "pair-code", journey.words("Paste the code"), shell.look, value=journey.typed, on_change=journey.type,
        autofocus=autofocus, on_submit=asks(journey.ask),
    )  # fmt: skip


def _question(journey: PairJourney, shell: Shell, pairing: Pairing) -> list[ft.Control]:
    words, look = journey.words, shell.look
    asked = words("Pair with {name}?", name=pairing.asked)
    means = words(
        "Everything of this study goes there, private notes too, and everything there comes here. Say yes only to "
        "a laptop of your own that shows this code now."
    )
    said = words("Looking") if pairing.looks else words("Pair")
    actions = [
        button("pair-go", said, look, asks(journey.go), filled=True, enabled=not pairing.looks),
        button("pair-leave", words("Not now"), look, lambda _: journey.leave()),
    ]
    return [
        tagged("pair-question", text(asked, HEAD, look.words), asked),
        text(means, BODY, look.words),
        ft.Row(actions, wrap=True, spacing=8, run_spacing=8),
    ]


def _another(journey: PairJourney, shell: Shell) -> list[ft.Control]:
    """The laptop has another study: nothing is mixed."""
    words, look = journey.words, shell.look
    said = words(
        "That laptop has another study. This one stays as it is and goes nowhere. The other one can come here "
        "beside it and is then open."
    )
    actions = [
        button("pair-take", words("Bring its study here"), look, asks(journey.take_study), filled=True),
        button("pair-leave", words("Not now"), look, lambda _: journey.leave()),
    ]
    return [
        tagged("pair-another", text(said, BODY, look.words), said),
        ft.Row(actions, wrap=True, spacing=8, run_spacing=8),
    ]


def _problem(journey: PairJourney, shell: Shell, pairing: Pairing) -> list[ft.Control]:
    if not pairing.problem:
        return []
    look = shell.look
    told = text(pairing.problem, LABEL, look.fault, selectable=True)
    file = button(
        "pair-as-file", journey.words("As a file"), look, lambda _: journey.window.go("/archive/copies"),
        icon=ft.Icons.IOS_SHARE_OUTLINED,
    )  # fmt: skip
    ways = [ft.Row([file])] if journey.window.desk.work is not None else []
    return [tagged("pair-problem", told, pairing.problem, live_region=True), *ways]
