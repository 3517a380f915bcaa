"""Chips: they move when something occurred, and the open text keeps every one of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.moment import Moment
from fieldlog.model.register import Person
from fieldlog.model.vocabulary import CERTAINTY, ENTRY_KINDS, NOTE_TYPES, SPEECH
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of

AT = datetime(2025, 3, 16, 17, 41, tzinfo=UTC)
NAMES = st.text(min_size=1, max_size=8)


@given(
    st.builds(
        Chips, kind=st.sampled_from(ENTRY_KINDS), note_type=st.sampled_from(NOTE_TYPES), session=st.none() | NAMES,
        place=st.none() | NAMES, people=st.lists(NAMES).map(tuple), scene=st.none() | NAMES,
        take=st.none() | NAMES, codes=st.lists(NAMES).map(tuple), speech=st.none() | st.sampled_from(SPEECH),
        certainty=st.none() | st.sampled_from(CERTAINTY), figure=st.dictionaries(NAMES, NAMES),
        count=st.none() | st.integers(), at=st.none() | st.just(AT),
        back=st.integers(0, 90_000).map(lambda s: timedelta(seconds=s)),
    )
)  # fmt: skip
def test_the_open_text_keeps_every_chip(chips: Chips) -> None:
    assert Chips.of(json.loads(json.dumps(chips.told()))) == chips


def test_chips_of_another_version_are_read_as_far_as_they_are_known() -> None:
    assert Chips.of({"kind": "quote", "codes": ["roi"], "at": None}) == Chips(kind="quote", codes=("roi",))
    assert Chips.of({"kind": "quote", "smell": "damp"}) == Chips(kind="quote")


@pytest.mark.parametrize(
    ("chips", "minutes", "precision", "source"),
    [
        (Chips(), 0, "exact", "device"),
        (Chips(back=timedelta(seconds=15)), 0.25, "exact", "manual"),
        (Chips(back=timedelta(minutes=1)), 1, "minute", "manual"),
        (Chips(back=timedelta(minutes=30), precision="about"), 30, "about", "manual"),
        (Chips(precision="about"), 0, "about", "device"),
        (Chips(at=AT - timedelta(hours=9), precision="about"), 540, "about", "manual"),
    ],
)
def test_a_chip_says_how_much_earlier_it_was_and_how_surely(
    chips: Chips, minutes: float, precision: str, source: str
) -> None:
    occurred = chips.occurred(Moment(at=AT, mono_ms=5, boot="b"))
    assert AT - occurred.at == timedelta(minutes=minutes)
    assert (occurred.precision, occurred.source) == (precision, source)


@pytest.mark.parametrize("chips", [Chips(kind="x"), Chips(note_type="x"), Chips(speech="x"), Chips(certainty="x")])
def test_words_outside_the_closed_lists_are_refused(chips: Chips) -> None:
    with pytest.raises(NotUnderstood):
        chips.check()


@pytest.fixture
async def desk() -> tuple[Workspace, FakeClock]:
    clock = FakeClock()
    machine = machine_of(clock)
    work = await open_study(machine, "01960000-0000-7000-8000-000000000001", write=True)
    await Capture(work).begin()
    return work, clock


async def test_people_are_named_by_code_or_pseudonym_and_never_made_up(desk: tuple[Workspace, FakeClock]) -> None:
    work, _ = desk
    lei = Person(id=work.machine.new_id(), code="P08", pseudonym="Lei", pseudonym_zh="雷师傅")
    await work.save([work.op(lei)])
    entry = await Capture(work).note("tea", Chips(people=("p08",)))
    assert entry.people == (lei.id,)
    assert (await Capture(work).note("rice", Chips(people=("雷师傅",)))).people == (lei.id,)
    with pytest.raises(NotFound):
        await Capture(work).note("tea", Chips(people=("P99",)))


async def test_what_is_made_while_a_memo_runs_is_tied_to_its_second(desk: tuple[Workspace, FakeClock]) -> None:
    work, clock = desk
    capture = Capture(work)
    began = clock.wall

    def during(moment: Moment) -> dict[str, object] | None:
        seconds = (moment.at - began).total_seconds()
        return {"memo": "m", "at": seconds} if seconds >= 0 else None

    capture.during = during
    clock.advance(minutes=2)
    assert (await capture.note("now")).during == {"memo": "m", "at": 120.0}
    assert (await capture.note("a minute ago", Chips(back=timedelta(minutes=1)))).during["at"] == 60.0
    before_it_ran = await capture.note("half an hour ago", Chips(back=timedelta(minutes=30)))
    assert before_it_ran.during["at"] == 120.0


async def test_a_date_alone_is_a_day_chosen_by_hand_and_no_part_of_a_session(
    desk: tuple[Workspace, FakeClock],
) -> None:
    work, _ = desk
    await Sessions(work, Capture(work)).start("Office", kind="shoot")
    at = datetime(2025, 3, 16, 6, tzinfo=UTC)
    entry = await Capture(work).note("x", Chips(at=at, day="2025-03-15", precision="day"))
    assert (entry.session, entry.day_choice, work.store.state.date(entry.id)) == (None, "2025-03-15", "2025-03-15")
