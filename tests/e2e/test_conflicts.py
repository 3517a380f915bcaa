"""Two stores changed apart meet over a folder; what both changed is settled in the browser, and both are equal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import new_study, open_study
from tests.cli.terminal import rows, started
from tests.e2e.app import Window, running_app, window
from tests.e2e.looking import faults, stand_still, to_device

LIST = "#/archive/conflicts"
SECOND = 1.0
CHANGED = (
    ("Wen waits in the van.", "Wen waits in the fog.", "Wen waits in the rain, alone."),
    ("兰导先走一遍，不录。", "兰导先走两遍，不录。", "兰导先走一遍，再录。"),
    ("Tea urn, gaffer tape.", "Tea urn, gaffer tape, DAY 14.5.", "Tea urn and gaffer tape."),
)
"""A note, and what it says in each store afterwards."""


LOOKS = [("day", "en", 100), ("night", "zh", 100), ("day", "zh", 100), ("night", "en", 100), ("day", "en", 200)]
SCREENS = [
    ("list", "", "conflict-0"),
    ("page", "conflict-0", "conflict-keep-1"),
    ("joined", "conflict-together", "conflict-save"),
]
"""What is looked at, one after the other: the tap that leads there, and what is there then."""


@dataclass(frozen=True)
class Apart:
    """Two stores, a folder they meet in, and the notes that both changed."""

    one: Path
    other: Path
    stick: Path
    notes: tuple[str, ...]

    def meet(self) -> None:
        for store in (self.one, self.other, self.one):
            ran = started(store, "sync", str(self.stick))
            assert (ran.returncode, ran.stderr) == (0, ""), ran


async def changed_apart(folder: Path) -> Apart:
    one, other = folder / "one", folder / "other"
    today = datetime.now(UTC).date().isoformat()
    work = await new_study(laptop(one), title="Rain", zone="UTC", first_day=today, days=3)
    notes = tuple([(await Capture(work).note(was)).id for was, _, _ in CHANGED])
    await work.close()
    found = Apart(one, other, folder / "stick", notes)
    found.meet()
    for store, which in ((one, 1), (other, 2)):
        work = await open_study(laptop(store), write=True)
        for note, texts in zip(notes, CHANGED, strict=True):
            await Editing(work).reword(note, texts[which])
        await work.close()
    found.meet()
    return found


def texts(store: Path) -> dict[str, str]:
    days = [str(row["date"]) for row in rows(started(store, "days", "--json"))]
    return {str(row["id"]): str(row["text"]) for day in days for row in rows(started(store, "day", day, "--json"))}


def journals(store: Path) -> dict[str, bytes]:
    """What each writer wrote that wrote anything."""
    found: dict[str, bytes] = {}
    for file in sorted(store.glob("studies/*/journals/*/*.jsonl")):
        found[file.parent.name] = found.get(file.parent.name, b"") + file.read_bytes()
    return {writer: said for writer, said in found.items() if said}


async def settled_in(win: Window, apart: Apart) -> None:
    """The first from its own page, the second from the list, the third joined; one of them once more."""
    await win.tap(f"entry-{apart.notes[0]}")
    await win.tap("entry-conflict-text")
    await win.see("Underlined is what only that version has.")
    await win.tap("conflict-keep-1")
    await win.see("Settled: one version")
    await win.tap("undo")
    await win.tap("entry-conflict-text")
    await win.tap("conflict-keep-0")
    await win.see("Settled: one version")
    await win.gone("Changed on two devices")


@pytest.mark.parametrize(("width", "height"), [(412, 892), (1280, 800)])
async def test_two_stores_changed_apart_are_equal_once_a_person_has_settled_it(
    tmp_path: Path, width: int, height: int
) -> None:
    apart = await changed_apart(tmp_path)
    async with running_app(apart.one) as app:
        async with window(app.url, width=width, height=height) as win:
            await settled_in(win, apart)
            await win.page.goto(app.url + LIST)
            await win.see("2 things to settle")
            await win.tap("conflict-0")
            await win.tap("conflict-together")
            await win.type("conflict-field", "half ")
            await asyncio.sleep(SECOND)
            await app.kill()
            await app.start()
            await win.go(app.url + LIST)
            await win.tap("conflict-0")
            await win.see("half ")
            await win.tap("conflict-save")
            await win.see("1 thing to settle")
            await win.tap("conflict-0")
            await win.tap("conflict-keep-1")
            await win.see("Nothing to settle")
            assert win.errors == []
        assert await app.stop() == 0
    apart.meet()
    said = texts(apart.one)
    assert said == texts(apart.other)
    assert said[apart.notes[0]] == CHANGED[0][2]
    joined = [said[note] for note in apart.notes[1:] if "half " in said[note]]
    assert len(joined) == 1
    assert journals(apart.one) == journals(apart.other)
    for store in (apart.one, apart.other):
        assert started(store, "conflicts").stdout == "0 to settle\n"
        assert "No faults." in started(store, "verify").stdout


@pytest.mark.parametrize(("width", "height"), [(412, 892), (1280, 800)])
async def test_the_list_and_both_versions_are_whole_in_every_look(
    tmp_path: Path, shots: Path, width: int, height: int
) -> None:
    apart = await changed_apart(tmp_path)
    wrong: dict[str, list[str]] = {}
    async with running_app(apart.one) as app, window(app.url, width=width, height=height) as win:
        for look, language, percent in LOOKS:
            await win.enlarge_text(percent)
            await to_device(win)
            await win.tap(f"language-{language}")
            await win.tap(f"look-{look}")
            await win.page.evaluate(f"location.hash = '{LIST}'")
            for name, begins, there in SCREENS:
                if begins:
                    await win.tap(begins)
                await win.find(there).wait_for(state="attached")
                await stand_still(win)
                picture = shots / f"conflicts-{name}-{width}-{look}-{language}-{percent}.png"
                await win.shot(picture)
                if found := await faults(win, picture):
                    wrong[picture.name] = found
            await win.tap("conflict-cancel")
        assert win.errors == []
    assert wrong == {}
