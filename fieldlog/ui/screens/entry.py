"""An entry: its words whole, what belongs to it, editing, and the history of its revisions."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import Wish, button, card, field, icon_target, tagged, text
from fieldlog.ui.components.tile import SoundBar
from fieldlog.ui.state import Shell
from fieldlog.ui.theme import BODY, HEAD, LABEL, META, TITLE, WRITE, Look
from fieldlog.ui.views import EntryView, RevisionView
from fieldlog.ui.window import Window, use_changes

NOTHING: tuple[RevisionView, ...] = ()


@ft.component
def EntryPane(window: Window, shell: Shell, entry: str) -> ft.Control:
    version, tell = ft.use_state(0)
    editing, edit = ft.use_state(False)
    past, set_past = ft.use_state(NOTHING)
    draft = ft.use_ref("")
    use_changes(window, tell)
    words, look = window.words, shell.look
    shown = window.reader.entry(entry)

    async def read_history() -> None:
        set_past(await window.reader.history(entry))

    ft.use_effect(read_history, [version, entry, shell.language])
    if shown is None:
        gone = text(words("This entry is not here any more."), BODY, look.meta)
        return ft.Container(gone, padding=24)

    def begin(_: ft.ControlEvent) -> None:
        draft.current = shown.text
        edit(True)

    async def keep(_: ft.ControlEvent) -> None:
        if await window.reword(entry, draft.current or ""):
            edit(False)

    def typed(value: str) -> None:
        draft.current = value

    if editing:
        main = card(
            look,
            field(
                "entry-field",
                words("Words"),
                look,
                value=shown.text,
                on_change=typed,
                autofocus=True,
                lines=4,
                most_lines=14,
            ),
            ft.Row(
                [
                    button("entry-keep", words("Keep"), look, keep, filled=True),
                    button("entry-cancel", words("Leave as it was"), look, lambda _: edit(False)),
                ],
                wrap=True,
            ),
        )
    else:
        main = _words(window, shell, shown, begin)
    column = ft.Column(
        [_head(window, shell, shown), main, *_files(window, look, shown), _history(window, shell, entry, past)],
        spacing=16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Column(
        [ft.Container(column, padding=16, width=None if shell.phone else 640)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH if shell.phone else ft.CrossAxisAlignment.START,
    )


def _head(window: Window, shell: Shell, shown: EntryView) -> ft.Control:
    look, words = shell.look, window.words

    async def remove(_: ft.ControlEvent) -> None:
        await window.remove(shown.id, shown.day)

    back = icon_target(
        "entry-back",
        ft.Icons.ARROW_BACK,
        words("Back to the day"),
        lambda _: window.go(f"/days/{shown.day}"),
        color=look.words,
    )
    bin_ = icon_target("entry-remove", ft.Icons.DELETE_OUTLINED, words("Remove"), remove, color=look.meta)
    said = ft.Column(
        [text(f"{shown.day}  {shown.clock}", TITLE, look.words, lines=1), text(shown.when, META, look.meta)],
        spacing=0,
        expand=True,
    )
    return ft.Row([back, said, bin_], spacing=8)


def _words(window: Window, shell: Shell, shown: EntryView, begin: Wish) -> ft.Control:
    look = shell.look
    inside: list[ft.Control] = [text(shown.kind_words, LABEL, look.types.get(shown.note_type, look.meta))]
    if shown.text:
        inside.append(tagged("entry-text", text(shown.text, WRITE, look.words, selectable=True), shown.text))
    inside += [
        ft.Row(
            [
                ft.Container(text(name, META, look.meta), width=look.grown(72)),
                text(value, LABEL, look.words, expand=True),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for name, value in shown.facts
    ]
    if shown.states:
        inside.append(text(shown.states, LABEL, look.attention))
    change = button("entry-edit", window.words("Change the words"), look, begin, icon=ft.Icons.EDIT_OUTLINED)
    return card(look, *inside, ft.Row([change]))


def _files(window: Window, look: Look, shown: EntryView) -> list[ft.Control]:
    found: list[ft.Control] = []
    if shown.sound:
        found.append(card(look, SoundBar(shown.sound, look, window, window.playing)))
    found += [
        ft.Image(
            src=window.media(f"preview/{sha256}"),
            fit=ft.BoxFit.CONTAIN,
            border_radius=12,
            error_content=text(window.words("This picture can't be shown here."), LABEL, look.meta),
            semantics_label=window.words("Photo"),
        )
        for sha256 in shown.photos
    ]
    return found


def _history(window: Window, shell: Shell, entry: str, past: tuple[RevisionView, ...]) -> ft.Control:
    look, words = shell.look, window.words
    rows = [_revision(window, look, entry, one, last=one is past[0]) for one in past]
    return card(look, *rows, title=words("History"))


def _revision(window: Window, look: Look, entry: str, one: RevisionView, *, last: bool) -> ft.Control:
    async def bring_back(_: ft.ControlEvent) -> None:
        await window.bring_back(entry, one.u)

    inside: list[ft.Control] = [text(one.said, HEAD, look.words), text(one.when, META, look.meta)]
    if one.text:
        inside.append(text(one.text, LABEL, look.meta, lines=6))
    if one.text and not last:
        again = button(f"entry-bring-back-{one.n}", window.words("Bring back"), look, bring_back)
        inside.append(ft.Row([again]))
    return ft.Container(
        ft.Column(inside, spacing=2),
        padding=ft.Padding.only(left=12),
        border=ft.Border(left=ft.BorderSide(3, look.hairline)),
    )
