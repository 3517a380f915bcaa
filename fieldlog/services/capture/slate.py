"""The slate: which scene is being shot, and one take after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fieldlog.model.called import TAKE_RESULTS as CALLED_RESULTS
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.op import Op
from fieldlog.model.records import StoredEntry, StoredScene, StoredTake, known, session_of
from fieldlog.model.register import Scene, Take, scene_code
from fieldlog.model.sentence import Sentence, joined
from fieldlog.model.state import ENTRIES, State
from fieldlog.model.vocabulary import TAKE_RESULTS
from fieldlog.services.capture.capture import Capture
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

DASHED = re.compile(r"(\d+)-(\d+)")


class Slate:
    """Takes of an open study. The next number of a scene goes on from the highest there is."""

    def __init__(self, work: Workspace, capture: Capture) -> None:
        self._work, self._capture = work, capture

    def neighbour(self, scene: str, step: int) -> str:
        """The code of the scene before (-1) or after (1) one, in the register's order; counted on where it ends.

        "" where there is none before.
        """
        codes = sorted({one.code for one in self._work.store.state.each(StoredScene)}, key=ordered)
        at = scene_code(scene)
        after = [code for code in codes if ordered(code) > ordered(at)]
        before = [code for code in codes if ordered(code) < ordered(at)]
        if beside := after[:1] if step > 0 else before[-1:]:
            return beside[0]
        found = DASHED.fullmatch(at)
        if found and int(found[2]) + step > 0:
            return f"{found[1]}-{int(found[2]) + step}"
        return ""

    def takes(self, scene: str) -> list[Mapping[str, Any]]:
        """The takes of a scene, by its code, as stored, in the order of their numbers."""
        return [take.doc for take in self._takes(scene)]

    def _takes(self, scene: str) -> list[StoredTake]:
        state = self._work.store.state
        named = known(state.each(StoredScene), scene_code(scene))
        found = [take for take in state.each(StoredTake) if named and take.scene == named.id]
        return sorted(found, key=lambda take: (number_of(take.take), take.id))

    async def add(self, scene: str, result: str | None = None) -> Done[Take]:
        """Slate the next take of a scene, which is made where it is not in the register; one line.

        A scene that was made stays when the take is taken back. Raises `NotUnderstood`.
        """
        code = scene_code(scene)
        if not code:
            raise NotUnderstood("A take needs a scene; type its number first.")
        _known_result(result)
        moment, ops = self._capture.now(), list[Op]()
        named = known(self._work.store.state.each(StoredScene), code)
        if named is None:
            made = Scene(id=self._work.machine.new_id(), code=code)
            ops.append(self._work.op(made, ms=moment.ms))
        numbers = [number_of(take.take) for take in self._takes(code)]
        session = self._capture.session_at(moment.at)
        state = self._work.store.state
        date = state.calendar.sessions.get(session or "") or state.calendar.date_at(moment.at)
        take = Take(
            id=self._work.machine.new_id(), scene=named.id if named else made.id,
            take=str(max(numbers, default=0) + 1),
            result=result, day=date, at=moment.text(), during=self._capture.during(moment) or {},
        )  # fmt: skip
        await self._work.save([*ops, self._work.op(take, ms=moment.ms)])
        said = Sentence("Scene {scene}, take {take}", scene=scene, take=take.take)
        return Done(made=take, said=said, back=lambda: self._remove(take.id))

    async def mark(self, take: str, result: str | None) -> Done[None]:
        """Say how a take went, by its id; None where nobody says. Raises `NotFound`, `NotUnderstood`."""
        _known_result(result)
        stored = self._stored(take)
        scene = self._work.store.state.read(StoredScene, stored.scene)
        went = [CALLED_RESULTS[result]] if result else []
        said = joined(scene.code if scene else stored.scene, stored.take, *went)
        return await self._work.set(stored, {"result": result}, said)

    async def _remove(self, take: str) -> None:
        await self._work.save([self._work.removing(self._stored(take))])

    def _stored(self, take: str) -> StoredTake:
        return self._work.store.state.find(StoredTake, take, removed=True)


def last_scene(state: State, session: str) -> str | None:
    """The scene that the newest entry of a session names, by its code."""
    date = state.calendar.sessions.get(session)
    docs = state.docs(f"{ENTRIES}{date}") if date else ()
    entries = [StoredEntry.of(doc) for doc in docs if session_of(doc) == session]
    naming = [entry for entry in entries if entry.scene]
    newest = max(naming, key=lambda entry: entry.stamp, default=None)
    scene = state.read(StoredScene, newest.scene) if newest else None
    return scene.code if scene else None


def _known_result(result: str | None) -> None:
    if result is not None and result not in TAKE_RESULTS:
        raise NotUnderstood(
            Sentence("A take is one of {known}; {result} is none.", known=", ".join(TAKE_RESULTS), result=result)
        )


def ordered(code: str) -> tuple[tuple[int, ...], str]:
    """A key that puts 9-2 before 34-1, and the re-shoot R34-1 just behind it."""
    return tuple(int(part) for part in re.findall(r"\d{1,9}", code)), code


def number_of(take: str) -> int:
    """4 for "4" and for "4A"; 0 where no number stands in front."""
    found = re.match(r"\d+", take)
    return int(found[0]) if found else 0
