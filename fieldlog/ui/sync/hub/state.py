"""What is shown of this laptop's hub, and of a laptop that this device is being paired with."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.ui.sync.hub.views import PairedRow


@ft.observable
@dataclass
class HubState:
    """`stands` is off, begins, on or ends. `told` are sentences of where and how it is reached, `problem` why it
    is not. `code` is the text of the code that is shown, `left` how long it is good; `used` names who has just
    been paired. `devices` are those ever paired; `asked` is the one whose key is to be taken back, if a person
    agrees. `app` is the web address of the app on the phone."""

    stands: str = "off"
    told: tuple[str, ...] = ()
    problem: str = ""
    code: str = ""
    left: str = ""
    used: str = ""
    devices: tuple[PairedRow, ...] = ()
    asked: str = ""
    app: str = ""
    app_problem: str = ""


@ft.observable
@dataclass
class Pairing:
    """A code that came by a field or a link. `asked` is who it leads to, if a person agrees; `looks` says that it
    is being done, `problem` why it can't be, `another` that the laptop has another study. With another `turn` the
    field is empty again."""

    open: bool = False
    asked: str = ""
    looks: bool = False
    problem: str = ""
    another: str = ""
    turn: int = 0


@ft.observable
@dataclass
class Naming:
    """What this device is called, with `problem` for what it can't be. With another `turn` the field begins
    anew."""

    name: str = ""
    problem: str = ""
    turn: int = 0


@ft.observable
@dataclass
class Gone:
    """`asked` is the device of which a person is asked whether it is gone."""

    asked: str = ""
