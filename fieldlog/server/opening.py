"""Opening the app on this machine: store, windows and server in one event loop, and a browser to see it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from fieldlog.server.local import secret_path, serve
from fieldlog.server.page import with_head
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import Machine
from fieldlog.services.serving import Serving

if TYPE_CHECKING:
    from fieldlog.services.hub.hub import Hub

CARET = "caret.js"
"""Of our assets: lets the caret rest."""

DROP = "drop.js"
"""Of our assets: brings a file that is dropped on the window."""

ROWS = "rows.css"
"""Of our assets: lets a screen reader find the chips where they are."""

WINDOWED = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "brave-browser", "msedge",
)  # fmt: skip
"""Browsers that know `--app`: a window without tabs and address bar, which also keeps the secret out of sight."""


async def open_app(
    machine: Machine, study: str | None, app: Callable[[Desk], ASGIApp], *, port: int | None, browser: bool,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """Open the study and show it until Ctrl-C or SIGTERM. `say` gets the address once it can be opened.

    Raises `StoreBusy` where another process writes, `NotFound` for a study that is not here, `PortTaken`.
    """

    def ready(address: str) -> None:
        say(address)
        if browser:
            open_browser(address)

    desk = await Desk.open(machine, study, carry=_carried)
    try:
        shown = with_head(app(desk), scripts=(CARET, DROP), style=ROWS)
        serving = Serving(lambda: desk.work)
        prefix = secret_path(machine)
        await serve(shown, serving, prefix=prefix, port=port, ready=ready, arrivals=desk.arrivals)
    finally:
        await desk.close()


@asynccontextmanager
async def _carried(hub: Hub) -> AsyncIterator[None]:
    from fieldlog.server.hub.carrying import carried  # not before somebody is to be let in

    async with carried(hub):
        yield


def open_browser(address: str) -> bool:
    """Show an address. False where there is no browser or no screen; whoever asked has it in the terminal."""
    if not _has_screen():
        return False
    found = next((path for name in WINDOWED if (path := shutil.which(name))), None)
    if found is not None:
        with suppress(OSError):
            quiet = subprocess.DEVNULL
            subprocess.Popen(
                [found, f"--app={address}"], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )
            return True
    try:
        return webbrowser.open(address)
    except (OSError, webbrowser.Error):
        return False


def _has_screen() -> bool:
    """Without one, a browser would fail, or take over the terminal."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
