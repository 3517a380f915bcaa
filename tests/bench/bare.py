"""The least a Flet page can be, to measure ours against: one focused field, or a recorder that drops its sound.

Drawn by the engine that draws ours.

python -m tests.bench.bare field|recorder
"""

from __future__ import annotations

import socket
import sys

import flet as ft
import flet_audio_recorder as far
import uvicorn
from flet_web.fastapi import app as flet_app

from fieldlog.services.machine.bundled import assets


async def field(page: ft.Page) -> None:
    page.add(ft.TextField(autofocus=True, multiline=True, animate_cursor_opacity=False))


async def recorder(page: ft.Page) -> None:
    recording = far.AudioRecorder(
        configuration=far.AudioRecorderConfiguration(
            encoder=far.AudioEncoder.PCM16BITS, sample_rate=24_000, channels=1
        ),
        on_stream=lambda _: None,
    )
    page.services.append(recording)
    page.add(ft.TextField(autofocus=True, multiline=True, animate_cursor_opacity=False))
    await recording.has_permission()
    await recording.start_recording()


def main() -> None:
    page = {"field": field, "recorder": recorder}[sys.argv[1]]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    print(f"http://127.0.0.1:{port}/", flush=True)
    app = flet_app(page, assets_dir=str(assets()), no_cdn=True, web_renderer=ft.WebRenderer.CANVAS_KIT)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", ws_max_size=64 << 20)


if __name__ == "__main__":
    main()
