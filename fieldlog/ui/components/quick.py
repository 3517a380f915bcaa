"""The quick buttons and the templates of a study, chosen and written here."""

from __future__ import annotations

import flet as ft

from fieldlog.services import liked
from fieldlog.ui.components.basics import asks, button, chip, field, sheet_head, text
from fieldlog.ui.components.choosing import done, sheet_column, wrapped
from fieldlog.ui.components.rail import ICONS
from fieldlog.ui.state import Shell
from fieldlog.ui.theme import LABEL
from fieldlog.ui.views import KINDS
from fieldlog.ui.window import Window, use_changes

OFFERED = ("count", "quote", "question", "ethics", "figure", "fieldnote", "memo")


@ft.component
def QuickSheet(window: Window, shell: Shell) -> ft.Control:
    """Two kinds of entry for the two buttons; words to begin a note with."""
    words, look = window.words, shell.look
    _, tell = ft.use_state(0)
    use_changes(window, tell)
    fresh = ft.use_ref("")
    n, again = ft.use_state(0)
    work = window.desk.work
    if work is None:
        return ft.Container()

    async def choose(kind: str) -> None:
        await window.attempt(liked.set_quick(work, [kind, *(one for one in window.quick if one != kind)]))
        window.refresh()

    async def keep(_: ft.ControlEvent) -> None:
        await window.attempt(liked.set_templates(work, [*window.templates, fresh.current or ""]))
        fresh.current = ""
        again(n + 1)

    async def drop(template: str) -> None:
        kept = window.templates
        await window.attempt(liked.set_templates(work, [one for one in kept if one != template]))
        window.offer_undo(words("Removed: {words}", words=template), lambda: liked.set_templates(work, kept))

    def type_(value: str) -> None:
        fresh.current = value

    kinds = [
        chip(
            f"quick-{kind}",
            words(KINDS[kind]),
            look,
            asks(choose, kind),
            chosen=kind in window.quick,
            icon=ICONS[kind],
        )
        for kind in OFFERED
    ]
    templates = [
        chip(
            f"template-{at}",
            one,
            look,
            asks(drop, one),
            icon=ft.Icons.CLOSE,
            tag=words("Remove {words}", words=one),
        )
        for at, one in enumerate(window.templates)
    ]
    return sheet_column(
        sheet_head(words("Buttons and templates"), words("Close"), look, done(window)),
        text(words("The two quick buttons, the last chosen first:"), LABEL, look.meta),
        wrapped(list(kinds)),
        text(words("Words to begin a note with:"), LABEL, look.meta),
        wrapped(list(templates)),
        ft.Container(
            field("template-new", words("A new template"), look, on_change=type_, on_submit=keep), key=f"new-{n}"
        ),
        button("template-keep", words("Keep"), look, keep),
    )
