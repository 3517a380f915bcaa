"""Archive › what was changed on two devices at once: how many, and a row for each."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.conflicts.actions import ConflictsJourney
from fieldlog.ui.conflicts.views import ConflictView
from fieldlog.ui.parts.basics import icon_target, keyed, page_column, row_target, tagged, text
from fieldlog.ui.parts.theme import BODY, DAY, HEAD, LABEL, META, TITLE
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

CLIP = ft.ClipBehavior.HARD_EDGE
NOT_READ: tuple[ConflictView, ...] | None = None


@ft.component
def Conflicts(journey: ConflictsJourney, shell: Shell) -> ft.Control:
    version, tell = ft.use_state(0)
    found, show = ft.use_state(NOT_READ)
    use_changes(journey.window, tell)
    words, look = journey.words, shell.look

    async def read() -> None:
        show(await journey.read())

    ft.use_effect(read, [version, shell.language])
    back = icon_target(
        "conflicts-back", ft.Icons.ARROW_BACK, words("Back"), lambda _: journey.window.go("/archive"),
        color=look.words,
    )  # fmt: skip
    head = ft.Row([back, text(words("Changed on two devices"), TITLE, look.words, expand=True)], spacing=8)
    if found is None:
        return page_column(head)
    rows = [keyed(_Row, one.route, journey, shell, one, n) for n, one in enumerate(found)]
    return page_column(head, _number(journey, shell, len(found)), *rows)


def _number(journey: ConflictsJourney, shell: Shell, n: int) -> ft.Control:
    words, look = journey.words, shell.look
    said = words("Nothing to settle.")
    if n:
        said = words.many(
            "thing to settle. All versions are kept, and nothing waits for it.",
            "things to settle. All versions are kept, and nothing waits for them.",
            n,
        )
    number = text(str(n), DAY, look.attention if n else look.words)
    inside = ft.Row([number, text(said, BODY, look.words, expand=True)], spacing=12)
    return tagged("conflicts-count", inside, f"{n} {said}")


@ft.component
def _Row(journey: ConflictsJourney, shell: Shell, one: ConflictView, n: int) -> ft.Control:
    """Whose field it is, which, and the first words of each version."""
    look = shell.look
    versions = [
        ft.Column(
            [text(said.who, META, look.meta, lines=1), text(said.value, LABEL, look.words, lines=2)], spacing=0
        )
        for said in one.versions
    ]
    inside = ft.Row(
        [
            ft.Column(
                [text(f"{one.about} · {one.field}", HEAD, look.words), *versions], spacing=6, expand=True
            ),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20, color=look.meta),
        ],
        spacing=8,
    )  # fmt: skip
    said = ". ".join([f"{one.about}, {one.field}", *(f"{said.who}: {said.value[:100]}" for said in one.versions)])
    target = row_target(f"conflict-{n}", inside, look, lambda _: journey.open(one), label=said)
    border = ft.Border.all(1, look.hairline)
    return ft.Container(target, bgcolor=look.lowest, border=border, border_radius=12, clip_behavior=CLIP)
