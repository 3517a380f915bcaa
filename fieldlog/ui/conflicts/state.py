"""Which conflict is being put together in a window."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass
class Joining:
    """The address of the conflict whose versions are being put together; "" none."""

    at: str = ""
