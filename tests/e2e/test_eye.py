"""Pictures and sounds where there is no server and no Pillow: in a real browser, in Python's worker."""

from __future__ import annotations

import base64
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fieldlog.disk.memory import MemoryDisk
from fieldlog.media.intake import take_in
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.vault import Vault
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import pyodide_page
from tests.fakes.made import SIDECAR, Bytes, bad_files, photo, riff, saved, sine
from tests.media.photo.test_picture import AT_TEN, FIX, is_red, opened

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)

HELD = {f"held{n}.jpg": photo(size=(800, 600), orientation=n, exif={0x9003: AT_TEN}, gps=FIX) for n in range(1, 9)}


def held_as(kind: str, orientation: int) -> bytes:
    image, tags, out = opened(photo(size=(400, 300))), Image.Exif(), io.BytesIO()
    tags[0x0112] = orientation
    image.transpose(Image.Transpose.ROTATE_90).save(out, kind, exif=tags)
    return out.getvalue()


def damaged_in_the_middle() -> bytes:
    whole = saved(Image.effect_noise((200, 200), 60), "PNG")
    return whole[: len(whole) // 2] + bytes(60) + whole[len(whole) // 2 + 60 :]


MORE = {
    "whole.png": saved(Image.new("RGBA", (50, 40), (0, 0, 0, 0)), "PNG"),
    "held.png": held_as("PNG", 6),
    "held.webp": held_as("WEBP", 6),
    "moving.gif": saved(Image.new("P", (30, 20)), "GIF"),
    "held.tif": held_as("TIFF", 6),
    "progressive.jpg": photo(progressive=True, orientation=3),
    "grey.jpg": saved(Image.new("L", (640, 480), 90), "JPEG"),
    "cmyk.jpg": saved(Image.new("CMYK", (64, 48)), "JPEG"),
    "head.jpg": photo()[:700],
    "damaged.png": damaged_in_the_middle(),
    "half.png": saved(Image.effect_noise((90, 90), 50), "PNG")[:4000],
    "sound.wav": riff(sine(16_000)),
}
FILES = HELD | MORE | {name: data for name, data in bad_files().items() if not name.startswith("dup")}
UNSEEN = {"held.tif"}
"""What this browser has no decoder for: kept as it is, without a preview."""

LOOK = """
import base64, json
from dataclasses import asdict
from fieldlog.disk.opfs import OpfsDisk
from fieldlog.media.derived import read_derived
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.intake import take_in
from fieldlog.media.vault import Vault
from fieldlog.services.machine.sources import Bytes

vault, found = Vault(OpfsDisk("look")), {}
for name in NAMES:
    with open(f"/app/files/{name}", "rb") as file:
        source = Bytes(name=name, data=file.read())
    taken = await take_in(vault, source, sidecar=SIDECAR, eye=find_eye())
    one = taken.examined
    made = {}
    for what in taken.derived:
        made[what] = base64.b64encode(await read_derived(vault, taken.kept.sha256, what)).decode()
    found[name] = [one.verdict, one.also, one.width, one.height, one.picture and asdict(one.picture), made]
json.dumps(found)
"""


async def on_the_laptop(name: str, data: bytes) -> list[Any]:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes(name, data), sidecar=SIDECAR, eye=find_eye())
    one = taken.examined
    facts = None if one.picture is None else {**vars(one.picture)}
    return json.loads(json.dumps([one.verdict, one.also, one.width, one.height, facts, taken.derived]))  # type: ignore[no-any-return]


def small(made: dict[str, str], name: str) -> Image.Image:
    return opened(base64.b64decode(made[name]))


async def test_a_browser_gives_every_file_the_verdict_and_the_facts_it_gets_on_the_laptop(tmp_path: Path) -> None:
    numbered = {f"{n}-{name}": data for n, (name, data) in enumerate(FILES.items()) if name.isascii()}
    files = {f"files/{name}": data for name, data in numbered.items()}
    async with pyodide_page(tmp_path / "profile", files=files) as page:
        found = json.loads(await page.run(f"NAMES, SIDECAR = {list(numbered)!r}, {SIDECAR!r}\n{LOOK}"))
    for name, data in numbered.items():
        *seen, made = found[name]
        *told, names = await on_the_laptop(name, data)
        plain = name.partition("-")[2]
        assert seen == told, name
        assert list(made) == ([] if plain in UNSEEN else names), name
        if plain in HELD:
            assert small(made, "preview.jpg").size == (800, 600)
            thumb = small(made, "thumb.jpg")
            assert thumb.size == (320, 240)
            assert is_red(thumb, (40, 30)), name
            assert not any(is_red(thumb, at) for at in ((319, 0), (0, 239), (319, 239))), name
            assert not thumb.getexif()
        if plain in ("held.png", "held.webp"):
            assert is_red(small(made, "thumb.jpg"), (40, 30)), name
            assert small(made, "thumb.jpg").size == (320, 240)
        if plain == "whole.png":
            assert small(made, "thumb.jpg").getpixel((25, 20)) == (255, 255, 255)
        if plain == "half.jpg":
            assert is_red(small(made, "thumb.jpg"), (40, 30))


