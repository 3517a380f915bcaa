"""Capture: a note, a memo, a photo, a paper."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from fieldlog.media.derived import make_for
from fieldlog.media.intake import Taken, take_in
from fieldlog.media.photo.eyes import find_eye
from fieldlog.model.entry import Attachment, Entry, clean, lane_of
from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.model.moment import Moment, iso, parse, settled
from fieldlog.model.op import Op
from fieldlog.model.ports import Source
from fieldlog.model.production_day import LONGEST_DAY
from fieldlog.model.records import (
    StoredCode,
    StoredEntry,
    StoredPerson,
    StoredPlace,
    StoredScene,
    StoredSession,
    device_of,
    ends_of,
    known,
)
from fieldlog.model.register import Code, Scene, scene_code
from fieldlog.model.sentence import Sentence
from fieldlog.model.standing import stamp_of
from fieldlog.model.state import State
from fieldlog.model.study import Study
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.dated import captured_at
from fieldlog.services.machine.zone import ZoneUnknown
from fieldlog.services.study.workspace import Workspace

PLAIN = Chips()
UNTITLED = "Untitled study"
KIND_OF_FAMILY = {"photo": "photo", "audio": "voice", "document": "paper"}


def _nothing_runs(_: Moment) -> None:
    return None


class Capture:
    """Writes entries into an open study. The clock is read once for each."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._last: Moment | None = None
        self.during: Callable[[Moment], Mapping[str, Any] | None] = _nothing_runs
        """What ties a moment to the memo that runs: its entry's id as `memo`, seconds into its sound as `at`."""

    async def begin(self, *, title: str = UNTITLED, zone: str | None = None) -> None:
        """Make the study's own record where it has none: in this machine's zone. Raises `ZoneUnknown`."""
        if self._work.store.state.study() is None:
            zone = zone or self._work.machine.clock().zone
            if zone is None:
                raise ZoneUnknown()
            study = Study(id=self._work.store.project, title=title, default_tz=zone)
            await self._work.save([self._work.op(study)])

    def now(self) -> Moment:
        """This moment, believed or corrected against the last one and the newest entry written here."""
        self._last = settled(self._work.machine.clock(), self._last or self._written, self.newest_ms)
        return self._last

    @cached_property
    def _written(self) -> Moment | None:
        """The newest reading that this device wrote down with an entry: by that alone its clock is judged.

        What was imported and what other devices wrote bear their times, and say nothing about this clock.
        """
        tables = map(self._work.store.state.tables.__getitem__, self._work.store.state.entry_tables())
        mine = (doc for table in tables for doc in table.values() if device_of(doc) == self._work.device.id)
        newest = max(mine, key=stamp_of, default=None)
        return StoredEntry.of(newest).written if newest else None

    @property
    def newest_ms(self) -> int | None:
        """When this device wrote its newest entry, by its wall: Unix ms."""
        return self._written.ms if self._written else None

    async def note(self, text: str, chips: Chips = PLAIN) -> Entry:
        """Save a text as one entry. When it returns, the entry is on the disk."""
        moment = self.now()
        lane = lane_of(chips.note_type)
        entry, ops = self._entry(text, chips, moment)
        await self._work.save([*ops, self._work.op(entry, lane=lane, ms=moment.ms)], lane=lane)
        return entry

    def draft(
        self, text: str, chips: Chips, *, began: Moment | None = None, closed: Moment | None = None,
        entry_id: str | None = None,
    ) -> tuple[Entry, list[Op]]:  # fmt: skip
        """An entry, not saved, and the operations that make what it names and is not there.

        It is of this moment, or of the one it `began`, and written when it was `closed`.
        """
        return self._entry(text, chips, closed or self.now(), began, entry_id)

    def heard_at(self, began: Moment, chips: Chips) -> Mapping[str, Any]:
        """Where in the memo that runs something lies: when it occurred, or was begun where that is too early."""
        back = int(chips.back.total_seconds() * 1000)
        mono = began.mono_ms - back if began.mono_ms is not None else None
        earlier = replace(began, at=began.at - chips.back, mono_ms=mono)
        return self.during(earlier) or self.during(began) or {}

    def session_at(self, at: datetime) -> str | None:
        """The session that a note of then inherits: of those that go on, the one begun last."""
        session = self._session(None, at)
        return session.id if session else None

    async def file(
        self, source: Source, chips: Chips | None = None, text: str = "", *, began: Moment | None = None,
        derive: bool = True, entry_id: str | None = None, as_far_as_it_fits: bool = False,
    ) -> tuple[Entry | None, Taken]:  # fmt: skip
        """Save a photo, a recording or a paper as an entry: its bytes first, then the record that names them.

        It is of this moment, or of the one it `began`: the shutter's. Only once it is saved is it made small,
        or, without `derive`, when somebody looks. An empty file makes no entry. A chip that names what is not
        there is refused, or left out where the entry is made `as_far_as_it_fits`; a private one stays private.
        """
        moment, eye, offload = self.now(), find_eye(), self._work.machine.offload
        taken = await take_in(
            self._work.vault, source, eye=eye, now=moment.at, offload=offload, derive=False
        )  # fmt: skip
        if taken.kept is None:
            return None, taken
        attachment = attachment_of(taken, self._work.machine.new_id(), self._work.zone)
        plain = chips or PLAIN
        kind = KIND_OF_FAMILY[taken.examined.family] if plain.kind == "jotting" else plain.kind
        try:
            entry, ops = self._entry(text, replace(plain, kind=kind), moment, began, entry_id)
        except FieldLogError:
            if not as_far_as_it_fits:
                raise
            # What a chip names is gone by now. The rest can be said later.
            own = KIND_OF_FAMILY[taken.examined.family]
            bare = Chips(kind=own, note_type=plain.note_type, during=plain.during, override=plain.override)
            entry, ops = self._entry(text, bare, moment, began, entry_id)
        entry = replace(entry, attachments=(attachment.id,))
        lane = lane_of(entry.note_type)
        made = [self._work.op(record, lane=lane, ms=moment.ms) for record in (attachment, entry)]
        await self._work.save_with({taken.kept.sha256: source}, [*ops, *made], lane=lane)
        if derive:
            derived = await make_for(
                self._work.vault, taken.kept.sha256, taken.examined, eye=eye, offload=offload
            )  # fmt: skip
            taken = replace(taken, derived=derived)
        return entry, taken

    async def keep(
        self, source: Source, chips: Chips, *, began: Moment | None = None, derive: bool = True
    ) -> tuple[Entry | None, Taken]:
        """As `file`, with as many of the chips as still fit: of what a window brings, the bytes come first."""
        return await self.file(source, chips, began=began, derive=derive, as_far_as_it_fits=True)

    def _entry(
        self, text: str, chips: Chips, moment: Moment, began: Moment | None = None, entry_id: str | None = None
    ) -> tuple[Entry, list[Op]]:
        """The entry of a text and the operations that make what it names and is not there yet."""
        chips.check()
        occurred = chips.occurred(began or moment)
        session = self._session(chips.session, occurred.at) if chips.session or not chips.day else None
        scene, scene_ops = self._scene(chips.scene, moment)
        codes, code_ops = self._codes(chips.codes, moment)
        entry = Entry(
            id=entry_id or self._work.machine.new_id(),
            kind=chips.kind, note_type=chips.note_type, text=clean(text),
            occurred_at=occurred.text(), precision=occurred.precision, occurred=occurred.details(),
            created_at=moment.text(), created=moment.details(), device=self._work.device.id,
            session=session.id if session else None, scene=scene,
            place=self._place(chips.place) or (session.place if session else None),
            take=chips.take, codes=tuple(codes), people=self._people(chips.people), speech=chips.speech,
            day_choice=chips.day, certainty=chips.certainty, figure=chips.figure, count=chips.count,
            override=chips.override,
            during=chips.during or self.heard_at(began or moment, chips),
        )  # fmt: skip
        if self.newest_ms is None or moment.ms > self.newest_ms:
            self._written = moment
        return entry, [*scene_ops, *code_ops]

    def _session(self, named: str | None, at: datetime) -> StoredSession | None:
        if named:
            found = known(self._work.store.state.each(StoredSession), named)
            if found is None:
                raise NotFound(
                    Sentence("There is no session called {named}; the note was not saved.", named=named)
                )
            return found
        since = at - LONGEST_DAY
        mine = going_on(self._work.store.state, self._work.device.ids)
        going = [one for one in mine if since <= parse(one.starts) <= at]
        return max(going, key=lambda one: parse(one.starts), default=None)

    def _place(self, named: str | None) -> str | None:
        if not named:
            return None
        found = known(self._work.store.state.each(StoredPlace), named)
        if found is None:
            raise NotFound(Sentence("There is no place called {named}; the note was not saved.", named=named))
        return found.id

    def _people(self, named: Iterable[str]) -> tuple[str, ...]:
        everyone, ids = list(self._work.store.state.each(StoredPerson)), list[str]()
        for who in dict.fromkeys(named):
            found = known(everyone, who)
            if found is None:
                raise NotFound(
                    Sentence("There is nobody called {who} in the register; the note was not saved.", who=who)
                )
            ids.append(found.id)
        return tuple(ids)

    def _scene(self, typed: str | None, moment: Moment) -> tuple[str | None, list[Op]]:
        if not typed:
            return None, []
        code = scene_code(typed)
        found = known(self._work.store.state.each(StoredScene), code)
        if found:
            return found.id, []
        scene = Scene(id=self._work.machine.new_id(), code=code)
        return scene.id, [self._work.op(scene, ms=moment.ms)]

    def _codes(self, typed: Iterable[str], moment: Moment) -> tuple[list[str], list[Op]]:
        ids, ops = list[str](), list[Op]()
        for name in dict.fromkeys(typed):
            found = known(self._work.store.state.each(StoredCode), name)
            if found is None:
                code = Code(id=self._work.machine.new_id(), code=name.strip(), label=name.strip())
                ops.append(self._work.op(code, ms=moment.ms))
            ids.append(found.id if found else code.id)
        return ids, ops


def going_on(state: State, device: Collection[str] = ()) -> list[StoredSession]:
    """Sessions nobody has ended; of a `device`, by all its ids, what it began and what is everybody's."""
    going = [StoredSession.of(doc) for doc in state.docs("sessions") if not ends_of(doc)]
    return [session for session in going if not device or session.device in (None, *device)]


def attachment_of(taken: Taken, new_id: str, zone: str, *, source_id: str | None = None) -> Attachment:
    """The record of a file in the vault, as examined. Raises nothing: a bad file has its verdict in it."""
    assert taken.kept
    found, facts = taken.examined, taken.examined.picture
    captured, origin = captured_at(taken, zone)
    lat, lon = found.told.place or (None, None)
    return Attachment(
        id=new_id, source_id=source_id, kind=found.family, sha256=taken.kept.sha256, bytes=taken.kept.bytes,
        mime=found.mime, extension=taken.kept.extension, name=clean(found.name),
        captured_at=iso(captured) if captured else None, captured_source=origin,
        duration=found.seconds, rate=found.rate, channels=found.channels,
        width=found.width or None, height=found.height or None,
        orientation=facts.orientation if facts else None, lat=lat, lon=lon, integrity=found.verdict,
        problem=found.problem or None,
    )  # fmt: skip
