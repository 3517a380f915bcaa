"""Sheets about sound: what speaks against recording here, and what can be done with the memo under way."""

from __future__ import annotations

import flet as ft

from fieldlog.services.capture.permission import Objection
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.memo.state import Live
from fieldlog.ui.parts.basics import asks, button, sheet_head, text
from fieldlog.ui.parts.theme import BODY, LABEL
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import clock_of
from fieldlog.ui.words.words import Words


def objection_words(asked: tuple[Objection, ...], words: Words) -> list[str]:
    """What speaks against recording, a sentence each; the last of those that a reason can answer asks for it."""
    said = [_sentence(one, words, last=at == len(asked) - 1) for at, one in enumerate(asked)]
    if any(one.blocks for one in asked):
        return [_sentence(one, words, last=False) for one in asked]
    return said


def _sentence(one: Objection, words: Words, *, last: bool) -> str:
    name = one.name_zh if words.chinese else one.name
    if one.kind == "minor":
        return words("{name} is a minor: while they are in the session, no sound is recorded.", name=name)
    if one.kind == "session":
        if last:
            return words(
                "Sound was not agreed for this session. If that has changed, write how; "
                "it is kept with the recording."
            )
        return words("Sound was not agreed for this session.")
    if last:
        return words(
            "{name} has not agreed to be recorded. If that has changed, write how; it is kept with the recording.",
            name=name,
        )
    return words("{name} has not agreed to be recorded.", name=name)


@ft.component
def AskSheet(journey: MemoJourney, shell: Shell) -> ft.Control:
    """Recording was tapped where not everybody agreed: write instead, or say why."""
    return _AskSheet(journey, shell, journey.live)


@ft.component
def _AskSheet(journey: MemoJourney, shell: Shell, live: Live) -> ft.Control:
    words, look = journey.words, shell.look
    half = use_half(journey.window, "reason/sound", {"reason": ""})
    missing, set_missing = ft.use_state(False)

    async def anyway(_: ft.ControlEvent) -> None:
        if half["reason"].strip():
            await journey.record_anyway(half["reason"])
            if journey.live.on:
                half.let_go()
        else:
            set_missing(True)

    blocked = any(one.blocks for one in live.asked)
    inside: list[ft.Control] = [
        sheet_head(words("Record here?"), words("Close"), look, lambda _: journey.window.close_sheet()),
        *(text(said, BODY, look.words) for said in objection_words(live.asked, words)),
        button("rec-write-instead", words("Write a note instead"), look, asks(journey.write_instead), filled=True),
    ]
    if not blocked:
        inside += [
            kept_field(
                "rec-reason", words("What has changed"), look, half, "reason",
                error=words("Write why; it is kept with the recording.") if missing else None,
                lines=2, most_lines=4,
            ),
            button("rec-anyway", words("Record, with a reason"), look, anyway, icon=ft.Icons.MIC_NONE_OUTLINED),
        ]  # fmt: skip
    return _column(*inside)


@ft.component
def RecordingSheet(journey: MemoJourney, shell: Shell) -> ft.Control:
    """The memo under way: show it to everybody at the table, or stop and erase it."""
    return _RecordingSheet(journey, shell, journey.live)


@ft.component
def _RecordingSheet(journey: MemoJourney, shell: Shell, live: Live) -> ft.Control:
    words, look = journey.words, shell.look
    time = clock_of(live.seconds)
    head = words("Paused · {time}", time=time) if live.paused else words("Recording · {time}", time=time)
    state = text(live.room, LABEL, look.meta)
    if live.paused:
        state = text(words("The microphone is off. What is said now is not recorded."), LABEL, look.attention)
    minutes, seconds = divmod(live.seconds, 60)
    length = words("{minutes} min {seconds} s", minutes=minutes, seconds=f"{seconds:02d}")
    return _column(
        sheet_head(head, words("Close"), look, lambda _: journey.window.close_sheet()),
        state,
        button("rec-table", words("Show it to the table"), look, lambda _: journey.window.open_sheet("table"),
               icon=ft.Icons.TABLE_RESTAURANT_OUTLINED),
        text(words("Erase these {length} for good? Every copy we can reach goes too. This can't be undone.",
                   length=length), BODY, look.words),
        button("rec-erase", words("Stop and erase: consent withdrawn"), look, asks(journey.erase),
               icon=ft.Icons.DELETE_FOREVER_OUTLINED, color=look.fault),
    )  # fmt: skip


def _column(*inside: ft.Control) -> ft.Control:
    return ft.Column(list(inside), spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
