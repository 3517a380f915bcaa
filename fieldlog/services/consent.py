"""What a person agreed to: changed one answer at a time, and every step kept.

The person's own record says what holds now, where everyone who asks for it looks. The steps are records of
their own, saved in the same line: two devices that each take a step offline keep both, while what holds is
read strictly until somebody settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.model.register import ConsentEvent, consent_of
from fieldlog.model.words import CONSENT_ANSWERS, CONSENT_SCOPES
from fieldlog.services.open import Workspace
from fieldlog.services.people import person_doc

ASKED_SCOPES = ("notes", "quote", "audio", "photo", "share")
"""Those shown as N Q A P S; whether words may leave the country is asked only where a study needs it."""

MODES = ("told", "oral-noted", "oral-recorded", "written", "guardian")
AGREED = ("granted", "partly-withdrawn", "withdrawn", "lapsed")


@dataclass(frozen=True, kw_only=True)
class ScopeRow:
    """One line of a person's grid. `since` is an ISO date, "" where nothing was ever said."""

    scope: str
    answer: str
    mode: str
    since: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a consent's history, as it is shown. `at` is an ISO text with offset."""

    at: str
    action: str
    state: str
    mode: str
    scopes: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)


async def answer(work: Workspace, person: str, scopes: Mapping[str, str]) -> None:
    """Change what a person (an id) agreed to, scope by scope. A first yes counts as given by word.

    Raises `NotFound`, and `NotUnderstood` for a scope or an answer there is none of.
    """
    if not scopes.keys() <= set(CONSENT_SCOPES) or not set(scopes.values()) <= set(CONSENT_ANSWERS):
        raise NotUnderstood("Each of these is agreed to, not agreed to, or to be asked.")
    before = consent_of(person_doc(work, person))
    after = dict(before["scopes"]) | dict(scopes)
    state, mode = state_after(before, after), before.get("mode")
    if "yes" in after.values() and mode in (None, "told"):
        mode = "oral-noted"
    await _step(work, person, before, {**before, "state": state, "mode": mode, "scopes": after})


async def agreed_how(work: Workspace, person: str, mode: str) -> None:
    """Say how a person agreed, or that they were told. Raises `NotFound`, `NotUnderstood`."""
    if mode not in MODES:
        raise NotUnderstood(f"A consent is given {', '.join(MODES)}; {mode} is none.")
    before = consent_of(person_doc(work, person))
    await _step(work, person, before, {**before, "mode": mode})


def grid(work: Workspace, person: str) -> list[ScopeRow]:
    """What a person agreed to, in the order N Q A P S, each with since when. Raises `NotFound`."""
    consent = consent_of(person_doc(work, person))
    began = str(consent.get("since") or "")
    since = {scope: began if said != "ask" else "" for scope, said in consent["scopes"].items()}
    for step in reversed(history(work, person)):
        since |= dict.fromkeys(step.scopes, step.at[:10])
    mode = str(consent.get("mode") or "")
    return [
        ScopeRow(scope=scope, answer=consent["scopes"][scope], mode=mode, since=since[scope])
        for scope in ASKED_SCOPES
    ]


def history(work: Workspace, person: str) -> list[Step]:
    """Every step of a person's consent that this device holds, the latest first."""
    docs = [doc for doc in work.store.state.docs("consents") if doc.get("person") == person]
    ordered = sorted(docs, key=lambda doc: (doc["_t"], doc["id"]), reverse=True)
    return [
        Step(
            at=doc["at"], action=doc["action"], state=doc["state"], mode=str(doc.get("mode") or ""),
            scopes=doc.get("scopes", {}), was=doc.get("was", {}),
        )
        for doc in ordered
    ]  # fmt: skip


def state_after(before: Mapping[str, Any], scopes: Mapping[str, str]) -> str:
    """The state of a consent whose scopes are now these. Pure.

    Taking back a yes makes it partly withdrawn, until nothing is refused any more; taking back the last one
    withdrawn. Who never agreed and refuses everything has declined.
    """
    answers, had = {scopes.get(scope, "ask") for scope in ASKED_SCOPES}, before["state"] in AGREED
    if answers == {"no"}:
        return "withdrawn" if had else "declined"
    if "yes" not in answers:
        return "partly-withdrawn" if had and "no" in answers else "pending"
    taken_back = had and any(
        scopes.get(scope) == "no" and said == "yes" for scope, said in before["scopes"].items()
    )
    partly = taken_back or (before["state"] in ("partly-withdrawn", "withdrawn") and "no" in answers)
    return "partly-withdrawn" if partly else "granted"


async def _step(work: Workspace, person: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Save what holds now and how it came to that, as one line; nothing where nothing differs."""
    changed = {name: said for name, said in after["scopes"].items() if before["scopes"][name] != said}
    doc, now = person_doc(work, person), work.machine.clock().text()
    settled = len(doc.get("_heads", {}).get("consent", ())) < 2
    if settled and not changed and before.get("mode") == after.get("mode"):
        return
    fresh = before["state"] != after["state"] or before.get("mode") != after.get("mode")
    said = {
        **after, "since": now[:10] if fresh or not before.get("since") else before["since"],
        "scopes": {scope: one for scope, one in after["scopes"].items() if one != "ask"},
    }  # fmt: skip
    event = ConsentEvent(
        id=work.machine.new_id(), person=person, at=now, action=_action(before, after, changed),
        state=after["state"], mode=after.get("mode"), scopes=changed,
        was={name: before["scopes"][name] for name in changed},
    )  # fmt: skip
    consent = {"consent": {name: value for name, value in said.items() if value is not None}}
    await work.save([work.change("set", "person", person, consent, base_of(doc, consent)), work.op(event)])


def _action(before: Mapping[str, Any], after: Mapping[str, Any], changed: Mapping[str, str]) -> str:
    if not changed:
        return "asked" if after.get("mode") == "told" else "noted"
    if after["state"] == "declined":
        return "declined"
    if before["state"] in ("pending", "declined") and "yes" in changed.values():
        return "given"
    reserve = {"yes": 0, "ask": 1, "no": 2}
    less = any(reserve[said] > reserve[before["scopes"][name]] for name, said in changed.items())
    return "narrowed" if less else "widened"
