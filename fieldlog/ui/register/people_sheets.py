"""Sheets about people: quick add, someone only described, other names, who an unknown one is, a crew list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from fieldlog.model.called import CONSENT_ACTIONS, CONSENT_LETTERS, CONSENT_MODES, Called
from fieldlog.services.register.people import ANSWERS as STATE_OF
from fieldlog.services.register.people import ROLES, PersonRow, preset
from fieldlog.ui.field.kept_field import HalfForm, kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, chip, field, row_target, sheet_head, text
from fieldlog.ui.parts.theme import BODY, LABEL, META, Look
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.register.list_parts import MARKS, answer_words
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import Words, later

ANSWERS: tuple[tuple[str, str | Called], ...] = (
    ("not-asked", later("Not asked yet")),
    ("told", CONSENT_MODES["told"]),
    ("by-word", CONSENT_MODES["oral-noted"]),
    ("in-writing", CONSENT_MODES["written"]),
    ("declined", CONSENT_ACTIONS["declined"]),
)
NEXT_OF_AGREED = {"ask": "yes", "yes": "no", "no": "ask"}
NEXT = {"ask": "no", "yes": "no", "no": "ask"}
"""What a tap makes of an answer; who has agreed to nothing is never made to say yes."""

PREVIEWED = 6


def column(*inside: ft.Control) -> ft.Control:
    return ft.Column(list(inside), spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def head(journey: RegisterJourney, look: Look, said: str) -> ft.Control:
    return sheet_head(said, journey.words("Close"), look, lambda _: journey.window.close_sheet())


@ft.component
def PersonSheet(journey: RegisterJourney, shell: Shell) -> ft.Control:
    """Quick add: a role, a pseudonym that is proposed, an answer; the number is given by itself."""
    words, look, register = journey.words, shell.look, journey
    problem, set_problem = ft.use_state("")
    _, draw = ft.use_state(0)
    names: list[str] = ft.use_memo(register.proposed, [])
    usual = {"name": names[0], "name_zh": names[1], "role": "", "other": "", "answer": "not-asked"}
    half = use_half(journey.window, "person/new", usual | preset("not-asked"))
    answer = half["answer"] if half["answer"] in STATE_OF else "not-asked"
    scopes = {scope: half[scope] if half[scope] in MARKS else said for scope, said in preset(answer).items()}

    def choose(said: Mapping[str, str]) -> None:
        for name, value in said.items():
            half.say(name, value)
        draw(lambda n: n + 1)

    async def add(_: ft.ControlEvent) -> None:
        role = half["other"].strip() or half["role"]
        wrong = await register.add_person([half["name"], half["name_zh"]], role, answer, scopes)
        set_problem(wrong)
        if not wrong:
            half.let_go()

    answers = [
        chip(
            f"person-answer-{name}",
            words(told),
            look,
            lambda _, name=name: choose({"answer": name} | preset(name)),
            chosen=answer == name,
        )
        for name, told in ANSWERS
    ]
    return column(
        head(journey, look, words("Who is it?")),
        _others(journey, look),
        _roles(words, look, half["role"], lambda role: choose({"role": role})),
        kept_field("person-role-other", words("Something else they do"), look, half, "other"),
        _names(words, look, half, problem),
        text(words("Never the real name: what is written here goes into every backup."), META, look.meta),
        text(words("Was asked to take part:"), LABEL, look.meta),
        ft.Row(answers, wrap=True, spacing=8, run_spacing=0),
        _scopes(words, look, scopes, choose, agreed=STATE_OF[answer][0] == "granted"),
        ft.Row([button("person-done", words("Add"), look, add, filled=True)]),
    )


def _others(journey: RegisterJourney, look: Look) -> ft.Control:
    """Who has no pseudonym yet, and many at once."""
    words = journey.words
    described = button(
        "people-unknown", words("Unidentified person"), look, lambda _: journey.open("unknown"),
        icon=ft.Icons.PERSON_SEARCH_OUTLINED,
    )  # fmt: skip
    crew = button(
        "people-import", words("Crew list"), look, asks(journey.pick_crew), icon=ft.Icons.UPLOAD_FILE_OUTLINED
    )
    return ft.Row([described, crew], wrap=True, spacing=8, run_spacing=8)


def _roles(words: Words, look: Look, role: str, choose: Callable[[str], None]) -> ft.Control:
    chips = [
        chip(
            f"person-role-{place}",
            pair[1] if words.chinese else pair[0],
            look,
            lambda _, pair=pair: choose(pair[0]),
            chosen=role == pair[0],
        )
        for place, pair in enumerate(ROLES)
    ]
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=0)


def _names(words: Words, look: Look, half: HalfForm, problem: str) -> ft.Control:
    """A pseudonym in both scripts, side by side."""
    one = kept_field("person-name", words("Pseudonym"), look, half, "name", error=problem or None)
    two = kept_field("person-name-zh", words("In Chinese"), look, half, "name_zh")
    return ft.Row([ft.Container(one, expand=True), ft.Container(two, expand=True)], spacing=8)


def _scopes(
    words: Words, look: Look, scopes: dict[str, str], change: Callable[[Mapping[str, str]], None], *, agreed: bool
) -> ft.Control:
    """N Q S P Sh: each tap is the next answer."""
    after = NEXT_OF_AGREED if agreed else NEXT
    chips = [
        chip(
            f"person-scope-{scope}",
            words(letter),
            look,
            lambda _, scope=scope: change({**scopes, scope: after[scopes[scope]]}),
            icon=MARKS[scopes[scope]],
            chosen=scopes[scope] == "yes",
            tag=answer_words(scope, scopes[scope], words),
        )
        for scope, letter in CONSENT_LETTERS.items()
    ]
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=0)


@ft.component
def UnknownSheet(journey: RegisterJourney, shell: Shell) -> ft.Control:
    """Someone nobody knows yet, as one would point them out."""
    words, look = journey.words, shell.look
    problem, set_problem = ft.use_state("")
    half = use_half(journey.window, "unknown/new", {"description": ""})

    async def add(_: ft.ControlEvent) -> None:
        wrong = await journey.add_unknown(half["description"])
        set_problem(wrong)
        if not wrong:
            half.let_go()

    return column(
        head(journey, look, words("Unidentified person")),
        kept_field(
            "unknown-field",
            words("What they look like: tall man, blue cap"),
            look,
            half,
            "description",
            on_submit=add,
            autofocus=True,
            error=problem or None,
        ),
        text(words("Who it is can be said later, for every note about them."), META, look.meta),
        ft.Row([button("unknown-done", words("Add"), look, add, filled=True)]),
    )


@ft.component
def PersonEditSheet(journey: RegisterJourney, shell: Shell) -> ft.Control:
    """Other names, another role."""
    words, look, register = journey.words, shell.look, journey
    one = register.person(register.about)
    problem, set_problem = ft.use_state("")
    row = one or PersonRow(id="", code="", pseudonym="", pseudonym_zh="", role="", role_zh="", state="")
    usual = {"name": row.pseudonym, "name_zh": row.pseudonym_zh, "role": row.role, "role_zh": row.role_zh}
    half = use_half(journey.window, f"person/{register.about}", {**usual, "dept": row.dept})

    async def keep(_: ft.ControlEvent) -> None:
        wrong = await register.rename_person(
            [half["name"], half["name_zh"]], [half["role"], half["role_zh"]], half["dept"]
        )
        set_problem(wrong)
        if not wrong:
            half.let_go()

    return column(
        head(journey, look, one.code if one else ""),
        _names(words, look, half, problem),
        text(words("Never the real name: what is written here goes into every backup."), META, look.meta),
        ft.Row(
            [
                ft.Container(kept_field("person-role", words("What they do"), look, half, "role"), expand=True),
                ft.Container(
                    kept_field("person-role-zh", words("In Chinese"), look, half, "role_zh"), expand=True
                ),
            ],
            spacing=8,
        ),
        kept_field("person-dept", words("Department"), look, half, "dept"),
        ft.Row([button("person-keep", words("Save"), look, keep, filled=True)]),
    )


@ft.component
def JoinSheet(journey: RegisterJourney, shell: Shell) -> ft.Control:
    """Who somebody unknown is."""
    words, look, register = journey.words, shell.look, journey
    typed, type_ = ft.use_state("")
    one = register.person(register.about)
    offered = [other for other in register.people(typed) if not other.unknown][:PREVIEWED]
    rows = [
        row_target(
            f"join-{other.code}",
            text(_who(other, words), BODY, look.words),
            look,
            asks(register.join, other),
            height=48,
        )
        for other in offered
    ]
    return column(
        head(journey, look, words("Who is {name}?", name=one.named(chinese=words.chinese) if one else "")),
        field("join-search", words("Code, name or role"), look, on_change=type_),
        *rows,
    )


def _who(one: PersonRow, words: Words) -> str:
    role = one.role_zh if words.chinese else one.role
    return " · ".join(part for part in (one.named(chinese=words.chinese), role) if part)


@ft.component
def CrewSheet(journey: RegisterJourney, shell: Shell) -> ft.Control:
    """What a crew list would bring, before anything is taken in."""
    words, look, register = journey.words, shell.look, journey
    crew = register.crew
    some = [
        text(" · ".join(part for part in (row.role, row.dept, row.pseudonym) if part), LABEL, look.words, lines=1)
        for row in crew.rows[:PREVIEWED]
    ]
    if len(crew.rows) > PREVIEWED:
        more = len(crew.rows) - PREVIEWED
        some.append(text(words.many("and {n} more", "and {n} more", more), META, look.meta))
    told = [text(register.problem(one), LABEL, look.attention) for one in crew.problems[:PREVIEWED]]
    if len(crew.problems) > PREVIEWED:
        more = len(crew.problems) - PREVIEWED
        told.append(text(words.many("and {n} more line", "and {n} more lines", more), META, look.attention))
    names = words.many(
        "{n} real name stands in the file. It is read over and not kept.",
        "{n} real names stand in the file. They are read over and not kept.",
        crew.names_left_out,
    )
    return column(
        head(journey, look, words.many("{n} person", "{n} people", len(crew.rows))),
        *some,
        text(names, LABEL, look.meta),
        text(words("Each gets a number and a pseudonym, and is asked nothing yet."), LABEL, look.meta),
        *told,
        ft.Row([button("crew-take", words("Add these people"), look, asks(register.take_crew), filled=True)]),
    )
