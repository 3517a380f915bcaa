"""An entry: its words whole, what belongs to it, editing, and the history of its revisions."""

from __future__ import annotations

import flet as ft
import flet.canvas as cv

from fieldlog.services.entry.sketches import Drawing, Picture
from fieldlog.ui.entry.actions import Changing, EntryJourney
from fieldlog.ui.entry.form import WIDE, Editor, scrolling
from fieldlog.ui.entry.history_views import ChangeView
from fieldlog.ui.entry.memo_card import memo_card
from fieldlog.ui.erase.sheet import erase_row
from fieldlog.ui.parts.basics import (
    Wish,
    button,
    card,
    icon_target,
    keyed,
    strip,
    strip_action,
    tagged,
    text,
)
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, TITLE, WRITE, WRITE_LAPTOP
from fieldlog.ui.photo.draw_screen import fitting, shapes
from fieldlog.ui.photo.state import Taking
from fieldlog.ui.rows.views import EntryView
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.fields import field_words

NOTHING: tuple[ChangeView, ...] = ()
UNDRAWN: tuple[Drawing, ...] = ()


@ft.component
def EntryPane(journey: EntryJourney, shell: Shell, entry: str) -> ft.Control:
    return _EntryPane(journey, shell, journey.changing, entry)


@ft.component
def _EntryPane(journey: EntryJourney, shell: Shell, changing: Changing, entry: str) -> ft.Control:
    version, tell = ft.use_state(0)
    past, set_past = ft.use_state(NOTHING)
    drawn, set_drawn = ft.use_state(UNDRAWN)
    away, set_away = ft.use_state("")
    unfolded, unfold = ft.use_state(False)
    use_changes(journey.window, tell)
    words, look = journey.words, shell.look
    shown = journey.rows.reader.entry(entry)

    async def read_on() -> None:
        await journey.photo.like()
        set_past(await journey.history(entry))
        set_drawn(tuple(await journey.drawings(entry)))
        set_away(await journey.let_go(entry))

    async def fetch_again(_: ft.ControlEvent) -> None:
        set_away(await journey.fetch_again(entry))

    ft.use_effect(read_on, [version, entry, shell.language])
    if shown is None:
        gone = text(words("This entry is not here any more."), BODY, look.meta)
        return ft.Container(gone, padding=24)
    form = journey.form(entry) if changing.entry == entry else None

    def edit(which: str) -> None:
        changing.entry = which

    history = _history(journey, shell, entry, past)
    if shell.laptop and not unfolded:
        history = _folded(journey, shell, len(past), lambda _: unfold(True))
    below = [
        *memo_card(journey, shell, shown),
        Photos(journey, shell, journey.photo.taking, entry, version),
        *([card(look, *_facts(shell, shown))] if shell.laptop and (shown.facts or shown.states) else []),
        *(_drawing(journey, shell, one) for one in drawn),
        *([_away(journey, shell, away, fetch_again)] if away else []),
        erase_row(journey.erase, shell, entry),
        history,
    ]
    if form is not None:
        head = _day_and_time(shell, shown)
        return keyed(Editor, f"edit-{entry}", journey, shell, entry, form, head, below)
    said = _words(journey, shell, shown, lambda _: edit(entry))
    return scrolling(shell, _head(journey, shell, shown), *_versions(journey, shell, entry), said, *below)


def _versions(journey: EntryJourney, shell: Shell, entry: str) -> list[ft.Control]:
    """A way to what was changed on two devices at once, for each such field."""
    words, look = journey.words, shell.look

    def way(field: str) -> ft.Control:
        said = strip_action(
            f"entry-conflict-{field}", words("Compare"), look,
            lambda _: journey.conflicts.open_from_entry(entry, field),
        )  # fmt: skip
        named = words("Changed on two devices: {field}. Both are kept.", field=field_words(field, words))
        told = strip(f"entry-versions-{field}", named, look, said)
        return ft.Container(told, border_radius=12, clip_behavior=ft.ClipBehavior.HARD_EDGE)

    return [way(field) for field in journey.conflicts.fields_of(entry)]


def _head(journey: EntryJourney, shell: Shell, shown: EntryView) -> ft.Control:
    look, words = shell.look, journey.words

    async def remove(_: ft.ControlEvent) -> None:
        await journey.remove(shown.id, shown.day)

    back = icon_target(
        "entry-back",
        ft.Icons.ARROW_BACK,
        words("Back"),
        lambda _: journey.rows.landing.leave(shown.id, shown.day),
        color=look.words,
    )
    bin_ = icon_target("entry-remove", ft.Icons.DELETE_OUTLINED, words("Remove"), remove, color=look.meta)
    return ft.Row([back, _day_and_time(shell, shown), *([] if shown.aside else [bin_])], spacing=8)


def _day_and_time(shell: Shell, shown: EntryView) -> ft.Control:
    look = shell.look
    return ft.Column(
        [
            text(f"{shown.day}  {shown.clock}", TITLE, look.words, lines=1),
            text(shown.when, META, look.meta, lines=1),
        ],
        spacing=0,
        expand=True,
    )


