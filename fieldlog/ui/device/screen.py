"""This device: language, look and hand, what its keyboard may tell others, and where everything lies."""

from __future__ import annotations

import flet as ft

from fieldlog import __version__
from fieldlog.ui.device.actions import DeviceJourney
from fieldlog.ui.device.remove_sheet import remove_row
from fieldlog.ui.device.welcome import Languages, Studies
from fieldlog.ui.memo.battery import EMPTY, LOW
from fieldlog.ui.parts.basics import asks, button, card, chip, tagged, text
from fieldlog.ui.parts.layout import page_in_panes
from fieldlog.ui.parts.theme import BODY, LABEL, META
from fieldlog.ui.photo.sheets import LocationSwitch
from fieldlog.ui.pocket.address_sheet import address_card
from fieldlog.ui.pocket.installed_cards import carried_lines
from fieldlog.ui.pocket.state import Carried
from fieldlog.ui.window.state import SYSTEM, Shell
from fieldlog.ui.words.times import bytes_words
from fieldlog.ui.words.words import later

LOOK_NAMES = (
    (SYSTEM, later("As the system")),
    ("day", later("Light")),
    ("night", later("Dark")),
    ("blackout", later("Dark set")),
    ("sun", later("Sunlight")),
)
HANDS = ((False, later("Right hand")), (True, later("Left hand")))
KEYBOARD = (
    later("On an iPhone, write with Apple’s own keyboard, or turn off “Allow Full Access” for the other one."),
    later(
        "On Android, open the keyboard’s settings and turn off cloud input, cloud words and “improve the "
        "product”; where the phone lets you, take its network away."
    ),
    later("Or write in flight mode. Nothing here needs a network."),
)
SOUND_BYTES = 96_000 * 3600
"""What an hour of sound takes at most."""


@ft.component
def Device(journey: DeviceJourney, shell: Shell) -> ft.Control:
    words, look = journey.words, shell.look
    about: list[ft.Control] = [
        card(look, Languages(journey, shell), title=words("Language")),
        card(look, *_looks(journey, shell), title=words("Look")),
        card(look, *_hands(journey, shell), title=words("One hand")),
        _study(journey, shell),
    ]
    detail: list[ft.Control] = [
        card(look, *_keyboard(journey, shell), title=words("Your keyboard may send what you type to its maker")),
        LocationSwitch(journey.photo, shell),
        *_carried(journey, shell),
        address_card(journey.pocket, shell),
        card(look, Room(journey, shell), title=words("Room and battery")),
        text(words("FieldLog, version {version}", version=__version__), META, look.meta),
    ]
    return page_in_panes(shell.laptop, look, about, detail)


def _study(journey: DeviceJourney, shell: Shell) -> ft.Control:
    words, look = journey.words, shell.look
    return card(
        look,
        text(shell.study, BODY, look.words),
        ft.Row([button("device-new", words("Another study"), look, lambda _: journey.window.go("/welcome"))]),
        *([remove_row(journey, look)] if journey.window.desk.work is not None else []),
        Studies(journey, shell),
        title=words("Study"),
    )


def _carried(journey: DeviceJourney, shell: Shell) -> list[ft.Control]:
    if not journey.pocket.installed.carried.here:
        return []
    return [
        card(
            shell.look,
            CarriedLines(journey, shell, journey.pocket.installed.carried),
            title=journey.words("Home screen"),
        )
    ]


@ft.component
def CarriedLines(journey: DeviceJourney, shell: Shell, carried: Carried) -> ft.Control:
    return ft.Column(carried_lines(journey.pocket, shell, carried), spacing=12)


def _looks(journey: DeviceJourney, shell: Shell) -> list[ft.Control]:
    words, look = journey.words, shell.look
    chips = [
        chip(
            f"look-{name}",
            words(said),
            look,
            asks(journey.look.dress, name),
            chosen=shell.look_choice == name,
        )
        for name, said in LOOK_NAMES
    ]
    said = words(
        "Dark set is for where no light may show; on Now one tap leads there and back. Sunlight is for outdoors."
    )
    return [ft.Row(chips, wrap=True, spacing=8, run_spacing=0), text(said, LABEL, look.meta)]


def _hands(journey: DeviceJourney, shell: Shell) -> list[ft.Control]:
    words, look = journey.words, shell.look
    chips = [
        chip(
            f"device-mirror-{'left' if mirrored else 'right'}",
            words(said),
            look,
            asks(journey.look.mirror, mirrored),
            chosen=shell.mirrored == mirrored,
        )
        for mirrored, said in HANDS
    ]
    said = words("Microphone, camera and send lie where this thumb reaches.")
    return [tagged("device-mirror", ft.Row(chips, wrap=True, spacing=8)), text(said, LABEL, look.meta)]


def _keyboard(journey: DeviceJourney, shell: Shell) -> list[ft.Control]:
    words, look = journey.words, shell.look
    said = words(
        "Chinese keyboards may send what you type to their makers, to guess better. "
        "FieldLog asks every keyboard not to learn; not every one obeys. To stop it:"
    )
    steps: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(text(f"{n}", LABEL, look.primary), width=look.grown(16)),
                text(words(step), LABEL, look.words, expand=True),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for n, step in enumerate(KEYBOARD, 1)
    ]
    return [text(said, LABEL, look.words), *steps]


@ft.component
def Room(journey: DeviceJourney, shell: Shell) -> ft.Control:
    """Where everything lies, how much more can, and how to come through a day."""
    words, look = journey.words, shell.look
    free, tell = ft.use_state(-1)

    async def ask() -> None:
        tell(await journey.window.desk.machine.disk_at("").free_bytes())

    ft.use_effect(ask, [])
    hours = free // SOUND_BYTES
    room = words("{size} are free here: about {hours} h of sound.", size=bytes_words(free), hours=hours)
    where = words("Everything is kept on this device, in {folder}.", folder=journey.window.data_folder)
    if not journey.window.data_folder:
        where = words("Everything is kept in this browser’s own storage, on this device.")
    lines = [
        where,
        room if free >= 0 else "",
        words("No network is needed, and nothing is sent anywhere."),
        words(
            "A day of notes needs little battery, sound and the camera much. Dark set saves on an OLED screen; "
            "below {low} % it is said, and at {empty} % a memo is ended and kept.",
            low=LOW,
            empty=EMPTY,
        ),
    ]
    return ft.Column(
        [text(line, LABEL, look.words, selectable=True) for line in lines if line],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
