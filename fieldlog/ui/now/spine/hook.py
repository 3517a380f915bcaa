"""What is drawn of the day being worked is looked at as anything changes, and as each minute begins."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.ui.now.spine.actions import SpineJourney

Looked = tuple[int, ...]


def use_state_of_day(journey: SpineJourney, date: str, look: Callable[[str], Looked]) -> Looked:
    """A hook: what `look` sees of a date; while that stays the same nothing is drawn anew."""
    state = look(date)
    _, tell = ft.use_state(state)

    def watch() -> object:
        window = journey.window

        def looked() -> None:
            tell(look(date))

        window.on_change.append(looked)
        window.on_minute.append(looked)

        def leave() -> None:
            window.on_change.remove(looked)
            window.on_minute.remove(looked)

        return leave

    ft.use_effect(watch, [date])
    return state
