"""The places of this device: each with how it went and what helps; and one that is added."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldlog.ui.parts.basics import asks, button, card, field, keyed, tagged, text
from fieldlog.ui.parts.theme import HEAD, LABEL, META
from fieldlog.ui.sync.actions import SyncJourney
from fieldlog.ui.sync.outcomes import PlaceRow
from fieldlog.ui.sync.standing import Cells, row_head
from fieldlog.ui.sync.state import Adding, Meeting, Sync
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import later

FOLDER_EXAMPLE = (
    "/media/stick/FieldLog", later("A stick, or a folder that Nextcloud or Syncthing carries.")
)  # fmt: skip
SERVER_EXAMPLES = (
    ("webdavs://ana@cloud.example.org/dav/FieldLog", later("A WebDAV server such as Nextcloud.")),
    ("s3://KEY@bucket/FieldLog?endpoint=https://s3.example.org", later("A bucket of an S3 store.")),
)


@ft.component
def Place(
    journey: SyncJourney, shell: Shell, state: Sync, meeting: Meeting, row: PlaceRow, number: str
) -> ft.Control:
    """Where it is, when it was last met, how that ended; and what one can do about it."""
    look, standing = shell.look, row.standing
    said = [(row.where, False)] if row.where else []
    said.append((row.told, False))
    said += [(standing.told, standing.late)] if standing else []
    head = row_head(journey.words, look, row.icon, row.name, said, standing.count if standing else "")
    inside: list[ft.Control] = [head]
    inside += [Cells(journey, shell, state, standing, number)] if standing else []
    for n, one in enumerate(row.ended):
        ink = look.fault if row.wrong else look.words
        inside.append(tagged(f"sync-ended-{number}-{n}", text(one, LABEL, ink, selectable=True), one))
    if row.cure == "password":
        inside.append(_password(journey, shell, row, number))
    inside.append(_actions(journey, shell, row, number, free=meeting.row is None))
    return ft.Column(inside, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _password(journey: SyncJourney, shell: Shell, row: PlaceRow, number: str) -> ft.Control:
    def typed(value: str) -> None:
        journey.secrets[row.address] = value

    again = journey.words("Password or token")
    return field(
        f"sync-secret-{number}", again, shell.look, on_change=typed, hidden=True,
        on_submit=lambda _: journey.meet(row.address),
    )  # fmt: skip


def _actions(journey: SyncJourney, shell: Shell, row: PlaceRow, number: str, *, free: bool) -> ft.Control:
    words, look = journey.words, shell.look
    said = {
        "again": words("Try again"), "password": words("Try again"), "go on": words("Go on"),
        "fill": words("Fill it again"), "forget": words("Try again"), "pair": words("Try again"),
    }.get(row.cure, words("Exchange now"))  # fmt: skip
    verb: Callable[[str], None] = journey.fill_again if row.cure == "fill" else journey.meet
    actions = [button(f"sync-meet-{number}", said, look, lambda _: verb(row.address), enabled=free)]
    if row.met and not row.wrong:
        back = words("Read back")
        actions.append(
            button(f"sync-read-{number}", back, look, lambda _: journey.read_back(row.address), enabled=free)
        )
    if row.cure == "pair":
        again = words("Pair it again")
        actions.insert(0, button(f"sync-pair-{number}", again, look, lambda _: journey.pair.open(), enabled=free))
    if row.by_file:
        file = words("As a file")
        actions.append(button(f"sync-file-{number}", file, look, lambda _: journey.window.go("/archive/copies")))
    forget = words("Forget it")
    actions.append(button(f"sync-forget-{number}", forget, look, asks(journey.forget, row.address), enabled=free))
    return ft.Row(actions, wrap=True, spacing=8, run_spacing=8)


@ft.component
def UnderWay(journey: SyncJourney, shell: Shell, meeting: Meeting) -> ft.Control:
    """With whom, how far, how long still; and the wish to stop it."""
    words, look, row = journey.words, shell.look, meeting.row
    if row is None:
        return ft.Container(visible=False)
    ink = look.on_primary_container
    stop = button(
        "sync-stop", words("Stop"), look, lambda _: journey.stop(), enabled=not meeting.stopping, color=ink
    )  # fmt: skip
    inside: list[ft.Control] = [
        ft.Row([text(row.title, HEAD, ink, lines=2, expand=True), stop]),
        ft.ProgressBar(value=row.share, color=look.primary, bgcolor=look.lowest, semantics_label=row.told),
        tagged("sync-progress", text(row.told, LABEL, ink), row.told),
    ]
    return ft.Container(
        ft.Column(inside, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=look.primary_container, border_radius=12, padding=16,
    )  # fmt: skip


@ft.component
def AddPlace(journey: SyncJourney, shell: Shell, adding: Adding, meeting: Meeting, leaves: bool) -> ft.Control:
    """An address, a login where it is a server's, and what would happen before it does."""
    words, look = journey.words, shell.look
    inside = address_fields(journey, shell, adding, autofocus=leaves, submit=journey.look_there)
    if adding.problem:
        inside.append(
            tagged("sync-problem", text(adding.problem, LABEL, look.fault, selectable=True), adding.problem)
        )
    for n, said in enumerate(adding.foreseen):
        inside.append(tagged(f"sync-foreseen-{n}", text(said, LABEL, look.words), said))
    free = not adding.looking and meeting.row is None
    if adding.foreseen:
        go = button("sync-add", words("Exchange now"), look, asks(journey.add), filled=True, enabled=free)
    else:
        see = words("Looking") if adding.looking else words("See what would happen")
        go = button("sync-look", see, look, asks(journey.look_there), filled=leaves, enabled=free)
    actions = [go]
    if leaves or adding.foreseen or adding.problem:
        actions.append(button("sync-leave", words("Not now"), look, lambda _: journey.leave_adding()))
    return card(look, *inside, ft.Row(actions, wrap=True, spacing=8), title=words("Exchange with a place"))


