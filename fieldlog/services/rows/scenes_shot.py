"""How many scenes a production day has, and how many of them are done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldlog.model.records import StoredScene, StoredTake
from fieldlog.model.state import State
from fieldlog.services.rows.days import stored_day

DONE = ("OK", "circled")
"""How a take went after which its scene is done."""


@dataclass(frozen=True, kw_only=True)
class ScenesShot:
    """None where it is not known."""

    planned: int | None = None
    done: int | None = None


def scenes_shot(state: State, date: str, scenes: Iterable[str]) -> ScenesShot:
    """What the day's record says; else what its sessions and its plan name (`scenes`, by id or code), and its
    takes.

    Without a take nothing is known of what is done.
    """
    day = stored_day(state, date)
    by_code = {one.code: one.id for one in state.each(StoredScene)}
    named = {state.real(by_code.get(one, one)) for one in scenes}
    takes = [one for one in state.each(StoredTake) if one.day == date]
    done = {state.real(one.scene) for one in takes if one.result in DONE}
    planned = day.scenes_scheduled if day.scenes_scheduled is not None else len(named) or None
    told = day.scenes_done if day.scenes_done is not None else len(done) if takes else None
    return ScenesShot(planned=planned, done=told)
