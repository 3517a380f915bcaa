"""How one window looks: its colours, which hand holds it, and what it remembers of that."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.ui.parts.material import theme
from fieldlog.ui.parts.theme import LOOKS
from fieldlog.ui.window.state import SYSTEM
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.words import LANGUAGES

DARKEST = "blackout"
TITLED_SECONDS = 0.2
YES, NO = "yes", ""


class Dressing:
    """The look of one window. `before` is what Blackout gives way to again."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._system_dark = window.page.platform_brightness == ft.Brightness.DARK
        self._again = False
        self.before = SYSTEM
        self._resolve()

    async def like(self) -> None:
        """Show everything as it was liked here last."""
        window, liked = self._window, (await self._window.desk.device()).preferences
        if liked.get("language") in LANGUAGES:
            window.speak(liked["language"])
        window.shell.mirrored = liked.get("mirrored") == YES
        if (before := liked.get("look-before")) in (SYSTEM, *LOOKS):
            self.before = before
        if (choice := liked.get("look")) in (SYSTEM, *LOOKS):
            window.shell.look_choice = choice
        self.put_on()

    async def speak(self, wanted: str) -> None:
        """Show everything in another language, here and at the next start."""
        self._window.speak(wanted)
        await self._prefer("language", wanted)

    def put_on(self) -> None:
        """Let Material and the bars of the device look as we do."""
        self._resolve()
        page, look = self._window.page, self._window.shell.look
        drawn = theme(look, again=self._again)
        if look.dark:
            page.dark_theme, page.theme_mode = drawn, ft.ThemeMode.DARK
        else:
            page.theme, page.theme_mode = drawn, ft.ThemeMode.LIGHT
        page.update()

    async def titled(self, name: str) -> None:
        """Give the tab another name. Flutter gives the browser's bar its own colour then; ours is told again."""
        self._window.page.title = name
        self._window.page.update()
        await asyncio.sleep(TITLED_SECONDS)
        self._again = not self._again
        self.put_on()

    def system_turned(self, dark: bool) -> None:
        """The system went dark or light; followed where that was chosen."""
        self._system_dark = dark
        if self._window.shell.look_choice == SYSTEM:
            self.put_on()

    async def dress(self, choice: str) -> None:
        """Show everything in this look, or as the system does, here and at the next start."""
        shell = self._window.shell
        if choice == DARKEST != shell.look_choice:
            self.before = shell.look_choice
            await self._prefer("look-before", self.before)
        shell.look_choice, shell.wide_open = choice, False
        self.put_on()
        await self._prefer("look", choice)

    async def darken(self) -> None:
        """The look button: Blackout, or out of it to what was before."""
        await self.dress(self.before if self._window.shell.look_choice == DARKEST else DARKEST)
        await self._window.refocus()

    async def mirror(self, mirrored: bool) -> None:
        """What the thumb needs, for the left hand or the right."""
        self._window.shell.mirrored = mirrored
        await self._prefer("mirrored", YES if mirrored else NO)

    def _resolve(self) -> None:
        shell = self._window.shell
        system = "night" if self._system_dark else "day"
        shell.look_name = system if shell.look_choice == SYSTEM else shell.look_choice

    async def _prefer(self, name: str, value: str) -> None:
        """Keep it for the next start; on a phone the page itself shows what is told of it, too."""
        desk = self._window.desk
        await self._window.attempt((await desk.device()).prefer(name, value))
        desk.tell()
