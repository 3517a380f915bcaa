"""Fields that keep their words: what is typed into a form is on the disk before it is kept by anybody.

half = use_half(window, f"person/{one.id}", {"name": one.name, "role": one.role})
kept_field("person-name", words("Pseudonym"), look, half, "name")
problem = await keep(half["name"], half["role"])
if not problem:
    half.let_go()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from fieldlog.services.study.half_written import Half, HalfWritten, Said
from fieldlog.ui.parts.basics import field, keyed, memo
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.window.window import Window


class HalfForm:
    """What one form of one window holds: `now`, by the name of each field, and what `was` there before.

    It opens with what was half written in it, over what stands there by now. Where no study is open its words last
    as long as the form.
    """

    def __init__(self, kept: HalfWritten | None, place: str, stands: Mapping[str, Said]) -> None:
        self._kept, self.place, self._over = kept, place, False
        self._stands = dict(stands)
        half = kept.at(place) if kept else Half()
        fits = {
            name
            for name, said in half.said.items()
            if name in stands
            and type(said) is type(half.was.get(name)) is type(stands[name])
            and said != stands[name]
        }
        self.was = self._stands | {name: said for name, said in half.was.items() if name in fits}
        self.now = self._stands | {name: said for name, said in half.said.items() if name in fits}

    def __getitem__(self, name: str) -> str:
        """What a field holds that is one text."""
        return str(self.now[name])

    def say(self, name: str, value: Said) -> None:
        """A field holds this now."""
        self.now[name] = value
        if self._kept is not None and not self._over:
            self._kept.say(self.place, name, value, self.was[name])

    def let_go(self) -> Half:
        """It was kept, or is left: nothing of it comes again, late keys neither. Gives back what stood there."""
        self._over = True
        return self._kept.let_go(self.place) if self._kept else Half()

    def begin_anew(self) -> None:
        """It was kept, and the next of its kind is begun."""
        self.let_go()
        self.was, self.now, self._over = dict(self._stands), dict(self._stands), False

    def take_back(self, half: Half) -> None:
        """It was not to be let go."""
        if self._kept is not None:
            self._kept.put(self.place, half)


def use_half(window: Window, place: str, stands: Mapping[str, Said], *, before_study: bool = False) -> HalfForm:
    """A hook: the form of this place, for as long as the component is shown."""
    work = window.desk.work
    kept = window.desk.half_written if before_study else work.half_written if work else None
    return ft.use_memo(lambda: HalfForm(kept, place, stands), [place])


def kept_field(
    identifier: str, label: str, look: Look, half: HalfForm, name: str, *, typed: Callable[[], None] | None = None,
    key: str = "", **more: Any,
) -> ft.Control:  # fmt: skip
    """A field of a form; `typed` hears of each key, `more` is what a field takes.

    Where the form is drawn anew around it, it is not: so no key is lost to what was sent meanwhile.
    """
    return keyed(_KeptField, key or identifier, identifier, label, look, half, name, typed, tuple(more.items()))


@ft.component
def _kept_field(
    identifier: str, label: str, look: Look, half: HalfForm, name: str, typed: Callable[[], None] | None,
    more: tuple[tuple[str, Any], ...],
) -> ft.Control:  # fmt: skip
    def hear(value: str) -> None:
        half.say(name, value)
        if typed:
            typed()

    return field(identifier, label, look, value=half[name], on_change=hear, **dict(more))


_KeptField = memo(_kept_field)