DAY = """
import asyncio, json, time
import js
from pyodide.ffi import create_proxy, to_js
from fieldlog.media.derived import made_of
from fieldlog.model.stroke import Stroke
from fieldlog.server.channel import MOST_BYTES, NAME, serve_media
from fieldlog.services.memo import filing
from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import addressed, browser
from fieldlog.services.study.studies import open_study
from fieldlog.services.serving import Serving
from fieldlog.services.entry.sketches import Sketching, pictures_of
from fieldlog.services.machine.sources import Bytes

RATE = 24_000
work = await open_study(browser(), "01950000-0000-7000-8000-000000000001", write=True)
capture = Capture(work)
await capture.begin()
line, waiting, asked, answers = js.BroadcastChannel.new(addressed(NAME)), {}, 0, []

def hear(event):
    answers.append(event.data.status)
    waiting.pop(event.data.id).set_result(event.data)

heard = create_proxy(hear)
line.addEventListener("message", heard)
serve_media(Serving(lambda: None))  # as in a second tab, which has no study
stop = serve_media(Serving(lambda: work))

async def ask(path, start=None, end=None):
    global asked
    asked += 1
    waiting[str(asked)] = answer = asyncio.get_running_loop().create_future()
    message = {"id": str(asked), "path": path, "start": start, "end": end}
    line.postMessage(to_js(message, dict_converter=js.Object.fromEntries))
    async with asyncio.timeout(20):
        return await answer

async def whole(path):
    found = bytearray()
    while True:
        answer = await ask(path, len(found))
        assert answer.status in (200, 206), (path, answer.status)
        assert answer.start == len(found) and answer.body.length <= MOST_BYTES
        found += answer.body.to_bytes()
        if len(found) >= answer.size:
            return bytes(found)

async def seen(data, mime, *places):
    kind = to_js({"type": mime}, dict_converter=js.Object.fromEntries)
    image = await js.createImageBitmap(js.Blob.new(to_js([to_js(data)]), kind))
    canvas = js.OffscreenCanvas.new(image.width, image.height)
    pen = canvas.getContext("2d")
    pen.drawImage(image, 0, 0)
    return [image.width, image.height, *(list(pen.getImageData(*at, 1, 1).data)[:3] for at in places)]

async def photographed(name):
    with open(f"/app/files/{name}", "rb") as file:
        entry, taken = await capture.file(Bytes(name=name, data=file.read()))
    return entry, taken
"""

