"""Voice memos on the screen: the bar, what is asked first, and every way a memo ends."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest
from flet.controls.base_control import BaseControl

from fieldlog.model.register import Person
from fieldlog.model.session import Session
from fieldlog.services.desk import Desk
from fieldlog.services.memo.watch import Limits
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Microphone, Phone


@pytest.fixture
def desk(phones_desk: Desk) -> Desk:
    return phones_desk


class Recorder:
    """The browser's recorder behind a window: it delivers what its microphone hears."""

    def __init__(self, seen: Seen, clock: FakeClock) -> None:
        self.seen, self.microphone = seen, Microphone(clock, rate=48_000)
        seen.client.answers |= {"has_permission": True, "start_recording": True}

    async def hears(self, seconds: float, *, silent: bool = False) -> None:
        recorder = self.seen.journeys.memo._microphone._recorder
        assert recorder is not None
        until = self.microphone.seconds + seconds
        while self.microphone.seconds < until:
            chunk, sequence = self.microphone.chunk()
            told = {"chunk": bytes(len(chunk)) if silent else chunk, "sequence": sequence, "bytes_streamed": 0}
            await self.seen.session.dispatch_event(recorder._i, "stream", told)
        await self.seen.drawn()

    async def says(self, state: str) -> None:
        recorder = self.seen.journeys.memo._microphone._recorder
        assert recorder is not None
        await self.seen.session.dispatch_event(recorder._i, "state_change", state)
        await self.seen.drawn()

    @property
    def asked(self) -> list[str]:
        """What the window wanted of it, in order."""
        bodies = [message.body for message, _ in self.seen.client.sent]
        return [body.name for body in bodies if "recording" in str(getattr(body, "name", ""))]


def reds(seen: Seen) -> list[BaseControl]:
    """What is filled with the one red."""
    live = seen.window.shell.look.live
    return [one for one in seen.controls() if getattr(one, "bgcolor", None) == live]


def entries(desk: Desk) -> list[dict[str, Any]]:
    assert desk.work
    return sorted(desk.work.store.state.entries(), key=lambda doc: str(doc["occurred_at"]))


async def someone(desk: Desk, **consent: Any) -> Person:
    assert desk.work
    minor = bool(consent.pop("minor", False))
    made = Person(
        id=desk.work.machine.new_id(), code="P08", pseudonym="Lei", pseudonym_zh="雷师傅", minor=minor,
        consent={"state": "granted", "scopes": consent},
    )  # fmt: skip
    await desk.work.save([desk.work.op(made)])
    return made


async def a_session(desk: Desk, *people: Person, may_record: tuple[str, ...] = ("notes", "audio")) -> None:
    assert desk.work and desk.capture
    ids = tuple(one.id for one in people)
    made = Session(
        id=desk.work.machine.new_id(), starts=desk.capture.now().text(), people=ids, may_record=may_record
    )
    await desk.work.save([desk.work.op(made)])


