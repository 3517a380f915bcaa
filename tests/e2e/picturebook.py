"""Takes the pictures of the documents: the fictional month with a day more, PD29, which is today.

    python -m tests.e2e.picturebook DIR [NAME …]

writes every picture there is a way to here, or those named; `pocket-…`, `welcome-…`, `new-study-…`, `table-…` and
`erased-…` are by-products of the tests.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from fieldlog.model.session import PlannedSession
from fieldlog.services.day.plan import Plan
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.e2e.app import RunningApp, Window, running_app, window
from tests.e2e.sound import write_beeps

PHONE, LAPTOP = (412, 892), (1280, 800)
COLOURS = 96
HOME = {"HOME": "/home/notes"}
"""Where the app proposes to write: nothing is written there."""

CODE = f"p1.192.168.1.9:47315.{'k' * 43}.{'t' * 22}"
"""Of a laptop that nobody has."""

PLANNED = (
    ("08:30", "Rooftop pick-ups", "L05", ("P02", "P09", "P10", "P15", "P16"), ("34-1", "34-2", "34-3")),
    ("14:00", "Numbers meeting", "L02", ("P01", "P05", "P18"), ()),
    ("19:30", "Village road at night", "L07", ("P02", "P07", "P10", "P14"), ("41-1", "41-2")),
)
BEFORE = (
    "Roof wet since six. Wen covers the boom with a shower cap; nobody laughs, two people copy it.",
    "兰导：“先走一遍，不录。”阿宁走了三遍。",
)
MEANWHILE = "Light holds for one take, says Xia, and writes it down before it does."
AFTER = "Ning asks whether the rain counts as an effect."


async def a_month_and_a_day(data: Path) -> None:
    """The month, and today as its 29th day, with three sessions planned."""
    await import_month(laptop(data), sample_month())
    work = await open_study(laptop(data), write=True)
    today = (datetime.now(UTC) + timedelta(hours=8 - 6)).date().isoformat()
    await Plan(work).days(today, 1, number=29)
    await Plan(work).type_of(today, "shoot")
    for at, title, place, people, scenes in PLANNED:
        kind = "meeting" if "meeting" in title else "shoot"
        made = PlannedSession(
            id=work.machine.new_id(), date=today, at=at, title=title, type=kind,
            place=ids(work, "places", place)[0], people=tuple(ids(work, "people", *people)), scenes=scenes,
        )  # fmt: skip
        await work.save([work.op(made)])
    await work.close()


def ids(work: Workspace, view: str, *codes: str) -> list[str]:
    found = {doc.get("code"): doc["id"] for doc in work.store.state.docs(view)}
    return [found[code] for code in codes]


class Book:
    """Pictures into a folder; those that were not asked for are passed over."""

    def __init__(self, app: RunningApp, into: Path, wanted: list[str]) -> None:
        self.app, self.into, self.wanted = app, into, wanted

    async def take(self, win: Window, name: str) -> None:
        if self.wanted and name not in self.wanted:
            return
        await win.page.mouse.move(2, 2)
        await asyncio.sleep(1)
        path = self.into / f"{name}.png"
        await win.shot(path)
        with Image.open(path) as drawn:
            drawn.convert("RGB").quantize(COLOURS).save(path, optimize=True)
        print(path, flush=True)

    @asynccontextmanager
    async def opened(
        self, size: tuple[int, int] = PHONE, look: str = "day", spoken: str = "en", percent: int = 100
    ) -> AsyncIterator[Window]:
        beeps = self.into / ".beeps.wav"
        async with window(self.app.url, width=size[0], height=size[1], fake_sound=beeps) as win:
            if percent != 100:
                await win.enlarge_text(percent)
            if await win.first_of("nav-days", "nav-open") == "nav-open":
                await win.tap("nav-open")
            await win.tap("nav-days")
            await win.tap("more")
            await win.tap(f"language-{spoken}")
            await win.tap(f"look-{look}")
            await win.tap("nav-now")
            yield win


async def send(win: Window, note: str) -> None:
    await win.type("now-field", note)
    await win.tap("now-send")
    await win.see(note[:20])


async def a_day(book: Book) -> None:
    """From the plan to the last note of it: what makes the stream, and what is seen on the way."""
    async with book.opened() as win:
        await win.tap("now-session")
        await win.see("Numbers meeting")
        await book.take(win, "session-sheet-phone")
        await win.page.locator('[flt-semantics-identifier^="plan-sheet-"]').first.click(force=True)
        await win.see("Rooftop pick-ups")
        await win.tap("now-may")
        for medium in ("audio", "photo"):
            await win.tap(f"may-{medium}")
        await win.tap("sheet-close")
        for note in BEFORE:
            await send(win, note)
        await win.tap("now-scene")
        for key in "342":
            await win.tap(f"scene-key-{key}")
        for result in ("NG", "OK"):
            await win.tap(f"scene-take-{result}")
            await asyncio.sleep(0.5)
        await win.find("undo").wait_for(state="detached")
        await book.take(win, "scene-pad-phone")
        await win.tap("sheet-close")
        await win.record()
        await asyncio.sleep(3)
        await win.tap("rec-mark")
        await asyncio.sleep(1)
        await send(win, MEANWHILE)
        await win.tap("rec-mark")
        await asyncio.sleep(1)
        await book.take(win, "recording-phone")
        await asyncio.sleep(4)
        await win.tap("rec-stop")
        await win.see("Voice memo")
        await send(win, "Wen dries the cap on the generator.")
        await win.type("now-field", AFTER)
        await win.see("Kept")
        await book.take(win, "now-phone")
        await win.tap("now-send")
        await win.tap("now-may")
        await win.see("P16")
        await book.take(win, "may-phone")
        await win.type("here-find", "P19")
        await win.tap("here-add-P19")
        await win.tap("sheet-close")
        await win.swipe("now-people")
        await win.tap("now-people")
        await win.tap("pick-P15")
        await win.tap("pick-P19")
        await book.take(win, "people-sheet-phone")
        await win.tap("sheet-close")
        async with window(book.app.url, width=LAPTOP[0], height=LAPTOP[1], writes=False) as second:
            await second.see("open in another window")
            await book.take(second, "now-laptop-reading")


async def other_screens(book: Book) -> None:
    async with book.opened() as win:
        await win.tap("nav-days")
        await win.see("PD01")
        await book.take(win, "days-phone")
        await win.tap("month-rows")
        await win.find("day-PD03").wait_for(state="attached")
        await book.take(win, "days-list-phone")
        await win.tap("nav-register")
        await book.take(win, "people-phone")
        await win.go(book.app.url + "#/register/people/P14")
        await win.see("What they agreed to")
        await book.take(win, "person-page-phone")
        await win.tap("nav-archive")
        await book.take(win, "archive-phone")
    async with book.opened(look="night", spoken="zh") as win:
        await win.tap("now-day")
        await book.take(win, "day-sheet-phone-night-chinese")
        await win.tap("sheet-close")
        await win.tap("nav-days")
        await win.tap("month-score")
        await win.find("month-picture").wait_for(state="attached")
        await book.take(win, "score-phone-night-chinese")
        await win.tap("month-rows")
        await win.tap("day-PD03")
        await win.page.locator('[flt-semantics-identifier^="entry-"]').first.click(force=True)
        await win.find("entry-edit").wait_for(state="attached")
        await book.take(win, "entry-phone-night-chinese")
        await win.tap("nav-archive")
        await win.tap("now-copies")
        await win.tap("sync-as-file")
        await win.find("copies-make").wait_for(state="attached")
        await book.take(win, "copies-phone-night-chinese")
    async with book.opened(percent=200) as win:
        await win.tap("now-session")
        await book.take(win, "session-sheet-phone-large-letters")
    async with book.opened(look="blackout") as win:
        await book.take(win, "now-phone-blackout")


async def on_a_laptop(book: Book) -> None:
    async with book.opened(LAPTOP) as win:
        await win.tap("nav-days")
        await win.find("month-picture").wait_for(state="attached")
        await book.take(win, "score-laptop")
        await win.tap("month-rows")
        await win.tap("day-PD10")
        await win.see("24:35")
        await book.take(win, "day-laptop")
    async with book.opened(LAPTOP, "day", "zh") as win:
        await win.tap("nav-register")
        await win.tap("people-add")
        await book.take(win, "person-sheet-laptop-chinese")
        await win.tap("sheet-close")
    async with book.opened(LAPTOP, "night", "zh") as win:
        await book.take(win, "now-laptop-night-chinese")


async def to_devices(win: Window, address: str = "/sync") -> None:
    await win.page.evaluate(f"location.hash = '#{address}'")


async def paired(book: Book) -> None:
    """The code that a laptop shows, and the question on the other side."""
    async with book.opened(LAPTOP) as win:
        await to_devices(win)
        await win.tap("hub-switch")
        await win.tap("hub-show")
        await win.find("hub-code").wait_for(state="attached")
        await book.take(win, "hub-code-laptop")
        await win.tap("hub-close")
        await win.tap("hub-switch")
    async with book.opened() as win:
        await to_devices(win, f"/{CODE}")
        await win.find("pair-question").wait_for(state="attached")
        await book.take(win, "hub-pair-phone")
        await win.tap("pair-leave")


async def main() -> None:
    into, wanted = Path(sys.argv[1]), sys.argv[2:]
    write_beeps(into / ".beeps.wav")
    with tempfile.TemporaryDirectory() as data:
        await a_month_and_a_day(Path(data))
        async with running_app(Path(data), environment=HOME | {"TZ": "Asia/Shanghai"}) as app:
            book = Book(app, into, wanted)
            for part in (a_day, other_screens, on_a_laptop, paired):
                await part(book)
    (into / ".beeps.wav").unlink()


if __name__ == "__main__":
    asyncio.run(main())
