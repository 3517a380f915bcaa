"""What a person agreed to: changed one answer at a time, and every step kept.

The person's own record says what holds now, where everyone who asks for it looks. The steps are records of
their own, saved in the same line: two devices that each take a step offline keep both, while what holds is
read strictly until somebody settles it. A step written by mistake is taken back by another one that says so: what
held before holds again, and that it was ever written is not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.called import CONSENT_ANSWERS as CALLED_ANSWERS
from fieldlog.model.called import CONSENT_MODES as CALLED_MODES
from fieldlog.model.called import CONSENT_SCOPES as CALLED_SCOPES
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.records import StoredPerson, StoredStep
from fieldlog.model.register import Consent, ConsentEvent, consent_of
from fieldlog.model.sentence import Sentence, joined
from fieldlog.model.vocabulary import CONSENT_ANSWERS, CONSENT_SCOPES
from fieldlog.services.register.people import called, stored_person
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

ASKED_SCOPES = ("notes", "quote", "audio", "photo", "share")
"""Those shown as N Q S P Sh; whether words may leave the country is asked only where a study needs it."""

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
    """One step of a consent's history, as it is shown. `at` is an ISO text with offset.

    `channel` and `words` are how and in which words it was withdrawn elsewhere; "" of every other step.
    """

    at: str
    action: str
    state: str
    mode: str
    scopes: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A step just taken: the consent of a person before it and since."""

    person: str
    step: str
    before: Consent
    since: Mapping[str, Any]


async def answer(work: Workspace, person: str, scopes: Mapping[str, str]) -> Done[None]:
    """Change what a person (an id) agreed to, scope by scope. A first yes counts as given by word.

    Taken back, the step is said to have been written by mistake: what held before holds again, and both stand in
    the history. That raises `NotUnderstood` where something else was said since, here or on another device.
    Raises `NotFound`, and `NotUnderstood` for a scope or an answer there is none of.
    """
    if not scopes.keys() <= set(CONSENT_SCOPES) or not set(scopes.values()) <= set(CONSENT_ANSWERS):
        raise NotUnderstood("Each of these is agreed to, not agreed to, or to be asked.")
    before = consent_of(stored_person(work, person).doc)
    after = dict(before["scopes"]) | dict(scopes)
    state, mode = state_after(before, after), before.get("mode")
    if "yes" in after.values() and mode in (None, "told"):
        mode = "oral-noted"
    told = [joined(CALLED_SCOPES[scope], CALLED_ANSWERS[said], by=": ") for scope, said in scopes.items()]
    said = joined(called(work, person), *told)
    return await _step(work, person, before, {**before, "state": state, "mode": mode, "scopes": after}, said)


async def agreed_how(work: Workspace, person: str, mode: str) -> Done[None]:
    """Say how a person agreed, or that they were told; taken back as `answer` is.

    Raises `NotFound`, `NotUnderstood`.
    """
    if mode not in MODES:
        raise NotUnderstood(
            Sentence("A consent is given {known}; {mode} is none.", known=", ".join(MODES), mode=mode)
        )
    before = consent_of(stored_person(work, person).doc)
    said = joined(called(work, person), CALLED_MODES[mode])
    return await _step(work, person, before, {**before, "mode": mode}, said)


async def _take_back(work: Workspace, taken: _Taken) -> None:
    """Say that a step was written by mistake: what held before holds again, and both stand in the history.

    Nobody withdrew anything by that, so no state of the kind is made of it. Raises `NotUnderstood` where somebody
    has said something else since, here or on another device: that is not overruled.
    """
    stored = stored_person(work, taken.person)
    if stored.consent != taken.since or stored.disputed("consent"):
        raise NotUnderstood("What they agreed to was changed again since. Look at it, and say it anew.")
    now, held = consent_of(stored.doc)["scopes"], taken.before["scopes"]
    changed = {name: said for name, said in held.items() if now[name] != said}
    event = ConsentEvent(
        id=work.machine.new_id(), person=taken.person, at=work.machine.clock().text(), action="corrected",
        state=taken.before["state"], mode=taken.before.get("mode"), scopes=changed,
        was={name: now[name] for name in changed}, takes_back=taken.step,
    )  # fmt: skip
    await _save(work, stored, _stored(taken.before), event)