async def test_a_memo_has_one_red_bar_with_time_room_mark_pause_and_stop(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        assert "rec-bar" not in seen.tags()
        await seen.tap("now-mic")
        await recorder.hears(12.4)
        assert {"rec-bar", "rec-mark", "rec-pause", "rec-stop"} <= set(seen.tags())
        assert "0:12" in seen.words()
        assert "room for" in seen.words()
        assert len(reds(seen)) == 1
        await seen.tap("rec-stop")
        assert (reds(seen), "rec-bar" in seen.tags()) == ([], False)
        (entry,) = entries(desk)
        assert entry["kind"] == "voice"
        assert not seen.crashed


async def test_the_bar_stays_under_the_thumb_when_the_strip_that_takes_back_goes(
    desk: Desk, clock: FakeClock
) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(1)
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        standing = [one for one in seen.tags() if one in ("undo-strip", "rec-bar", "now-field")]
        assert standing == ["undo-strip", "rec-bar", "now-field"]


@pytest.mark.parametrize("method", ["start_recording", "enable", "medium_impact"])
async def test_the_bar_stands_while_sound_comes_whatever_the_device_never_answers(
    desk: Desk, clock: FakeClock, method: str
) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        seen.client.unanswered.add(method)
        seen.window.page.run_task(seen.journeys.memo.toggle)
        await seen.drawn()
        await recorder.hears(2)
        assert "rec-bar" in seen.tags()
        assert len(reds(seen)) == 1
        await seen.tap("rec-stop")
        assert reds(seen) == []
    (memo,) = entries(desk)
    assert memo["kind"] == "voice"


async def test_a_mark_and_a_note_are_tied_to_their_second(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(4)
        await seen.tap("rec-mark")
        await recorder.hears(3)
        await seen.type("now-field", "the lamp")
        await recorder.hears(5)
        await seen.tap("now-send")
        await seen.tap("rec-stop")
        tied = {doc["kind"]: doc.get("during") for doc in entries(desk)}
        memo = next(doc["id"] for doc in entries(desk) if doc["kind"] == "voice")
        assert tied["marker"] == {"memo": memo, "at": pytest.approx(4, abs=0.3)}
        assert tied["jotting"] == {"memo": memo, "at": pytest.approx(7, abs=0.3)}
        assert tied["voice"] is None


async def test_paused_the_microphone_is_off_nothing_is_red_and_it_says_so(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(4)
        await seen.drawn()
        await seen.tap("rec-pause")
        assert (reds(seen), "Paused" in seen.words()) == ([], True)
        await recorder.hears(5)
        assert "0:04" in seen.words()
        await seen.tap("rec-pause")
        await recorder.hears(2.4)
        assert (len(reds(seen)), "Paused" in seen.words()) == (1, False)
        assert "0:06" in seen.words()
        assert recorder.asked == ["start_recording", "pause_recording", "resume_recording"]
        await seen.tap("rec-stop")
        (gap,) = gaps(desk)
        assert (gap["kind"], gap["missing"]) == ("paused", pytest.approx(5, abs=0.2))


def gaps(desk: Desk) -> list[dict[str, Any]]:
    assert desk.work
    (entry,) = [doc for doc in entries(desk) if doc["kind"] == "voice"]
    found = desk.work.store.state.get(entry["attachments"][-1]) or {}
    return list(found.get("gaps", ()))


async def test_a_call_that_takes_the_microphone_is_said_felt_and_kept(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(2)
        await recorder.says("paused")
        await seen.drawn(0.3)
        assert "Paused by this device" in seen.words()
        assert reds(seen) == []
        felt = [message.body for message, _ in seen.client.sent]
        assert [getattr(body, "name", "") for body in felt].count("medium_impact") == 3
        clock.advance(seconds=30)
        await seen.tap("rec-pause")
        await recorder.hears(2)
        assert "Paused by this device" not in seen.words()
        await seen.tap("rec-stop")
        (gap,) = gaps(desk)
        assert (gap["kind"], gap["missing"]) == ("paused-by-system", pytest.approx(30, abs=0.2))


async def test_a_microphone_that_hears_nothing_or_says_nothing_is_told_in_amber(
    desk: Desk, clock: FakeClock
) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(1)
        await recorder.hears(3.5, silent=True)
        assert "No sound for 3 s. Look at the microphone; the place is marked." in seen.words()
        assert "rec-warning" in seen.tags()
        await recorder.hears(1)
        assert "rec-warning" not in seen.tags()
        clock.advance(seconds=2.5)
        await seen.drawn()
        assert "No sound arrives." in seen.words()


async def test_who_did_not_agree_is_asked_about_first_and_the_reason_is_kept(desk: Desk, clock: FakeClock) -> None:
    lei = await someone(desk, notes="yes", audio="no")
    await a_session(desk, lei)
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        assert seen.journeys.memo.live.barred
        await seen.tap("now-mic")
        assert desk.tape.memo is None
        asked = (
            "P08 Lei has not agreed to be recorded. If that has changed, write how; it is kept with the recording."
        )
        assert asked in seen.words()
        await seen.tap("rec-anyway")
        assert desk.tape.memo is None
        assert seen.inside("rec-reason", ft.TextField).error
        await seen.type("rec-reason", "he said yes at the tea urn")
        await seen.tap("rec-anyway")
        assert "rec-reason" not in seen.tags()
        await recorder.hears(2)
        await seen.tap("rec-stop")
        (entry,) = entries(desk)
        assert entry["override"] == {"reason": "he said yes at the tea urn", "people": [lei.id]}


async def test_one_can_write_a_note_instead(desk: Desk, clock: FakeClock) -> None:
    await a_session(desk, may_record=("notes",))
    async with a_window(desk) as seen:
        Recorder(seen, clock)
        await seen.tap("now-mic")
        assert "Sound was not agreed for this session." in seen.words()
        await seen.tap("rec-write-instead")
        assert (desk.tape.memo, seen.window.shell.sheet) == (None, "")


async def test_with_a_minor_there_is_no_way_to_record(desk: Desk, clock: FakeClock) -> None:
    child = await someone(desk, minor=True, notes="yes", audio="yes")
    await a_session(desk, child)
    async with a_window(desk) as seen:
        Recorder(seen, clock)
        await seen.tap("now-mic")
        assert "P08 Lei is a minor" in seen.words()
        assert not {"rec-anyway", "rec-reason"} & set(seen.tags())
        await seen.journeys.memo.record_anyway("whatever")
        assert desk.tape.memo is None


async def test_the_names_are_in_the_script_of_the_reader(desk: Desk, clock: FakeClock) -> None:
    await a_session(desk, await someone(desk))
    async with a_window(desk) as seen:
        await seen.journeys.look.speak("zh")
        Recorder(seen, clock)
        await seen.tap("now-mic")
        assert "P08 雷师傅 没有同意录音。若情况有变" in seen.words()


async def test_whether_sound_is_barred_follows_the_register_and_costs_nothing_else(
    desk: Desk, clock: FakeClock
) -> None:
    assert desk.work
    lei = await someone(desk, audio="yes")
    await a_session(desk, lei)
    async with a_window(desk) as seen:
        assert not seen.journeys.memo.live.barred
        doc = desk.work.store.state.get(lei.id) or {}
        change = {"consent": {"state": "withdrawn", "scopes": {}}}
        await desk.work.save([desk.work.change("set", "person", lei.id, change, {"consent": [doc["_u"]]})])
        await seen.drawn()
        assert seen.journeys.memo.live.barred


async def test_without_room_for_sound_there_is_no_memo_and_text_goes_on(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await phone.room_for(50_000_000)
        await seen.tap("now-mic")
        assert "Almost no space, so sound is off." in seen.words()
        assert recorder.asked == []


async def test_a_disk_that_fills_up_ends_the_memo_and_says_up_to_when_it_is_kept(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    desk.tape.limits = Limits(least_bytes=1_000_000)
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(3)
        await phone.room_for(1_000_000)
        clock.advance(seconds=10)
        await seen.drawn(0.3)
        assert "Almost no space. Sound up to 08:00 is kept; text can still be written." in seen.words()
        assert (reds(seen), desk.tape.memo) == ([], None)
        assert recorder.asked[-1] == "stop_recording"
        assert [doc["kind"] for doc in entries(desk)] == ["voice"]


async def test_a_memo_stopped_in_another_window_lets_the_microphone_go(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as one:
        recorder = Recorder(one, clock)
        await one.tap("now-mic")
        await recorder.hears(2)
        await desk.tape.stop()
        await one.drawn()
        assert not one.journeys.memo.live.on
        assert recorder.asked[-1] == "stop_recording"


async def test_the_bars_middle_opens_what_else_there_is(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(68.4)
        await seen.tap("rec-open")
        assert "Erase these 1 min 08 s for good?" in seen.words()
        assert {"rec-erase", "rec-table"} <= set(seen.tags())
        await seen.tap("rec-erase")
        assert "Erased at 08:01, as asked. Nothing of it is left on this device." in seen.words()
        assert (reds(seen), desk.tape.memo, seen.window.shell.sheet) == ([], None, "erased")
        assert entries(desk) == []


async def test_paused_the_sheet_says_paused_too_and_nothing_on_it_is_red(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(4.5)
        await seen.tap("rec-open")
        await seen.drawn()
        assert "Recording · 0:04" in seen.words()
        assert len(reds(seen)) == 2, "one bar below the sheet, one under it"
        await seen.journeys.memo.pause()
        await seen.drawn()
        assert ("Paused · 0:04" in seen.words(), "Recording · 0:04" in seen.words()) == (True, False)
        assert "The microphone is off. What is said now is not recorded." in seen.words()
        assert seen.tags()["rec-bar"].label == "Paused · 0:04"
        assert reds(seen) == []
        await seen.journeys.memo.pause()
        await recorder.hears(1.2)
        assert "Recording · 0:05" in seen.words()
        assert "The microphone is off." not in seen.words()


async def test_the_table_is_shown_from_the_bar(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        recorder = Recorder(seen, clock)
        await seen.tap("now-mic")
        await recorder.hears(2)
        await seen.tap("rec-open")
        await seen.tap("rec-table")
        assert seen.window.shell.sheet == "table"
