"""The people of a study: who they are called here, what they do, and what they agreed to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.register import Person
from fieldlog.model.words import CONSENT_SCOPES
from fieldlog.services.open import Workspace

ANSWERS: Mapping[str, tuple[str, str | None]] = {
    "not-asked": ("pending", None),
    "told": ("pending", "told"),
    "by-word": ("granted", "oral-noted"),
    "in-writing": ("granted", "written"),
    "declined": ("declined", None),
}
"""What was said when someone was asked, to the consent's state and mode."""

PSEUDONYMS = (
    ("An", "安"), ("Bo", "博"), ("Chen", "辰"), ("Dong", "冬"), ("Fan", "帆"), ("Guo", "果"), ("Hai", "海"),
    ("Jing", "静"), ("Kai", "凯"), ("Lin", "林"), ("Mei", "梅"), ("Ning", "宁"), ("Ping", "平"), ("Qing", "青"),
    ("Rong", "荣"), ("Shan", "山"), ("Tao", "涛"), ("Wen", "文"), ("Xia", "夏"), ("Yun", "云"), ("Zhen", "真"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person as lists show them. `scopes` has an answer (yes, no, ask) for every scope."""

    id: str
    code: str
    pseudonym: str
    pseudonym_zh: str
    role: str
    role_zh: str
    state: str
    scopes: Mapping[str, str] = field(default_factory=dict)


def people(work: Workspace) -> list[PersonRow]:
    """Everyone in the register, by code, numbers in their order."""
    rows = [_row(doc) for doc in work.store.state.docs("people")]
    return sorted(rows, key=lambda row: (*_numbered(row.code), row.id))


def next_code(work: Workspace) -> str:
    """The code the next person gets: P and the number after the highest ever given, also to those removed."""
    ever = work.store.state.tables.get("people", {}).values()
    numbers = [_numbered(str(doc.get("code")))[1] for doc in ever]
    return f"P{max(numbers, default=0) + 1:02d}"


def proposed_pseudonym(work: Workspace) -> tuple[str, str]:
    """A name nobody here bears yet, in both scripts; empty where all are taken."""
    taken = {str(doc.get(name) or "") for doc in work.store.state.docs("people") for name in _NAMES}
    return next((pair for pair in PSEUDONYMS if not taken & set(pair)), ("", ""))


async def quick_add(
    work: Workspace, *, pseudonym: str, pseudonym_zh: str = "", role: str = "", answer: str = "not-asked"
) -> Person:
    """Add a person under the next code. Someone who agreed has agreed to notes; all else is still to ask.

    Raises `NotUnderstood` for no pseudonym, one somebody bears, or an unknown answer.
    """
    if answer not in ANSWERS:
        raise NotUnderstood(f"Consent is one of {', '.join(ANSWERS)}; {answer} is none.")
    names = {name.strip() for name in (pseudonym, pseudonym_zh)} - {""}
    if not names:
        raise NotUnderstood("A person needs a pseudonym; the real name has no place here.")
    for doc in work.store.state.docs("people"):
        if both := names & {doc.get(name) for name in _NAMES}:
            raise NotUnderstood(f"{doc['code']} is called {both.pop()} already; choose another pseudonym.")
    state, mode = ANSWERS[answer]
    said = {"granted": {"notes": "yes"}, "declined": dict.fromkeys(CONSENT_SCOPES, "no")}.get(state, {})
    consent: dict[str, Any] = {"state": state, "scopes": said, "since": work.machine.clock().text()[:10]}
    if mode:
        consent["mode"] = mode
    person = Person(
        id=work.machine.new_id(), code=next_code(work), pseudonym=pseudonym.strip(),
        pseudonym_zh=pseudonym_zh.strip() or None, role=role.strip() or None, consent=consent,
    )  # fmt: skip
    await work.save([work.op(person)])
    return person


_NAMES = ("pseudonym", "pseudonym_zh")


def _row(doc: Mapping[str, Any]) -> PersonRow:
    consent = doc.get("consent") or {}
    scopes = consent.get("scopes") or {}
    return PersonRow(
        id=doc["id"], code=str(doc.get("code", "")), pseudonym=str(doc.get("pseudonym") or ""),
        pseudonym_zh=str(doc.get("pseudonym_zh") or ""), role=str(doc.get("role") or ""),
        role_zh=str(doc.get("role_zh") or doc.get("role") or ""), state=str(consent.get("state") or "pending"),
        scopes={scope: str(scopes.get(scope) or "ask") for scope in CONSENT_SCOPES},
    )  # fmt: skip


def _numbered(code: str) -> tuple[str, int]:
    """The letters of a code and its number; one without a number comes as number 0."""
    found = re.fullmatch(r"(\D*)(\d{1,9})", code)
    return (found[1], int(found[2])) if found else (code, 0)