def grid(work: Workspace, person: str) -> list[ScopeRow]:
    """What a person agreed to, in the order N Q S P Sh, each with since when. Raises `NotFound`."""
    consent = consent_of(stored_person(work, person).doc)
    began = consent.get("since") or ""
    since = {scope: began if said != "ask" else "" for scope, said in consent["scopes"].items()}
    steps = _steps(work, person)
    mistaken = {step.takes_back for step in steps if step.takes_back}
    for step in reversed(steps):
        if step.id not in mistaken and not step.takes_back:
            since |= dict.fromkeys(step.scopes, step.at[:10])
    mode = consent.get("mode") or ""
    return [
        ScopeRow(scope=scope, answer=consent["scopes"][scope], mode=mode, since=since[scope])
        for scope in ASKED_SCOPES
    ]


def history(work: Workspace, person: str) -> list[Step]:
    """Every step of a person's consent that this device holds, the latest first."""
    return [
        Step(
            at=one.at,
            action=one.action,
            state=one.state,
            mode=one.mode or "",
            scopes=one.scopes,
            was=one.was,
            channel=one.channel or "",
            words=one.words or "",
        )
        for one in _steps(work, person)
    ]


def state_after(before: Consent, scopes: Mapping[str, str]) -> str:
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


def _steps(work: Workspace, person: str) -> list[StoredStep]:
    """The steps of a person, the latest first."""
    steps = [step for step in work.store.state.each(StoredStep) if step.person == person]
    return sorted(steps, key=lambda step: (step.stamp, step.id), reverse=True)


async def _step(work: Workspace, person: str, before: Consent, after: Consent, told: str) -> Done[None]:
    """Save what holds now and how it came to that, as one line; nothing where nothing differs."""
    changed = {name: said for name, said in after["scopes"].items() if before["scopes"][name] != said}
    stored, now = stored_person(work, person), work.machine.clock().text()
    if not stored.disputed("consent") and not changed and before.get("mode") == after.get("mode"):
        return Done(made=None)
    fresh = before["state"] != after["state"] or before.get("mode") != after.get("mode")
    since = before.get("since") or ""
    said = _stored({**after, "since": now[:10] if fresh or not since else since})
    event = ConsentEvent(
        id=work.machine.new_id(), person=person, at=now, action=_action(before, after, changed),
        state=after["state"], mode=after.get("mode"), scopes=changed,
        was={name: before["scopes"][name] for name in changed},
    )  # fmt: skip
    await _save(work, stored, said, event)
    taken = _Taken(person=person, step=event.id, before=before, since=said)
    return Done(made=None, said=told, back=lambda: _take_back(work, taken))


def _stored(consent: Consent) -> dict[str, Any]:
    """A consent as a person's record has it: what is still to ask is not said."""
    scopes = {scope: said for scope, said in consent["scopes"].items() if said != "ask"}
    return {name: value for name, value in {**consent, "scopes": scopes}.items() if value is not None}


async def _save(
    work: Workspace, person: StoredPerson, consent: Mapping[str, Any], event: ConsentEvent
) -> None:  # fmt: skip
    """What holds now, and how it came to that, as one line."""
    await work.save([work.setting(person, {"consent": consent}), work.op(event)])


def _action(before: Consent, after: Consent, changed: Mapping[str, str]) -> str:
    if not changed:
        return "asked" if after.get("mode") == "told" else "noted"
    if after["state"] == "declined":
        return "declined"
    if before["state"] in ("pending", "declined") and "yes" in changed.values():
        return "given"
    reserve = {"yes": 0, "ask": 1, "no": 2}
    less = any(reserve[said] > reserve[before["scopes"][name]] for name, said in changed.items())
    return "narrowed" if less else "widened"
