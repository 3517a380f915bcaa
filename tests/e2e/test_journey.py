"""One evening from an empty store to a checked archive, through a kill, as a person would do it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.app import Window, running_app, window
from tests.e2e.sound import PITCH_HZ, Heard, write_beeps

NOTE = "Fang’s board: “15 scheduled”, 8 done. 乔制片：“拍完再睡，算两天。”"
HALF = "半句话 half a sentence"
TRIES = 3
"""How often a time is taken: the least is the app's, the others' may be a busy machine's."""

PAUSE_SECONDS = 0.5
"""A pause in typing after which all of it is on the disk, the way to the app and back included."""


async def begin_a_study(win: Window) -> int:
    """From the welcome page into the field; how many taps that took."""
    await win.tap("welcome-new")
    await win.type("study-title", "雨停之前 Before the rain stops")
    await win.tap("study-begin")
    await win.find("now-field").wait_for(state="attached")
    return 3


async def record(win: Window, seconds: float) -> tuple[float, float]:
    """A memo of about so many seconds: how long the red bar stood there, and how long after the tap it ended."""
    microphone = await win.find("now-mic").bounding_box()
    assert microphone
    tapped = time.monotonic()
    await win.page.mouse.click(microphone["x"] + 36, microphone["y"] + 36)
    await win.find("rec-bar").wait_for(state="attached")
    began = time.monotonic()
    await asyncio.sleep(seconds)
    stop = win.find("rec-stop")
    box = await stop.bounding_box()
    assert box
    await win.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ended = time.monotonic()
    await win.find("rec-bar").wait_for(state="detached")
    return ended - began, ended - tapped


async def photograph(win: Window) -> None:
    await win.tap("now-camera")
    await win.see("Nothing is taken yet")
    await win.tap("camera-shutter")
    await win.see("1 photo kept")
    await win.tap("camera-close")


async def play(win: Window) -> None:
    """The memo is heard: its sound is fetched, its waveform was."""
    first = win.page.locator('[flt-semantics-identifier^="play-"]').first
    name = str(await first.get_attribute("flt-semantics-identifier"))
    async with win.page.expect_response(lambda answer: "/media/sound/" in answer.url) as heard:
        await win.tap(name)
    assert (await heard.value).ok
    assert any("/media/wave/" in url for url in win.answered)


@pytest.mark.alone
async def test_an_evening_from_nothing_to_a_checked_archive(
    tmp_path: Path, tool: Callable[[str], Path], shots: Path
) -> None:
    beeps = write_beeps(tmp_path / "beeps.wav")
    archive = tmp_path / "archive"
    async with running_app(tmp_path / "data") as app, window(app.url, fake_sound=beeps) as win:
        began = time.monotonic()
        taps = await begin_a_study(win)
        await win.page.keyboard.type("F")
        await win.see("Kept")
        assert time.monotonic() - began < 60
        assert taps <= 6
        await win.keys(NOTE[1:])
        await win.tap("now-send")
        lasted = await record(win, 5)
        await photograph(win)
        await win.shot(shots / "journey-stream.png")
        await win.type("now-field", HALF)
        await asyncio.sleep(PAUSE_SECONDS)
        await app.kill()

        await app.start()
        await win.go(app.url)
        for words in (NOTE, HALF, "Voice memo", "Photo"):
            await win.see(words)
        assert "Recover" not in await win.text()
        await play(win)
        await win.tap("nav-archive")
        await win.type("archive-folder", str(archive), anew=True)
        await win.tap("archive-write")
        await win.see("It lies in")
        await win.tap("archive-verify")
        await win.see("No faults")
        await win.shot(shots / "journey-archive.png")
        assert win.errors == []
    check_archive(archive, tool("sha256sum"))
    (recording,) = archive.rglob("*.wav")
    check_sound(Heard(recording), lasted)
    (photo,) = archive.rglob("*.jpg")
    with Image.open(photo) as picture:
        assert min(picture.size) >= 480
    notes = "\n".join(path.read_text(encoding="utf-8") for path in archive.rglob("days/*/**/*.md"))
    assert NOTE in notes
    assert HALF in notes


def check_archive(archive: Path, sha256sum: Path) -> None:
    """With a tool that knows nothing of us: every list of every folder."""
    manifests = [archive / "manifest-sha256.txt", *archive.glob("days/*/manifest-sha256.txt")]
    assert len(manifests) >= 2
    for manifest in manifests:
        checked = subprocess.run(
            [sha256sum, "--check", "--strict", manifest.name], cwd=manifest.parent, capture_output=True, text=True,
            check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert checked.returncode == 0, checked.stdout + checked.stderr


def check_sound(heard: Heard, lasted: tuple[float, float]) -> None:
    """As long as it was recorded, at the pace and the pitch at which it sounded.

    It began between the tap on the microphone and the moment the red bar was seen.
    """
    shortest, longest = lasted
    assert shortest - 0.2 <= heard.seconds <= longest + 0.2, (heard.seconds, lasted)
    assert heard.at_true_pace, heard.beeps
    pitches = [heard.pitch_hz(at) for at in heard.beeps[1:-1]]
    assert all(abs(pitch - PITCH_HZ) < PITCH_HZ * 0.03 for pitch in pitches), pitches


async def in_the_other(one: Window, other: Window, words: str) -> float:
    """How many seconds after its press a note is seen in the other window."""
    await one.type("now-field", words)
    await one.see("Kept")
    send = await one.find("now-send").bounding_box()
    assert send
    sent = time.monotonic()
    await one.page.mouse.click(send["x"] + 24, send["y"] + 24)
    await other.see(words)
    return time.monotonic() - sent


@pytest.mark.alone
async def test_a_note_made_in_one_window_is_in_the_other_within_a_second(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app, window(app.url) as one:
        await begin_a_study(one)
        async with window(app.url, width=1280, height=800, writes=False) as other:
            await other.see("Read-only here")
            took = [await in_the_other(one, other, f"从这个窗口 {n}") for n in range(TRIES)]
            assert min(took) < 1, took
            await one.type("now-field", "half a thought")
            await one.see("Kept")
            await other.tap("now-write-here")
            await one.see("Read-only here")
            await other.see("Kept")
            await other.tap("now-send")
            await one.see("half a thought")
            assert one.errors == other.errors == []


async def test_a_second_process_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await begin_a_study(win)
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "fieldlog", "--data", str(tmp_path / "data"), "--no-browser",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(30):
            _, said = await second.communicate()
        assert second.returncode == 1
        assert "already open on this store" in said.decode()


async def test_a_copy_is_made_in_three_taps_and_the_number_is_gone(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    async with running_app(tmp_path / "data", environment=home) as app, window(app.url) as win:
        await begin_a_study(win)
        await win.keys("only here")
        await win.tap("now-send")
        await win.see("1 entry not backed up")
        for target in ("now-copies", "copies-make"):
            await win.tap(target)
        await win.see("Backed up and read back whole")
        assert not await win.has("now-copies")
        assert len(list(tmp_path.glob("FieldLog/*/copies/*.zip"))) == 1
