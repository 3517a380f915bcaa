"""One conflict: its versions side by side, on a phone one below the other, and the ways to settle it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.model.pieces import NEW
from fieldlog.ui.conflicts.actions import ConflictsJourney
from fieldlog.ui.conflicts.state import Joining
from fieldlog.ui.conflicts.views import ConflictView, VersionView, route_of
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, card, icon_target, keyed, page_column, tagged, text
from fieldlog.ui.parts.glyphs import drawable
from fieldlog.ui.parts.theme import BODY, LABEL, META, TITLE, WRITE, Look, Style, text_style
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

WIDE = 1080
"""As wide as two versions and the space between them."""

UNDERLINE = ft.TextDecoration.UNDERLINE
ONLY_HERE = Style(size=WRITE.size, line=WRITE.line, bold=True)
NOT_READ: tuple[ConflictView, ...] | None = None


@ft.component
def ConflictPage(journey: ConflictsJourney, shell: Shell, record: str, field: str) -> ft.Control:
    version, tell = ft.use_state(0)
    found, show = ft.use_state(NOT_READ)
    use_changes(journey.window, tell)

    async def read() -> None:
        show(await journey.read())

    ft.use_effect(read, [version, shell.language])
    one = next((one for one in found or () if one.route == route_of(record, field)), None)
    if one is not None:
        known = " ".join(u for said in one.conflict.versions for u in said.us)
        return keyed(_Both, f"{one.route} {known}", journey, shell, journey.joining, one)
    said = "" if found is None else journey.words("This is settled: it says one thing.")
    head = ft.Row([_back(journey, shell), text(said, BODY, shell.look.meta, expand=True)], spacing=8)
    return page_column(head, width=WIDE)


def _back(journey: ConflictsJourney, shell: Shell) -> ft.Control:
    out = journey.words("Back")
    return icon_target(
        "conflict-back", ft.Icons.ARROW_BACK, out, lambda _: journey.leave(), color=shell.look.words
    )


@ft.component
def _Both(journey: ConflictsJourney, shell: Shell, joining: Joining, one: ConflictView) -> ft.Control:
    words, look = journey.words, shell.look
    ft.use_effect(lambda: journey.goes_on(one), [])
    names: list[ft.Control] = [text(one.about, TITLE, look.words), text(one.field, META, look.meta)]
    head = ft.Row([_back(journey, shell), ft.Column(names, spacing=0, expand=True)], spacing=8)
    said = [words("Both are kept. Keep one, or join them: what was written stays in the history.")]
    if any(version.only_here for version in one.versions):
        said.append(words("Underlined is what only that version has."))
    below = [_together(journey, shell, joining, one)] if one.conflict.is_text else []
    if one.before:
        before = text(one.before, BODY, look.meta, selectable=True)
        below.append(card(look, tagged("conflict-before", before, one.before), title=words("Before")))
    lead = text(("" if words.chinese else " ").join(said), LABEL, look.meta)
    return page_column(head, lead, *_versions(journey, shell, one), *below, width=WIDE, spacing=16)


def _versions(journey: ConflictsJourney, shell: Shell, one: ConflictView) -> list[ft.Control]:
    """Two side by side on a laptop, else one below the other, each above the button that keeps it."""
    cards = [_version(shell, n, version) for n, version in enumerate(one.versions)]
    keeps = [_keep(journey, shell, one, n) for n in range(len(cards))]
    if not shell.laptop or len(cards) > 2:
        wide = ft.CrossAxisAlignment.STRETCH
        return [
            ft.Column([*pair], spacing=8, horizontal_alignment=wide) for pair in zip(cards, keeps, strict=True)
        ]
    top = ft.CrossAxisAlignment.START
    return [
        ft.Row([ft.Container(part, expand=True) for part in row], spacing=16, vertical_alignment=top)
        for row in (cards, keeps)
    ]


def _version(shell: Shell, n: int, version: VersionView) -> ft.Control:
    look = shell.look
    words = ft.Text(
        style=text_style(WRITE, look.words),
        spans=[ft.TextSpan(drawable(run.text), _style(look, only_here=run.how == NEW)) for run in version.runs],
        selectable=True,
    )
    inside = ft.Column([text(version.who, LABEL, look.meta), words], spacing=8)
    return card(look, tagged(f"conflict-version-{n}", inside, f"{version.who}: {version.value}"))


def _style(look: Look, *, only_here: bool) -> ft.TextStyle:
    """What only one version has is bold, underlined and on another ground: colour never speaks alone."""
    if not only_here:
        return text_style(WRITE, look.words)
    style = text_style(ONLY_HERE, look.on_attention)
    style.bgcolor, style.decoration, style.decoration_thickness = look.attention_container, UNDERLINE, 2
    return style


def _keep(journey: ConflictsJourney, shell: Shell, one: ConflictView, n: int) -> ft.Control:
    said = journey.words("Keep that") if n else journey.words("Keep this")
    return button(
        f"conflict-keep-{n}", said, shell.look, asks(journey.keep, one, n), icon=ft.Icons.CHECK_OUTLINED
    )  # fmt: skip


def _together(journey: ConflictsJourney, shell: Shell, joining: Joining, one: ConflictView) -> ft.Control:
    if joining.at == one.route:
        return keyed(_Together, one.route, journey, shell, one)
    said, icon = journey.words("Keep both together"), ft.Icons.CALL_MERGE_OUTLINED
    return button("conflict-together", said, shell.look, lambda _: journey.begin(one), icon=icon)


@ft.component
def _Together(journey: ConflictsJourney, shell: Shell, one: ConflictView) -> ft.Control:
    """Both as one text, to be changed before it is kept; it has its words again whatever becomes of the window."""
    words, look = journey.words, shell.look
    both = ft.use_memo(one.conflict.together, [])
    half = use_half(journey.window, journey.place_of(one), {"text": both.text})
    wrong, say_wrong = ft.use_state("")

    async def keep() -> None:
        say_wrong(await journey.keep_text(one, half))

    def hear() -> Callable[[], None]:
        journey.saves = keep
        return lambda: setattr(journey, "saves", None)

    ft.use_effect(hear, [])
    said = words("Both changes are in it. Change what you like before you save it.")
    if both.clashes:
        said = words.many(
            "{n} place was changed in both: there both stand in brackets. Leave what is to stay, then save.",
            "{n} places were changed in both: there both stand in brackets. Leave what is to stay, then save.",
            both.clashes,
        )
    refused = [text(wrong, LABEL, look.fault)] if wrong else []
    return card(
        look,
        text(said, LABEL, look.attention if both.clashes else look.meta),
        kept_field("conflict-field", one.field, look, half, "text", autofocus=True, lines=4, most_lines=14),
        *refused,
        ft.Row(
            [
                button(
                    "conflict-save", words("Save"), look, asks(keep), filled=True, icon=ft.Icons.CHECK_OUTLINED
                ),
                button("conflict-cancel", words("Cancel"), look, lambda _: journey.cancel(one, half)),
            ],
            spacing=8,
            wrap=True,
        ),
        title=words("Both together"),
    )
