"""A study that lies at a place comes to this device."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import asks, button, card, icon_target, page_column, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL, TITLE
from fieldlog.ui.sync.actions import SyncJourney
from fieldlog.ui.sync.hub.pair_card import PairCard
from fieldlog.ui.sync.places import UnderWay, address_fields
from fieldlog.ui.sync.state import Adding, Meeting
from fieldlog.ui.window.state import Shell


@ft.component
def JoinPage(journey: SyncJourney, shell: Shell) -> ft.Control:
    ft.use_effect(journey.leave_adding, [])
    return _Join(journey, shell, journey.adding, journey.meeting)


@ft.component
def _Join(journey: SyncJourney, shell: Shell, adding: Adding, meeting: Meeting) -> ft.Control:
    words, look = journey.words, shell.look
    back = icon_target(
        "join-back", ft.Icons.ARROW_BACK, words("Back"), lambda _: journey.window.go("/welcome"), color=look.words
    )
    said = words("Or where another device of yours exchanges its study: everything that lies there comes here.")
    problem: list[ft.Control] = []
    if adding.problem:
        told = text(adding.problem, LABEL, look.fault, selectable=True)
        problem = [tagged("sync-problem", told, adding.problem)]
    free = not adding.looking
    go = button("join-go", words("Join it"), look, asks(journey.join), filled=True, enabled=free)
    return page_column(
        ft.Row([back, text(words("Join a study"), TITLE, look.words)], spacing=8),
        PairCard(journey.pair, shell, journey.pair.state, False),
        text(said, BODY, look.words),
        card(look, *address_fields(journey, shell, adding, autofocus=False, submit=journey.join), *problem,
             ft.Row([go])),
        UnderWay(journey, shell, meeting),
    )  # fmt: skip
