"""Find, without a browser: what is typed is answered, marked, narrowed, read beside it, and left again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import flet as ft
import pytest

from fieldlog.model.register import Code, Person
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.find.state import FIRST_ROWS
from fieldlog.ui.find.views import MOST, _around
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window

LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture
async def studied(desk: Desk, work: Workspace, clock: FakeClock) -> AsyncIterator[Desk]:
    """Three notes of the 16th, one of them by a code alone, and one of the day after."""
    lan = Person(id=work.machine.new_id(), code="P02", pseudonym="Lan", dept="direction")
    code = Code(id=work.machine.new_id(), code="metrics.paywall", label="paywall")
    await work.save([work.op(lan), work.op(code)])
    capture = Capture(work)
    for text, chips in (
        ("Gong walks the stairs sideways", Chips(people=(lan.id,))),
        ("The board is a fridge door", Chips(codes=(code.id,))),
        ("她停在第五级台阶。The fifth stair", Chips(kind="quote")),
    ):
        await capture.note(text, chips)
        clock.advance(minutes=1)
    clock.advance(hours=40)
    await capture.note("No stair today")
    yield desk


async def ask(seen: Seen, typed: str) -> None:
    await seen.type("find-field", typed)
    await seen.drawn(0.3)


def rows(seen: Seen) -> list[str]:
    """What the rows say, from the top."""
    found = seen.journeys.find.finding.result.rows
    assert [f"entry-{row.id}" for row in found] == [name for name in seen.tags() if name.startswith("entry-0")]
    return [row.text for row in found]


def hits(seen: Seen) -> list[str]:
    """The pieces that are marked, from the top."""
    return [words for row in seen.journeys.find.finding.result.rows for words, hit in row.runs if hit]


async def test_what_is_typed_is_found_and_marked_as_it_was_written(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/find")
        await ask(seen, "STAIR")
        assert rows(seen) == [
            "No stair today",
            "她停在第五级台阶。The fifth stair",
            "Gong walks the stairs sideways",
        ]
        assert hits(seen) == ["stair"] * 3
        assert "3 found on 2 of" in seen.words()
        spans = [span for one in seen.controls() if isinstance(one, ft.Text) for span in one.spans or ()]
        look = seen.window.shell.look
        assert [
            span.text for span in spans if span.style and span.style.bgcolor == look.attention_container
        ] == hits(seen)
        await ask(seen, "台阶")
        assert hits(seen) == ["台阶"]


async def test_a_row_says_why_it_was_found_where_that_is_not_in_its_text(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/find")
        await ask(seen, "paywall")
        (row,) = seen.journeys.find.finding.result.rows
        assert row.text == "The board is a fridge door"
        assert "paywall" in row.why
        assert row.why in seen.words()
        assert row.why in row.label


async def test_a_filter_is_a_chip_that_can_be_taken_off(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/find")
        await ask(seen, "stair kind:quote")
        assert rows(seen) == ["她停在第五级台阶。The fifth stair"]
        assert [one.words for one in seen.journeys.find.finding.result.chips] == ["kind:quote"]
        await seen.tap("find-off-0")
        assert len(rows(seen)) == 3
        assert seen.inside("find-field", ft.TextField).value == "stair"


async def test_people_and_kinds_narrow_what_was_found_on_a_laptop(studied: Desk) -> None:
    async with a_window(studied, **LAPTOP) as seen:
        await seen.go("/find")
        await ask(seen, "stair")
        assert str(seen.tags()["find-by-person:P02"].label) == "P02 Lan, 1"
        await seen.tap("find-by-person:P02")
        assert rows(seen) == ["Gong walks the stairs sideways"]
        assert seen.inside("find-field", ft.TextField).value == "stair person:P02"
        await seen.tap("find-by-person:P02")
        assert seen.journeys.find.finding.typed == "stair person:P02", "once is enough"


async def test_enter_reads_an_entry_beside_its_row_and_escape_comes_back(studied: Desk) -> None:
    async with a_window(studied, **LAPTOP) as seen:
        await seen.go("/find")
        await ask(seen, "stair")
        last = seen.journeys.find.finding.result.rows[-1]
        assert "entry-edit" in seen.tags(), "the first is read until another is chosen"
        await seen.tap(f"entry-{last.id}")
        assert seen.tags()[f"entry-{last.id}"].selected
        await press(seen, "Escape")
        assert seen.journeys.find.finding.opened == ""
        assert seen.tags()[f"entry-{last.id}"].selected, "back on its row"
        await press(seen, "Escape")
        assert seen.journeys.rows.landing._asked == "/days"


async def test_on_a_phone_an_entry_leads_back_to_what_was_found(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/find")
        await ask(seen, "stair")
        last = seen.journeys.find.finding.result.rows[-1]
        await seen.tap(f"entry-{last.id}")
        await seen.go(str(seen.journeys.rows.landing._asked))
        await seen.tap("entry-back")
        assert seen.journeys.rows.landing._asked == "/find"
        await seen.go("/find")
        assert len(rows(seen)) == 3
        assert seen.tags()[f"entry-{last.id}"].selected


async def test_it_is_opened_from_everywhere_and_within_a_day(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await press(seen, "K", ctrl=True)
        assert seen.journeys.rows.landing._asked == "/find"
        await seen.go("/days/PD14")
        await seen.tap("day-find")
        await seen.go(str(seen.journeys.rows.landing._asked))
        await seen.drawn(0.3)
        assert seen.inside("find-field", ft.TextField).value == "day:PD14"
        assert len(rows(seen)) == 3
        await seen.go("/register/people")
        await seen.tap("find")
        assert seen.journeys.rows.landing._asked == "/find"


async def test_nothing_found_and_what_nobody_knows_are_told(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/find")
        assert "A quoted phrase is one word" in seen.words()
        await ask(seen, "zebra")
        assert "Not in any note, name or code." in seen.words()
        await ask(seen, "person:P99")
        assert "P99" in "".join(seen.journeys.find.finding.result.said)
        assert seen.journeys.find.finding.result.said[0] in seen.words()


async def test_many_are_shown_in_parts_and_either_end_first(desk: Desk, work: Workspace, clock: FakeClock) -> None:
    for n in range(FIRST_ROWS + 5):
        await Capture(work).note(f"rain {n}")
        clock.advance(seconds=10)
    async with a_window(desk) as seen:
        await seen.go("/find")
        await ask(seen, "rain")
        assert len(rows(seen)) == FIRST_ROWS
        assert rows(seen)[0] == f"rain {FIRST_ROWS + 4}"
        assert seen.largest_message < 120_000
        await seen.tap("find-more")
        assert len(rows(seen)) == FIRST_ROWS + 5
        await seen.tap("find-order")
        assert rows(seen)[0] == "rain 0"
        await Capture(work).note("rain again")
        await seen.drawn()
        assert seen.journeys.find.finding.result.total == FIRST_ROWS + 6, "what is written meanwhile is found"


async def test_what_nobody_looks_at_is_not_asked_and_keeps_nothing_of_what_was_found(
    studied: Desk, work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_window(studied) as seen:
        await seen.go("/find")
        await ask(seen, "stair")
        await seen.go("/now")
        asked: list[str] = []
        monkeypatch.setattr("fieldlog.ui.find.actions.find", lambda *said, **_: asked.append(str(said[1])))
        note = await Capture(work).note("one more stair")
        await seen.drawn()
        assert asked == []
        assert seen.journeys.find.finding.result.rows == ()
        monkeypatch.undo()
        await seen.go("/find")
        await seen.drawn()
        assert rows(seen)[0] == "one more stair"
        await Erasing(work).erase([note.id], reason="asked-to")
        await seen.drawn()
        assert "one more stair" not in rows(seen)


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    runs = _around([("x" * 500, False), ("hit", True), ("y" * 900, False)])
    assert runs[0][0].startswith("…x")
    assert runs[1] == ("hit", True)
    assert sum(len(words) for words, _ in runs) <= MOST + 2
    assert runs[-1][0].endswith("…")
    assert _around([("short", False)]) == [("short", False)]


async def press(seen: Seen, key: str, **held: bool) -> None:
    told = {"shift": False, "ctrl": False, "alt": False, "meta": False, **held}
    event: ft.KeyboardEvent = ft.KeyboardEvent(name="keyboard_event", control=seen.session.page, key=key, **told)
    await seen.journeys.key(event)
    await seen.drawn()
