"""The quick buttons and the templates of a study, chosen and written here."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import KINDS
from fieldlog.services.capture import quick_buttons
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, chip, sheet_head, text
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import LABEL
from fieldlog.ui.take.actions import TakeJourney
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

OFFERED = ("count", "quote", "question", "ethics", "figure", "fieldnote", "memo")


@ft.component
def QuickSheet(journey: TakeJourney, shell: Shell) -> ft.Control:
    """Two kinds of entry for the two buttons; words to begin a note with."""
    words, look = journey.words, shell.look
    _, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    half = use_half(journey.window, "template/new", {"words": ""})
    n, again = ft.use_state(0)
    work = journey.work

    async def choose(kind: str) -> None:
        kinds = [kind, *(one for one in journey.field.buttons if one != kind)]
        await journey.window.run(quick_buttons.set_quick(work, kinds))
        journey.window.refresh()

    async def keep(_: ft.ControlEvent) -> None:
        kept = [*journey.field.templates, half["words"]]
        if await journey.window.run(quick_buttons.set_templates(work, kept)) is not None:
            half.begin_anew()
            again(n + 1)

    async def drop(template: str) -> None:
        left = [one for one in journey.field.templates if one != template]
        await journey.window.run(quick_buttons.set_templates(work, left))

    kinds = [
        chip(
            f"quick-{kind}",
            words(KINDS[kind]),
            look,
            asks(choose, kind),
            chosen=kind in journey.field.buttons,
            icon=KIND_ICONS[kind],
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
        for at, one in enumerate(journey.field.templates)
    ]
    return sheet_column(
        sheet_head(words("Buttons and templates"), words("Close"), look, asks(journey.field.done)),
        text(words("The two quick buttons, the last chosen first:"), LABEL, look.meta),
        wrapped(list(kinds)),
        text(words("Words to begin a note with:"), LABEL, look.meta),
        wrapped(list(templates)),
        kept_field("template-new", words("A new template"), look, half, "words", key=f"new-{n}", on_submit=keep),
        button("template-keep", words("Save"), look, keep),
    )
