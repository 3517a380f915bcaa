"""Where everything is: looked at when it is shown, and the places of this device met, added and forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldlog.model.errors import FieldLogError
from fieldlog.services.conflicts.open_fields import count
from fieldlog.services.sync.hubs.known import KnownHub, known_hubs
from fieldlog.services.sync.hubs.reach import forget
from fieldlog.services.sync.over_network import is_over_network, with_user, without_secret
from fieldlog.services.sync.places.meetings import Going, Meetings
from fieldlog.services.sync.places.outcome import cure_of
from fieldlog.services.sync.places.places import Place, forget_place, keep_place, read_places
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.sync import outcomes, views
from fieldlog.ui.sync.hub.actions import HubJourney
from fieldlog.ui.sync.hub.gone import GoneJourney
from fieldlog.ui.sync.hub.pairing import PairJourney, Ways
from fieldlog.ui.sync.room import MakingRoom
from fieldlog.ui.sync.state import Adding, Meeting, Sync
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

if TYPE_CHECKING:
    from fieldlog.services.study.workspace import Workspace
    from fieldlog.services.sync.proof.proven import Proof


class SyncJourney(Journey):
    """`state` is what the screen shows, `meeting` what goes on, `adding` the place that is being added; `typed`
    stands in the fields of that, and `secrets` in those of places that ask for a password. None of it is kept."""

    def __init__(self, window: Window, rows: RowsJourney) -> None:
        super().__init__(window)
        self.rows, self.room = rows, MakingRoom(window)
        self.hub, self.gone = HubJourney(window, self.look), GoneJourney(window, self.look)
        self.pair = PairJourney(window, Ways(meet=self._meet_paired, join=self._join_at))
        self.state, self.meeting, self.adding = Sync(), Meeting(), Adding()
        self.typed = {"address": "", "user": "", "secret": ""}
        self.secrets = dict[str, str]()
        self._of: Workspace | None = None
        self._proof: Proof | None = None
        self._places: list[Place] = []
        self._hubs = dict[str, KnownHub]()
        self._looks = self._wanted = False
        self._count = self.meetings.count
        window.on_refresh.append(self._listen)
        window.on_left.append(self._left)

    @property
    def meetings(self) -> Meetings:
        return self.window.desk.meetings

    @property
    def has_folders(self) -> bool:
        """Whether a folder of this machine can be a place."""
        return self.window.desk.machine.http is None

    # -- looking

    async def look(self) -> None:
        """Find out which places there are and what is proven: when the screen is shown, the study changes, and
        after a meeting. One at a time; while a meeting goes on, what it brings is looked at in the end."""
        self._wanted = True
        if self._looks:
            return
        self._looks = True
        try:
            while self._wanted and self.window.desk.work is not None:
                self._wanted = False
                await self._look(self.work)
        finally:
            self._looks = False

    async def _look(self, work: Workspace) -> None:
        from fieldlog.services.sync.proof.proven import proof_of  # not before it is asked for

        if work is not self._of:
            self._of, self._proof, self.state.head = work, None, None
        self._hubs = {one.address: one for one in await known_hubs(work.machine)}
        self._places = [self._named(one) for one in await read_places(work.store.disk)]
        self.state.conflicts = count(work)
        self._show_places()
        await self.hub.look()
        if self._proof is None or not self.meetings.going.address:
            desk, version = self.window.desk, self.window.desk.version
            self._proof = await proof_of(work)
            self._show_places()
            if desk.copies and desk.version == version:
                desk.copies.proven(views.proven_in(self._proof, work.store.state))
                desk.tell()
            await self.room.look()

    def _named(self, place: Place) -> Place:
        """A laptop that this device is paired with is called as it calls itself."""
        hub = self._hubs.get(place.address)
        return replace(place, called=hub.name) if hub else place

    async def choose(self, row: str, place: int) -> None:
        """A cell was tapped: say what is missing there."""
        from fieldlog.services.sync.proof.proven import missing

        head = self.state.head
        if head is None or not 0 <= place < len(head.columns):
            return
        column = head.columns[place]
        found = await missing(self.work, row, column.day)
        self.state.missing = views.missing_words(column, found, self.words)
        self.state.chosen = (row, column.day)

    def _show_places(self) -> None:
        work, words, state = self.work, self.words, self.state
        now, zone, proof = work.machine.clock().at, work.zone, self._proof
        columns = views.columns_of(work.store.state)
        rows = {
            one.id: views.standing_row(one, columns, work.store.state, now, zone, words)
            for one in (proof.standings if proof else ())
        }
        ours = {outcomes.standing_of(one.address): one for one in self._places}
        state.places = tuple(
            outcomes.place_row(
                one, self.meetings.ended.get(one.address), rows.get(id_), zone, words,
                where=self._hubs[one.address].addresses[:1] if one.address in self._hubs else (one.address,),
            )
            for id_, one in ours.items()
        )  # fmt: skip
        state.devices = tuple(row for id_, row in rows.items() if id_ not in ours)
        state.head = views.head_of(proof, columns, now, words) if proof else state.head

    def _listen(self) -> None:
        """Hear of every step of a meeting, as long as this window is seen."""
        if self._heard not in self.meetings.told:
            self.meetings.told.append(self._heard)

    async def _left(self) -> None:
        if self._heard in self.meetings.told:
            self.meetings.told.remove(self._heard)

    def _heard(self) -> None:
        """Whoever began the meeting, it is looked at as this window's own."""
        asyncio.get_running_loop().call_soon(self._moved, context=self.window.context.copy())

    def _moved(self) -> None:
        going = self.meetings.going
        name = next((one.name for one in self._places if one.address == going.address), going.address)
        self.meeting.row = outcomes.meeting_row(going, name, self.words)
        self.meeting.stopping = going.stopping
        if self._count != self.meetings.count and self.window.desk.work is not None:
            self._count = self.meetings.count
            self.window.page.run_task(self._ended)

    async def _ended(self) -> None:
        await self.look()
        if self.state.chosen[0]:
            self.state.chosen, self.state.missing = ("", ""), ()

    # -- meeting

    def meet(self, address: str) -> None:
        """Exchange with a place now, with the password that was typed beside it."""
        self.meetings.secrets.typed(address, self.secrets.pop(address, ""))
        self.meetings.begin(address)

    def fill_again(self, address: str) -> None:
        """A place that was emptied is to hold everything anew."""
        self.meetings.begin(address, refill=True)

    def read_back(self, address: str) -> None:
        """Read everything at a place back, and hash it."""
        self.meetings.begin(address, reads_back=True)

    def stop(self) -> None:
        """What is done by then stays."""
        self.meeting.stopping = True
        self.meetings.stop()

    async def forget(self, address: str) -> None:
        """It is no place of this device any more, and its password is forgotten. What lies there stays."""
        disk, machine, secrets = self.work.store.disk, self.work.machine, self.meetings.secrets
        place = next((one for one in self._places if one.address == address), Place(address=address))

        async def forgotten() -> None:
            await forget_place(disk, place.address)
            known = await forget(machine, place.address, secrets)

            async def back() -> None:
                await keep_place(disk, place)
                await known()
                await self.look()

            self.window.offer_undo(
                self.words("{place} is forgotten; what lies there stays.", place=place.name), back
            )

        await self.window.attempt(forgotten())
        await self.look()

    async def opened(self, code: str) -> None:
        """A link with a laptop's code was opened: it is asked whether to pair."""
        await self.pair.came(code)
        self.window.go("/sync" if self.window.desk.work is not None else "/welcome/join")

    async def _meet_paired(self, address: str) -> None:
        await self.look()
        self.meet(address)

    # -- adding

    def open_adding(self) -> None:
        self._begin_adding(open_=True)

    def leave_adding(self) -> None:
        """Empty the fields."""
        self._begin_adding(open_=False)

    def type(self, name: str, value: str) -> None:
        self.typed[name] = value
        if name == "address":
            self.adding.network = is_over_network(value.strip())
        if self.adding.foreseen:
            self.adding.foreseen = ()

    async def look_there(self) -> None:
        """See what an exchange with the typed address would do. Nothing is changed anywhere, but that a password
        that is taken is kept."""
        from fieldlog.services.sync.places.meeting import foreseen

        adding = self.adding
        adding.looking, adding.problem, adding.foreseen = True, "", ()
        try:
            address = self._address()
            self.meetings.secrets.typed(address, self.typed["secret"])
            found = await foreseen(self.work, address, self.meetings.secrets)
            adding.foreseen = outcomes.foreseen_words(found, self.words)
        except (FieldLogError, OSError) as why:
            adding.problem = self.words.told(why)
            adding.network = adding.network or cure_of(why) == "password"
        finally:
            adding.looking = False

    async def add(self) -> None:
        """Remember the place and exchange with it."""
        address = self._address()
        await self.window.attempt(keep_place(self.work.store.disk, Place(address=address)))
        self._begin_adding(open_=False)
        await self.look()
        self.meet(address)

    async def join(self) -> None:
        """Take the study in that lies at the typed address, and open it."""
        await self._join_at("")

    async def _join_at(self, address: str) -> None:
        """At an address, or with "" at the one that is typed."""
        adding, meeting = self.adding, self.meeting
        adding.looking, adding.problem, meeting.stopping = True, "", False
        going, hubs = Going(), {one.address: one.name for one in await known_hubs(self.window.desk.machine)}

        def tell(done: int, total: int) -> None:
            going.done, going.total = done, total
            called = Place(address=going.address, called=hubs.get(going.address, "")).name
            meeting.row = outcomes.meeting_row(going, called, self.words)

        try:
            going.address = address or self._address()
            if not address:
                self.meetings.secrets.typed(going.address, self.typed["secret"])
            tell(0, 0)
            await self.window.desk.join(going.address, tell, cancelled=lambda: meeting.stopping)
        except (FieldLogError, OSError) as why:
            adding.problem = self.words.told(why)
            adding.network = adding.network or cure_of(why) == "password"
            return
        finally:
            adding.looking, meeting.row = False, None
        self._begin_adding(open_=False)
        self.pair.leave()
        self.window.go(self.window.home)

    def _address(self) -> str:
        """What is typed as it is known. Raises `NotUnderstood`."""
        from fieldlog.services.sync.addresses import known_by
        from fieldlog.services.sync.places.meeting import there

        address = there(self.window.desk.machine, self.typed["address"])
        if is_over_network(address):
            address, secret = without_secret(with_user(address, self.typed["user"].strip()))
            self.typed["secret"] = self.typed["secret"] or secret
        return known_by(address)

    def _begin_adding(self, *, open_: bool) -> None:
        self.typed = dict.fromkeys(self.typed, "")
        adding = self.adding
        adding.network, adding.problem, adding.foreseen, adding.open = False, "", (), open_
        adding.turn += 1
