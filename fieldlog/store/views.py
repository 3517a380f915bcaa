"""TinyDB holds the folded state and no truth: tables as files that plain TinyDB opens, and can be thrown away.

    views/<table>.json    {"<table>": {"<id>": {…}}, "_meta": {"1": {"covers": {writer: n}}}}
    views/index.json      how far each journal is folded in, and which tables there are

Dirty tables are replaced one by one, the index last. While records move between tables the index says so,
and an opening that finds it saying so folds the journals anew.
"""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage

from fieldlog.model.errors import MissingFile, WrongPlace
from fieldlog.model.line import compact
from fieldlog.model.ports import Disk
from fieldlog.model.state import State, Table, Tables
from fieldlog.store.journal import Position

FOLDER = "views"
INDEX = f"{FOLDER}/index.json"
FORMAT = 4
"""Raised whenever the same journals come to be folded or filed differently: views are then made anew."""

_META = "_meta"


class FoldedStorage(Storage):
    """TinyDB's view of the folded tables: reading hands them out, writing is for the fold alone."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def read(self) -> dict[str, dict[str, Any]]:
        return self._tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        raise TypeError("These tables are folded from the journals; write through the store.")


def database(tables: Tables) -> TinyDB:
    """A TinyDB over folded tables. Its query cache must be cleared for tables that change."""
    return TinyDB(storage=FoldedStorage, tables=tables)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Views as they lay on the disk, and the journal positions they cover."""

    tables: Tables
    covers: Mapping[str, Position]
    starters: tuple[str, ...] = ()
    seen: str = ""


@dataclass
class Views:
    """The files of the views on one disk."""

    disk: Disk
    dirty: set[str] = field(default_factory=set)
    moved: bool = False
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def load(self) -> Loaded | None:
        """The views, or None where they are missing, of another format, unreadable or half replaced."""
        collecting = gc.isenabled()
        gc.disable()  # millions of small objects are made and none is dropped
        try:
            index = json.loads(await self.disk.read(INDEX))
            texts = (index["seen"], *index["starters"], *index["tables"])
            if index["format"] != FORMAT or index["moving"] or not all(type(one) is str for one in texts):
                return None
            # Asked for all at once: in a browser each is waited for in another process.
            read = await asyncio.gather(*map(self._table, index["tables"]))
            tables = dict(zip(index["tables"], read, strict=True))
            covers = {writer: _position(at) for writer, at in index["covers"].items()}
            return Loaded(tables=tables, covers=covers, starters=tuple(index["starters"]), seen=index["seen"])
        except (MissingFile, WrongPlace, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        finally:
            if collecting:
                gc.enable()

    async def _table(self, name: str) -> Table:
        table: Table = json.loads(await self.disk.read(_path(name)))[name]
        if not all(type(doc) is dict and type(doc.get("id")) is str for doc in table.values()):
            raise ValueError(f"{name} is no table of documents")
        return table

    async def persist(self, state: State, covers: Mapping[str, Position]) -> None:
        """Write the dirty tables and then the index. Stopped anywhere, the next opening finds one whole state.

        What is folded in meanwhile stays dirty: the index says how far the journals were when this began.
        """
        async with self._writing:
            covers, dirty, moved = dict(covers), self.dirty, self.moved
            self.dirty, self.moved = set(), False
            try:
                await self._write(state, covers, dirty, moved=moved)
            except BaseException:
                self.dirty, self.moved = self.dirty | dirty, self.moved or moved
                raise

    async def _write(
        self, state: State, covers: Mapping[str, Position], dirty: Collection[str], *, moved: bool
    ) -> None:  # fmt: skip
        if moved:
            await self.unsettle(state, covers)
        stamp = {"1": {"covers": {writer: at.n for writer, at in covers.items()}}}
        for name in sorted(dirty):
            # Whoever types meanwhile has a turn: a laptop's disk gives none.
            await asyncio.sleep(0)
            if name in state.tables:
                await self.disk.replace(_path(name), compact({name: state.tables[name], _META: stamp}))
            else:
                await self.disk.remove(_path(name))
        await self.disk.replace(INDEX, compact(self._index(state, covers, moving=self.moved)))

    async def unsettle(self, state: State, covers: Mapping[str, Position]) -> None:
        """Have the next opening fold the journals anew, unless the views are written whole before."""
        await self.disk.replace(INDEX, compact(self._index(state, covers, moving=True)))

    def _index(self, state: State, covers: Mapping[str, Position], *, moving: bool) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "moving": moving,
            "covers": {writer: asdict(at) for writer, at in sorted(covers.items())},
            "tables": sorted(state.tables),
            "starters": sorted(by for _, by in state.calendar.implicit.values()),
            "seen": state.seen,
        }

    async def forget(self, keep: Iterable[str]) -> None:
        """Remove view files of tables that are no more."""
        names = {f"{name}.json" for name in keep} | {"index.json"}
        for found in await self.disk.list(FOLDER):
            if found.name not in names and not found.is_dir:
                await self.disk.remove(f"{FOLDER}/{found.name}")


def _position(at: Mapping[str, Any]) -> Position:
    """Raises TypeError or ValueError for what is none."""
    found = Position(**at)
    if not all(type(one) is int for one in (found.segment, found.offset, found.n)) or type(found.head) is not str:
        raise ValueError(f"{at} is no position")
    return found


def _path(table: str) -> str:
    return f"{FOLDER}/{table}.json"