STORY = f"""{DAY}
note = await capture.note("风太大，先不拍。")
entry, taken = await photographed("photo.jpg")
sha256 = taken.kept.sha256
recording = await filing.begin(work, capture, rate=RATE, segment_frames=RATE)
with open("/app/files/sound.pcm", "rb") as file:
    while chunk := file.read(RATE // 5):
        recording.push(chunk)
        await recording.step()
filed = await filing.stop(work, recording)
cut, cut_taken = await photographed("streamed.wav")
thumb, preview = await whole(f"thumb/{{sha256}}"), await whole(f"preview/{{sha256}}")
wave, sound = await whole(f"wave/{{filed.entry.id}}"), await whole(f"sound/{{filed.entry.id}}")
flat = await whole(f"wave/{{cut.id}}")
mended = await whole(f"sound/{{cut.id}}")
original = await whole(f"file/{{sha256}}")

paths = [f"{{kind}}/{{sha256}}" for kind in ("thumb", "preview", "file")] + [f"sound/{{filed.entry.id}}"]
at_once = await asyncio.gather(*(ask(path) for path in paths * 6), *(work.vault.verify(sha256) for _ in range(3)))
part = await ask(f"file/{{sha256}}", 100, 200)
told = {{
    "verdicts": [taken.examined.verdict, cut_taken.examined.verdict, filed.clean],
    "entries": sorted(entry["kind"] for entry in work.store.state.entries()),
    "thumb": await seen(thumb, "image/jpeg", (40, 30), (280, 30), (40, 210)),
    "preview": (await seen(preview, "image/jpeg"))[:2],
    "wave": (await seen(wave, "image/png"))[:2],
    "sound": [len(sound), sound[:44].hex(), sound[44:] == open("/app/files/sound.pcm", "rb").read()],
    "mended": len(mended),
    "original": original == open("/app/files/photo.jpg", "rb").read(),
    "at_once": sorted({{one.status for one in at_once if one is not None}}),
    "part": [part.status, part.mime, part.name, part.size, part.start, part.end, part.original,
             part.body.to_bytes() == original[100:200]],
    "refused": [(await ask(path)).status for path in ("thumb/" + "0" * 64, "sound/none", "x")],
    "behind": (await ask(f"file/{{sha256}}", len(original))).status,
    "sizes": len(original),
}}

# A preview that was thrown away is made again when it is asked for.
await work.vault.disk.remove(f"derived/{{sha256[:2]}}/{{sha256}}/thumb.jpg")
told["again"] = (await seen(await whole(f"thumb/{{sha256}}"), "image/jpeg"))[:2]

# Drawing: upright, over the photo, which stays as it is.
size = (1200, 900)
line_, dot = [Stroke(colour="#00C000", width=60, points=points) for points in
              (((600, 450), (900, 450)), ((300, 800),))]
await Sketching(work).mark(entry.id, pictures_of(work, entry.id)[0].id, [line_, dot], size)
drawn = pictures_of(work, entry.id)[1]
told["drawn"] = [drawn.width, drawn.height, *(await seen(
    await whole(f"file/{{drawn.sha256}}"), "image/jpeg", (100, 75), (750, 450), (300, 800), (1100, 75)))]
paper = (await Sketching(work).page(capture, [line_])).made
(page,) = pictures_of(work, paper.id)
told["page"] = await seen(await whole(f"file/{{page.sha256}}"), "image/jpeg", (750, 450), (100, 75))
told["same"] = await work.vault.verify(sha256)
stop()
stop = serve_media(Serving(lambda: work))
for _ in range(3):
    await ask(f"thumb/{{sha256}}")
told["answers"] = len(answers) - asked
json.dumps(told)
"""


def near(colour: list[int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(colour, wanted, strict=True))


RED, GREY, GREEN, WHITE = (220, 20, 20), (90, 90, 90), (0, 192, 0), (255, 255, 255)


async def test_a_note_a_photo_and_a_memo_are_kept_and_shown_by_the_browser_alone(tmp_path: Path) -> None:
    seconds, pcm = 2.5, sine(60_000)
    files = {
        "files/photo.jpg": photo(size=(1200, 900), orientation=6, exif={0x9003: AT_TEN}, gps=FIX),
        "files/sound.pcm": pcm,
        "files/streamed.wav": riff(sine(32_000), sizes=(0xFFFFFFFF, 0xFFFFFFFF)),
    }
    async with pyodide_page(tmp_path / "profile", files=files) as page:
        told = json.loads(await page.run(STORY))
    assert told["verdicts"] == ["ok", "repaired", True]
    assert told["entries"] == ["jotting", "photo", "voice", "voice"]
    width, height, corner, right, below = told["thumb"]
    assert (width, height) == (320, 240)
    assert near(corner, RED)
    assert near(right, GREY)
    assert near(below, GREY)
    assert told["preview"] == told["drawn"][2:4] == [1200, 900]
    assert told["again"] == [320, 240]
    assert told["wave"] == [576, 80]
    assert told["sound"] == [44 + len(pcm), riff(pcm, rate=24_000)[:44].hex(), True]
    assert len(pcm) == seconds * 24_000 * 2
    assert told["mended"] == len(riff(sine(32_000)))
    assert told["original"] is True
    assert told["at_once"] == [200]
    assert told["part"] == [206, "image/jpeg", "photo.jpg", told["sizes"], 100, 200, True, True]
    assert told["refused"] == [404, 404, 404]
    assert told["behind"] == 416
    *size, corner, line, dot, far = told["drawn"][2:]
    assert told["drawn"][:2] == size
    assert near(corner, RED)
    assert near(line, GREEN)
    assert near(dot, GREEN)
    assert near(far, GREY)
    assert told["page"][:2] == [1600, 1200]
    assert near(told["page"][2], GREEN)
    assert near(told["page"][3], WHITE)
    assert told["same"] is None
    assert told["answers"] == 0
