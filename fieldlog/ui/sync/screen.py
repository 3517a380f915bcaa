"""Where everything is: the number first, then a row a device, the places of this device, and what waits."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import button, icon_target, keyed, page_column, row_target, tagged, text
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, NUMBER, NUMBER_LARGE, TITLE
from fieldlog.ui.sync.actions import SyncJourney
from fieldlog.ui.sync.hub.gone import GoneRow
from fieldlog.ui.sync.hub.laptop import CodeCard, HubCard
from fieldlog.ui.sync.hub.naming import NameCard
from fieldlog.ui.sync.hub.pair_card import PairCard
from fieldlog.ui.sync.hub.state import HubState, Pairing
from fieldlog.ui.sync.places import AddPlace, Place, UnderWay
from fieldlog.ui.sync.room import RoomCard
from fieldlog.ui.sync.standing import Standing, axis
from fieldlog.ui.sync.state import Adding, Meeting, Sync
from fieldlog.ui.sync.views import Head
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

LIST_PANE = 616


@ft.component
def Synced(journey: SyncJourney, shell: Shell) -> ft.Control:
    """Looked at anew when it is shown, and while the study changes."""
    version, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    ft.use_effect(journey.look, [version])
    parts = (
        journey, shell, journey.state, journey.meeting, journey.adding, journey.hub.state, journey.pair.state
    )  # fmt: skip
    return keyed(_Laptop, "laptop", *parts) if shell.laptop else keyed(_Phone, "phone", *parts)


@ft.component
def _Phone(
    journey: SyncJourney, shell: Shell, state: Sync, meeting: Meeting, adding: Adding, hub: HubState,
    pairing: Pairing,
) -> ft.Control:  # fmt: skip
    if hub.code and not pairing.asked:
        return page_column(_title(journey, shell), CodeCard(journey.hub, shell, hub), spacing=16)
    inside = _all_there_is(journey, shell, state, meeting)
    if adding.open:
        inside.append(AddPlace(journey, shell, adding, meeting, True))
    elif pairing.open:
        inside.append(PairCard(journey.pair, shell, pairing, True))
    else:
        inside.append(_ways(journey, shell, state, adds=True))
    if journey.hub.here:
        inside.append(HubCard(journey.hub, shell, hub))
    naming = NameCard(journey.hub.naming, shell, journey.hub.naming.state)
    return page_column(*inside, *_what_waits(journey, shell, state), naming, spacing=16)


@ft.component
def _Laptop(
    journey: SyncJourney, shell: Shell, state: Sync, meeting: Meeting, adding: Adding, hub: HubState,
    pairing: Pairing,
) -> ft.Control:  # fmt: skip
    """What is where at the left; at the right what one can add, or the code that is shown and nothing else."""
    look = shell.look
    left = page_column(
        *_all_there_is(journey, shell, state, meeting), *_what_waits(journey, shell, state), width=None, spacing=16
    )
    adds: list[ft.Control] = [
        HubCard(journey.hub, shell, hub),
        PairCard(journey.pair, shell, pairing, False),
        AddPlace(journey, shell, adding, meeting, False),
        _ways(journey, shell, state, adds=False),
        NameCard(journey.hub.naming, shell, journey.hub.naming.state),
    ]
    if hub.code and not pairing.asked:
        adds = [CodeCard(journey.hub, shell, hub)]
    right = page_column(*(adds if journey.hub.here else adds[1:]), spacing=16)
    border = ft.Border(right=ft.BorderSide(1, look.hairline))
    return ft.Row(
        [ft.Container(left, width=LIST_PANE, border=border), ft.Container(right, expand=True)], spacing=0,
        expand=True,
    )  # fmt: skip


def _all_there_is(journey: SyncJourney, shell: Shell, state: Sync, meeting: Meeting) -> list[ft.Control]:
    words, look = journey.words, shell.look
    parts: list[ft.Control] = [
        _title(journey, shell),
        *(_head(journey, shell, state.head) if state.head else [text(words("Looking"), META, look.meta)]),
        UnderWay(journey, shell, meeting),
    ]
    if state.head and state.devices and not state.head.empty:
        parts.append(axis(state.head.columns, look))
        for n, row in enumerate(state.devices):
            parts.append(keyed(Standing, row.id, journey, shell, state, row, f"device-{n}"))
            if row.can_go:
                parts.append(GoneRow(journey.gone, shell, journey.gone.state, row, f"device-{n}"))
    parts += [
        keyed(Place, row.address, journey, shell, state, meeting, row, f"place-{n}")
        for n, row in enumerate(state.places)
    ]
    return parts


def _title(journey: SyncJourney, shell: Shell) -> ft.Control:
    words, look = journey.words, shell.look
    back = icon_target(
        "sync-back", ft.Icons.ARROW_BACK, words("Back"), lambda _: journey.window.go("/archive"), color=look.words
    )
    return ft.Row([back, text(words("Devices and backups"), TITLE, look.words, expand=True)], spacing=8)


def _head(journey: SyncJourney, shell: Shell, head: Head) -> list[ft.Control]:
    """602 of 616 are proven on 2 devices; how many are only here."""
    words, look = journey.words, shell.look
    if head.empty:
        return [text(words("Nothing to back up yet."), BODY, look.words)]
    said: list[ft.Control] = [text(head.rest, BODY, look.words)]
    said += [tagged("sync-only-here", text(head.only_here, LABEL, look.attention))] if head.only_here else []
    said += [text(head.safe, LABEL, look.primary)] if head.safe else []
    number = text(head.number, NUMBER_LARGE if shell.laptop else NUMBER, look.words)
    beside = ft.Column(said, spacing=2)
    shown: ft.Control = ft.Column([number, beside], spacing=0)
    if shell.laptop:
        beside.expand = True
        shown = ft.Row([number, beside], spacing=24)
    return [tagged("sync-number", shown, " ".join(filter(None, (head.number, head.rest, head.only_here))))]


def _ways(journey: SyncJourney, shell: Shell, state: Sync, *, adds: bool) -> ft.Control:
    """What one can do: a place, or a file. Where there is neither yet, why one should."""
    words, look = journey.words, shell.look
    alone = state.head is not None and not state.head.empty and not state.places and len(state.devices) <= 1
    file = button(
        "sync-as-file", words("As a file"), look, lambda _: journey.window.go("/archive/copies"),
        icon=ft.Icons.IOS_SHARE_OUTLINED,
    )  # fmt: skip
    actions = [file]
    if adds:
        pair = button(
            "sync-pair", words("Pair with a laptop"), look, lambda _: journey.pair.open(),
            filled=not journey.hub.here, icon=ft.Icons.QR_CODE_2,
        )  # fmt: skip
        add = button(
            "sync-add-place", words("Exchange with a place"), look, lambda _: journey.open_adding(),
            icon=ft.Icons.CREATE_NEW_FOLDER_OUTLINED if journey.has_folders else ft.Icons.CLOUD_OUTLINED,
        )  # fmt: skip
        actions = [pair, add, file]
    said = words(
        "Everything is only here. Pair another device of yours, make a backup, or exchange with a folder or "
        "server that another device reaches."
    )
    why = [tagged("sync-alone", text(said, BODY, look.words))] if alone else []
    return ft.Column([*why, ft.Row(actions, wrap=True, spacing=8, run_spacing=8)], spacing=12)


def _what_waits(journey: SyncJourney, shell: Shell, state: Sync) -> list[ft.Control]:
    """What has several versions, and where private notes go."""
    words, look = journey.words, shell.look
    rows: list[ft.Control] = []
    if state.conflicts:
        said = words.many("{n} thing has two versions", "{n} things have two versions", state.conflicts)
        lines: list[ft.Control] = [text(said, HEAD, look.words), text(words("Both are kept."), META, look.meta)]
        inside = ft.Row(
            [
                ft.Icon(ft.Icons.CALL_SPLIT, size=24, color=look.attention),
                ft.Column(lines, spacing=0, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24, color=look.meta),
            ],
            spacing=16,
        )
        row = row_target("sync-conflicts", inside, look, lambda _: journey.window.go("/archive/conflicts"))
        rows.append(
            ft.Container(row, border=ft.Border.all(1, look.hairline), border_radius=12, bgcolor=look.lowest)
        )
    rows.append(RoomCard(journey.room, shell, journey.room.state))
    lock = ft.Icon(ft.Icons.LOCK_OUTLINED, size=20, color=look.types["PN"])
    private = words("Private notes go to your own devices and places, and nowhere else.")
    return [*rows, ft.Row([lock, text(private, META, look.meta, expand=True)], spacing=12)]
