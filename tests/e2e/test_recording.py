"""A memo runs while one types, photographs and marks: everything is tied to its true second.

The microphone is the page's own: it beeps at the very touch or key, so the recording itself says what is true.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from tests.e2e.app import Window, running_app, window
from tests.e2e.sound import Heard
from tests.e2e.test_journey import begin_a_study
from tests.e2e.test_photos import ONE, READY

DEEDS = "note mark photo note mark note photo note mark note".split()
NEAR_SECONDS = 0.3
EARSHOT = """
(() => {
  const media = navigator.mediaDevices, real = media.getUserMedia.bind(media);
  let context, loud;
  media.getUserMedia = async wanted => {
    if (!wanted.audio) return real(wanted);
    context = new AudioContext();
    const out = context.createMediaStreamDestination();
    const voice = (pitch, volume) => {
      const tone = context.createOscillator(), gain = context.createGain();
      tone.frequency.value = pitch;
      gain.gain.value = volume;
      tone.connect(gain).connect(out);
      tone.start();
      return gain;
    };
    voice(100, 0.01);
    loud = voice(1000, 0);
    return out.stream;
  };
  window.due = 0;
  window.played = [];
  const beep = () => {
    if (!window.due) return;
    window.due -= 1;
    loud.gain.setValueAtTime(0.5, context.currentTime);
    loud.gain.setValueAtTime(0, context.currentTime + 0.25);
  };
  addEventListener('pointerdown', beep, true);
  addEventListener('keydown', beep, true);
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    this.addEventListener('playing', () => window.played.push(this.currentTime));
    return play.call(this);
  };
})();
"""


@pytest.mark.alone
async def test_what_is_done_while_a_memo_runs_is_tied_to_its_second(
    tmp_path: Path, count: Callable[[int, int], int], shots: Path
) -> None:
    pause = count(12, 60) / len(DEEDS)
    async with running_app(tmp_path / "data") as app, window(app.url, script=EARSHOT) as win:
        await begin_a_study(win)
        await win.tap("now-mic")
        await win.find("rec-bar").wait_for(state="attached")
        for n, deed in enumerate(DEEDS):
            await asyncio.sleep(pause)
            await do(win, deed, n)
        await win.shot(shots / "recording.png")
        await asyncio.sleep(1)
        await win.tap("rec-stop")
        await win.see(f"{len(DEEDS) + 1} entries not backed up")
        entries, sound = await kept(tmp_path / "data")
        heard = Heard(sound)
        tied = [entry for entry in entries if entry["kind"] != "voice"]
        assert [entry["kind"] for entry in tied] == [KINDS[deed] for deed in DEEDS]
        assert len(heard.beeps) == len(DEEDS)
        off = [entry["during"]["at"] - true for entry, true in zip(tied, heard.beeps, strict=True)]
        print(f"seconds off: {' '.join(f'{one:+.2f}' for one in off)}")
        assert max(map(abs, off)) <= NEAR_SECONDS
        (memo,) = {entry["during"]["memo"] for entry in tied}
        assert memo == next(entry["id"] for entry in entries if entry["kind"] == "voice")
        await plays_at(win, next(entry for entry in tied if entry["kind"] == "marker"))
        assert win.errors == []


KINDS = {"note": "jotting", "mark": "marker", "photo": "photo"}


async def do(win: Window, deed: str, n: int) -> None:
    """Type a note, take a photo, or mark; its first key or its touch beeps."""
    if deed == "mark":
        await beeping(win)
        await win.tap("rec-mark")
    elif deed == "photo":
        await win.tap("now-camera")
        await win.see(READY["en"])
        await beeping(win)
        await win.tap("camera-shutter")
        await win.see(ONE["en"])
        await win.tap("camera-close")
    else:
        await win.focus("now-field")
        await beeping(win)
        await win.page.keyboard.type(f"note {n}", delay=60)
        await win.see("Kept")
        await win.tap("now-send")


async def beeping(win: Window) -> None:
    await win.page.evaluate("window.due = 1")


async def kept(data: Path) -> tuple[list[dict[str, Any]], Path]:
    """The entries in their order, and the file of the one memo."""
    work = await open_study(laptop(data), write=False)
    entries = sorted(work.store.state.entries(), key=lambda doc: (doc["occurred_at"], doc["id"]))
    await work.close()
    (sound,) = data.glob("studies/*/media/*/*.wav")
    return entries, sound


async def plays_at(win: Window, mark: dict[str, Any]) -> None:
    """By a screen reader a tap on a memo's marks plays from the first. The memo is the first of the day."""
    await win.page.mouse.move(200, 300)
    await win.page.mouse.wheel(0, -8000)
    await win.tap(f"marks-{mark['during']['memo']}")
    await win.page.wait_for_function("window.played.length")
    played = await win.page.evaluate("window.played")
    assert played[-1] == pytest.approx(mark["during"]["at"], abs=0.5)
