"""The plan of the study: its days, their numbers, their beginnings and wraps, and choices by hand.

Whatever changes here files the entries concerned anew; nothing is ever written into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.model.ids import day_id
from fieldlog.model.op import Op
from fieldlog.model.study import ProductionDay, day_code
from fieldlog.model.words import DAY_TYPES
from fieldlog.services.open import Workspace

Doc = Mapping[str, Any]


class Plan:
    """Changes the plan of an open study."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    async def days(self, first: str, count: int, *, number: int = 1) -> None:
        """Plan `count` days from an ISO date on, numbered from `number`; days that are there get the number."""
        dates = [(date.fromisoformat(first) + timedelta(days=n)).isoformat() for n in range(count)]
        await self._save([op for n, one in enumerate(dates) for op in self._said(one, self._numbered(number + n))])

    async def renumber(self, first: str, number: int) -> None:
        """Make the day of this date number `number`, and let every later numbered day follow."""
        later = sorted(doc["date"] for doc in self._docs() if doc["date"] > first and doc.get("n") is not None)
        ops = [op for n, one in enumerate([first, *later]) for op in self._said(one, self._numbered(number + n))]
        await self._save(ops)

    async def type_of(self, day: str, kind: str) -> None:
        """Say what a day is: prep, shoot, move …"""
        if kind not in DAY_TYPES:
            raise NotUnderstood(f"A day is one of {', '.join(DAY_TYPES)}; {kind} is none.")
        await self._save(self._said(day, {"type": kind}))

    async def start(self, day: str, at: str) -> None:
        """Start a day at an ISO time with offset; it holds what comes until it ends."""
        await self._save(self._said(day, {"starts": at}))

    async def wrap(self, day: str, at: str | None) -> None:
        """Wrap a day, now or in hindsight; None takes the wrap back."""
        await self._save(self._said(day, {"ends": at}))

    async def boundary(self, hour: int) -> None:
        """Let days turn at this hour (0 to 23) where nothing else says when."""
        if not 0 <= hour <= 23:
            raise NotUnderstood(f"A day turns at an hour from 0 to 23; {hour} is none.")
        study = self._work.store.state.study()
        if study is None:
            raise NotFound("This store has no study yet.")
        await self._save([self._set("study", study, {"day_boundary_hour": hour})])

    async def choose(self, entry: str, day: str | None) -> None:
        """File an entry under a day by hand, whatever the rules say; None leaves it to the rules again."""
        doc = self._work.store.state.get(entry)
        if doc is None:
            raise NotFound(f"There is no entry {entry}.")
        if day is not None:
            date.fromisoformat(day)
        await self._save([self._set("entry", doc, {"day_choice": day})])

    def _docs(self) -> list[dict[str, Any]]:
        return list(self._work.store.state.docs("days"))

    def _numbered(self, n: int) -> dict[str, Any]:
        study = self._work.store.state.study() or {}
        return {"n": n, "code": day_code(n, study.get("numbering", {}))}

    def _said(self, day: str, fields: dict[str, Any]) -> list[Op]:
        """The operations that say this of a day: nothing where it is so already."""
        doc = next((doc for doc in self._docs() if doc["date"] == day), None)
        if doc is None:
            date.fromisoformat(day)
            made = {name: value for name, value in fields.items() if value is not None}
            return [self._work.op(ProductionDay(id=day_id(self._work.store.project, day), date=day, **made))]
        differing = {name: value for name, value in fields.items() if doc.get(name) != value}
        return [self._set("day", doc, differing)] if differing else []

    def _set(self, kind: str, doc: Doc, fields: dict[str, Any]) -> Op:
        return self._work.change("set", kind, doc["id"], fields, base_of(doc, fields))

    async def _save(self, ops: list[Op]) -> None:
        if ops:
            await self._work.save(ops)