def _words(journey: EntryJourney, shell: Shell, shown: EntryView, begin: Wish) -> ft.Control:
    look = shell.look
    inside: list[ft.Control] = [text(shown.kind_words, LABEL, look.types.get(shown.note_type, look.meta))]
    if shown.text:
        inside.append(
            tagged(
                "entry-text",
                text(shown.text, WRITE_LAPTOP if shell.laptop else WRITE, look.words, selectable=True),
                shown.text,
            )
        )
    if not shell.laptop:
        inside += _facts(shell, shown)
    said = journey.words("Change") if shown.text else journey.words("Caption, people, place")
    change = button("entry-edit", said, look, begin, icon=ft.Icons.EDIT_OUTLINED)
    buttons = [] if shown.aside else [change]
    if shown.text:
        alone = journey.words("Show alone")
        show = button(
            "entry-show",
            alone,
            look,
            lambda _: journey.alone.show(shown.text),
            icon=ft.Icons.OPEN_IN_FULL_OUTLINED,
        )
        buttons.append(show)
    return card(look, *inside, ft.Row(buttons, wrap=True))


def _facts(shell: Shell, shown: EntryView) -> list[ft.Control]:
    """What is said of the entry, a line each; on a laptop below its photos."""
    look = shell.look
    inside: list[ft.Control] = [
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
    return [*inside, text(shown.states, LABEL, look.attention)] if shown.states else inside


@ft.component
def Photos(journey: EntryJourney, shell: Shell, taking: Taking, entry: str, version: int) -> ft.Control:
    """The pictures of an entry, upright, each with what can be done with it."""
    pictures = journey.pictures(entry)
    originals = [one for one in pictures if not one.drawn]
    return ft.Column(
        [
            _photo(journey, shell, taking, entry, one, originals.index(one) + 1 if one in originals else 0)
            for one in pictures
        ],
        spacing=16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _photo(
    journey: EntryJourney, shell: Shell, taking: Taking, entry: str, one: Picture, place: int
) -> ft.Control:  # fmt: skip
    look, words = shell.look, journey.words
    said = words("Photo") if not one.drawn else words("Drawn on a copy") if one.drawn_on else words("Sketch")
    picture = ft.Image(
        src=journey.window.media(f"preview/{one.sha256}"),
        fit=ft.BoxFit.CONTAIN,
        aspect_ratio=one.width / one.height if one.width and one.height else None,
        border_radius=12,
        error_content=text(words("This picture can't be shown here."), LABEL, look.meta),
        semantics_label=said,
    )
    beside: list[ft.Control] = []
    if one.drawn:
        beside.append(text(said, META, look.meta))
    if taking.location and one.position is not None:
        north, east = one.position
        beside.append(text(words("Taken at {north}, {east}", north=north, east=east), META, look.meta))
    if place:
        mark = button(
            "entry-sketch" if place == 1 else f"entry-sketch-{place}",
            words("Draw on a copy"),
            look,
            lambda _: journey.photo.drawing.on_photo(entry, one),
            icon=ft.Icons.DRAW_OUTLINED,
        )
        beside.append(ft.Row([mark], wrap=True))
    return ft.Column([picture, *beside], spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _away(journey: EntryJourney, shell: Shell, said: str, again: Wish) -> ft.Control:
    """Where the originals are that were let go."""
    look, fetch = shell.look, journey.words("Fetch it again")
    row = ft.Row([button("entry-fetch", fetch, look, again, icon=ft.Icons.DOWNLOAD_OUTLINED)])
    return card(look, tagged("entry-let-go", text(said, LABEL, look.words), said), row)


def _drawing(journey: EntryJourney, shell: Shell, one: Drawing) -> ft.Control:
    """Strokes where no picture shows them: over the photo they were drawn on, or on a page."""
    wide = min(shell.width, WIDE) - 32
    scale = fitting(one.size, wide, shell.height)
    width, height = one.size[0] * scale, one.size[1] * scale
    ground: ft.Control = ft.Container(width=width, height=height, bgcolor="#FFFFFF")
    if one.under:
        ground = ft.Image(
            src=journey.window.media(f"preview/{one.under}"), width=width, height=height, fit=ft.BoxFit.FILL
        )
    drawn = ft.Stack(
        [ground, cv.Canvas(shapes(one.strokes, scale), width=width, height=height)], width=width, height=height
    )
    return tagged(f"drawing-{one.id}", drawn, journey.words("Sketch"))


def _history(journey: EntryJourney, shell: Shell, entry: str, past: tuple[ChangeView, ...]) -> ft.Control:
    rows = [_change(journey, shell, entry, one, newest=one is past[0]) for one in past]
    return card(shell.look, *rows, title=journey.words("History"))


def _folded(journey: EntryJourney, shell: Shell, changes: int, wish: Wish) -> ft.Control:
    said = journey.words.many("History: {n} change", "History: {n} changes", changes)
    return ft.Row([button("entry-history", said, shell.look, wish, icon=ft.Icons.HISTORY)])


def _change(journey: EntryJourney, shell: Shell, entry: str, one: ChangeView, *, newest: bool) -> ft.Control:
    look = shell.look

    async def bring_back(_: ft.ControlEvent) -> None:
        await journey.bring_back(entry, one.u)

    inside: list[ft.Control] = [text(one.said, HEAD, look.words), text(one.when, META, look.meta)]
    inside += [text(line, LABEL, look.words) for line in one.fields]
    if one.text:
        inside.append(text(one.text, LABEL, look.meta, lines=6))
    if not newest:
        again = button(f"entry-bring-back-{one.n}", journey.words("Bring back"), look, bring_back)
        inside.append(ft.Row([again]))
    return ft.Container(
        ft.Column(inside, spacing=2),
        padding=ft.Padding.only(left=12),
        border=ft.Border(left=ft.BorderSide(3, look.hairline)),
    )
