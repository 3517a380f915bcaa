"""Register › Places, Scenes, Codes: lists with one search field, and a sheet to add to them or correct names."""

from __future__ import annotations

import flet as ft

from fieldlog.services.register.places_scenes_codes import RegisterRow, Table
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import button, keyed, memo, row_target, text
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, Look
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.register.list_parts import SHOWN, listed, plus, search, tabs
from fieldlog.ui.register.people_sheets import column, head
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.words import later

ADD = {"places": later("Add a place"), "scenes": later("Add a scene"), "codes": later("Add a code")}
NONE = {
    "places": later("No place yet."),
    "scenes": later("No scene yet. Typing 342 makes 34-2."),
    "codes": later("No code yet. Dots make a tree: metrics.completion lies under metrics."),
}
TITLES = {"places": later("Place"), "scenes": later("Scene"), "codes": later("Code")}
ABOUT = {
    "places": later("What kind of place"),
    "scenes": later("What happens in it"),
    "codes": later("What it means"),
}
CALLED = {"scenes": later("On the slate: 342 is 34-2"), "codes": later("Name, with dots: metrics.completion")}
INDENT = 20


@ft.component
def Places(journey: RegisterJourney, shell: Shell) -> ft.Control:
    return keyed(_List, "places", journey, shell, "places")


@ft.component
def Scenes(journey: RegisterJourney, shell: Shell) -> ft.Control:
    return keyed(_List, "scenes", journey, shell, "scenes")


@ft.component
def Codes(journey: RegisterJourney, shell: Shell) -> ft.Control:
    return keyed(_List, "codes", journey, shell, "codes")


@ft.component
def _List(journey: RegisterJourney, shell: Shell, table: Table) -> ft.Control:
    _, tell = ft.use_state(0)
    typed, type_ = ft.use_state("")
    count, show = ft.use_state(SHOWN)
    use_changes(journey.window, tell)
    words, look, register = journey.words, shell.look, journey
    found = register.listed(table, typed)
    rows: list[ft.Control] = [
        keyed(_Row, row.code, row, table, look, journey, shell.language, bool(typed)) for row in found[:count]
    ]
    if len(found) > count:
        more = words.many("{n} more", "{n} more", len(found) - count)
        rows.append(ft.Row([button("register-more", more, look, lambda _: show(count + SHOWN))]))
    add = plus("register-add", words(ADD[table]), look, lambda _: register.open("item", table=table))
    top = [tabs(journey, look, table), search("register-search", words, look, type_, add)]
    return listed(shell, top, rows, words("Nothing like that.") if typed else words(NONE[table]))


@ft.component
def _row(
    row: RegisterRow, table: Table, look: Look, journey: RegisterJourney, language: str, flat: bool
) -> ft.Control:
    """A line: what it is called here, what else, and how many entries name it."""
    words = journey.words
    name = row.named(chinese=words.chinese)
    shown = row.code.rsplit(".", 1)[-1] if table == "codes" and not flat else row.code
    first = f"{shown} · {name}" if name and name != shown else shown
    used = words.many("{n} entry", "{n} entries", row.uses)
    inside = ft.Row(
        [
            ft.Column(
                [text(first, HEAD if row.id else BODY, look.words if row.id else look.meta, lines=1),
                 *([text(row.about, META, look.meta, lines=1)] if row.about else [])],
                spacing=0, expand=True, alignment=ft.MainAxisAlignment.CENTER,
            ),
            text(used, LABEL, look.meta),
        ],
        spacing=8,
    )  # fmt: skip
    wish = (lambda _: journey.open("item", row.id, table)) if row.id else None
    target = row_target(
        f"register-row-{row.code}", inside, look, wish, height=56, label=f"{row.code}, {name}. {used}"
    )
    return ft.Container(target, padding=ft.Padding.only(left=0 if flat else row.depth * INDENT))


_Row = memo(_row)


@ft.component
def ItemSheet(journey: RegisterJourney, shell: Shell) -> ft.Control:
    """A place, a scene or a code: added, or called otherwise."""
    words, look, register = journey.words, shell.look, journey
    table: Table = register.table
    problem, set_problem = ft.use_state("")
    row = register.row(table, register.about)
    stands = ("", "", "") if row is None else (row.name, row.name_zh, row.about)
    usual = {"code": "", **dict(zip(("name", "name_zh", "about"), stands, strict=True))}
    half = use_half(journey.window, f"{table}/{register.about or 'new'}", usual)

    async def done(_: ft.ControlEvent) -> None:
        wrong = await register.keep_item({name: half[name] for name in usual})
        set_problem(wrong)
        if not wrong:
            half.let_go()

    inside: list[ft.Control] = []
    if row is None and table != "places":
        slate = words(CALLED[table])
        inside.append(kept_field("item-code", slate, look, half, "code", autofocus=True, error=problem or None))
    if table != "scenes":
        wrong = (problem or None) if not inside else None
        names = [
            kept_field("item-name", words("Name"), look, half, "name", error=wrong),
            kept_field("item-name-zh", words("In Chinese"), look, half, "name_zh"),
        ]
        inside.append(ft.Row([ft.Container(name, expand=True) for name in names], spacing=8))
    if row is not None or table == "scenes":
        inside.append(kept_field("item-about", words(ABOUT[table]), look, half, "about"))
    return column(
        head(journey, look, row.code if row else words(TITLES[table])),
        *([_entries(journey, look, table, row)] if row and row.uses else []),
        *inside,
        ft.Row([button("item-keep", words("Save") if row else words("Add"), look, done, filled=True)]),
    )


def _entries(journey: RegisterJourney, look: Look, table: Table, row: RegisterRow) -> ft.Control:
    """To all entries that name it."""
    said = journey.words.many("Show {n} entry", "Show all {n} entries", row.uses)
    way = f"/register/{table}/{row.id}/entries"
    return ft.Row(
        [button("item-entries", said, look, lambda _: journey.window.go(way), icon=ft.Icons.NOTES)], wrap=True
    )
