"""Every writing field in a real browser: after a kill, a reload or another destination it has its words again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import laptop
from fieldlog.services.register import people, places_scenes_codes
from fieldlog.services.study.studies import new_study
from tests.e2e.app import RunningApp, Window, running_app, window
from tests.fakes.erased import filed, photograph

FIRST, LAST = "ab", " last keys"
"""Typed key by key: until the field is known to hear them, and within the last second."""

SECOND = 1.0
HOLDS = """(field) => {
  const active = document.activeElement;
  return field.value || (active?.matches(".flt-text-editing") ? active.value : "");
}"""
ENDS = ("killed", "reloaded", "left")
FAR = "now-quick"
"""The last chip of its row, out of sight at first."""


@dataclass(frozen=True)
class Form:
    """The taps that lead to it from any destination, and its fields."""

    taps: tuple[str, ...]
    fields: tuple[str, ...]


FORMS = (
    Form(("nav-now", "entry-<note>", "entry-edit"), ("entry-field",)),
    Form(("nav-register", "register-people", "people-add"), ("person-name", "person-name-zh")),
    Form(("nav-register", "register-places", "register-add"), ("item-name", "item-name-zh")),
    Form(("nav-now", "now-session"), ("session-title",)),
    Form(("nav-now", "now-mic"), ("rec-reason",)),
    Form(("nav-now", "entry-<photo>", "entry-edit"), ("entry-field",)),
    Form(("more", "device-new", "welcome-new"), ("study-title", "study-researcher")),
    Form(("nav-register", "register-people", "people-add", "people-unknown"), ("unknown-field",)),
    Form(("nav-register", "register-people", "person-P01", "person-edit"), ("person-name", "person-role")),
    Form(("nav-register", "register-scenes", "register-add"), ("item-code", "item-about")),
    Form(("nav-register", "register-codes", "register-row-waiting"), ("item-name", "item-about")),
    Form(("nav-now", "now-camera"), ("photo-reason",)),
    Form(("nav-now", "now-more", "now-figure"), ("figure-name", "figure-of")),
    Form(("nav-now", "now-more", "now-quick"), ("template-new",)),
)


async def a_study(data: Path) -> dict[str, str]:
    """A study in which nobody has agreed to sound or photos; the ids of a note and of a photo of today."""
    machine = laptop(data)
    today = datetime.now(UTC).date().isoformat()
    work = await new_study(machine, title="Rain", zone="UTC", first_day=today, days=3)
    capture = Capture(work)
    await Sessions(work, capture).start("On set", kind="meeting")
    await people.quick_add(work, pseudonym="Lei")
    await places_scenes_codes.add_code(work, "waiting")
    note, photo = await capture.note("the crane moves"), await filed(capture, photograph(1))
    await work.close()
    return {"note": note.id, "photo": photo}


def words(letters: int, n: int) -> str:
    """So many letters that stand in no other field."""
    return (f"{n} 灯还没好 the lamp, " * letters)[:letters]


@pytest.mark.parametrize("end", ENDS)
async def test_every_field_has_its_words_again(tmp_path: Path, count: Callable[[int, int], int], end: str) -> None:
    """In a reduced run two forms meet each of the ends, in a full one all of them."""
    forms = FORMS[count(ENDS.index(end), 0) :: count(len(ENDS), 1)][: count(2, len(FORMS))]
    ids = await a_study(tmp_path)
    async with running_app(tmp_path) as app, window(app.url, most_seconds=count(180, 1200)) as win:
        typed: dict[tuple[Form, str], str] = {}
        for form in forms:
            await opened(win, form, ids)
            for name in form.fields:
                many = typed[form, name] = words(count(200, 2000), len(typed))
                await win.type(name, FIRST)
                await win.page.keyboard.insert_text(many)
                await asyncio.sleep(SECOND)
                await win.page.keyboard.type(LAST)
        await ended(app, win, end)
        for form in forms:
            await opened(win, form, ids)
            for name in form.fields:
                shown = await held(win, name)
                assert typed[form, name] in shown, f"{name} holds {shown!r}"


async def held(win: Window, name: str) -> str:
    """What a field holds: it tells the page once it has the keys, it or what takes them in its place."""
    field = win.find(name).locator("input, textarea").first
    for _ in range(3):
        await field.click(force=True)
        await asyncio.sleep(SECOND / 2)
        if shown := await field.evaluate(HOLDS):
            return str(shown)
    return ""


async def opened(win: Window, form: Form, ids: dict[str, str]) -> None:
    """From wherever one is."""
    await closed(win)
    for tap in form.taps:
        for name, record in ids.items():
            tap = tap.replace(f"<{name}>", record)
        if tap == "entry-edit" and await win.first_of("entry-field", "entry-edit") == "entry-field":
            continue
        if tap == FAR:
            await win.swipe(tap)
        await win.tap(tap)
    await win.find(form.fields[0]).wait_for(state="attached")


async def closed(win: Window) -> None:
    """Whatever form is open, by its cross."""
    for cross in ("sheet-close", "study-back", "welcome-back"):
        if await win.has(cross):
            await win.tap(cross)


async def ended(app: RunningApp, win: Window, end: str) -> None:
    if end == "killed":
        await app.kill()
        await app.start()
        await win.go(app.url)
    elif end == "reloaded":
        await win.reload(form=True)
    else:
        await closed(win)
        await win.tap("nav-archive")