def address_fields(
    journey: SyncJourney, shell: Shell, adding: Adding, *, autofocus: bool, submit: Callable[[], Awaitable[None]]
) -> list[ft.Control]:  # fmt: skip
    """Where it is, with examples; of a server also as whom."""
    words, look = journey.words, shell.look

    def one(name: str, label: str, *, hidden: bool = False, first: bool = False) -> ft.Control:
        return keyed(_Typed, f"sync-{name}-{adding.turn}", journey, shell, name, label, hidden, first, submit)

    where = words("A folder, or the address of a server") if journey.has_folders else words("Address of a server")
    fields: list[ft.Control] = [one("address", where, first=autofocus), *_examples(journey, shell)]
    if adding.network:
        fields += [
            one("user", words("User name, or access key")),
            one("secret", words("Password or token"), hidden=True),
            text(words("The password is kept in this device’s keyring, or asked for again."), META, look.meta),
        ]
    return fields


@ft.component
def _Typed(
    journey: SyncJourney, shell: Shell, name: str, label: str, hidden: bool, autofocus: bool,
    submit: Callable[[], Awaitable[None]],
) -> ft.Control:  # fmt: skip
    return field(
        f"sync-{name}", label, shell.look, value=journey.typed[name], hidden=hidden, autofocus=autofocus,
        on_change=lambda value: journey.type(name, value), on_submit=asks(submit),
    )  # fmt: skip


def _examples(journey: SyncJourney, shell: Shell) -> list[ft.Control]:
    look = shell.look
    shown = (FOLDER_EXAMPLE, *SERVER_EXAMPLES) if journey.has_folders else SERVER_EXAMPLES
    return [
        ft.Column([text(address, META, look.words), text(journey.words(said), META, look.meta)], spacing=0)
        for address, said in shown
    ]
