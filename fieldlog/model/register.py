"""The register: people, places, scenes, takes and codes, which join notes to call sheets, script and cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, NotRequired, TypedDict, cast

from fieldlog.model.fold import conflicts
from fieldlog.model.gate import During, Instant, IsoDate, Seconds, mapped, shape, text
from fieldlog.model.ids import imported_id
from fieldlog.model.record import Record
from fieldlog.model.vocabulary import CONSENT_SCOPES

_CONSENT = shape(state=text, mode=text, since=text, scopes=mapped(text))


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """Someone observed, by code and pseudonym. Real names live in the identity key, never here.

    `consent` holds `state`, `mode`, `since` and `scopes` (medium to yes, no or ask; missing means ask); read
    it with `consent_of`. Someone `unknown` is only described, in the place of the pseudonym.
    """

    kind_of_record: ClassVar[str] = "person"

    code: str
    pseudonym: str = ""
    pseudonym_zh: str | None = None
    role: str | None = None
    role_zh: str | None = None
    dept: str | None = None
    consent: Annotated[Mapping[str, Any], _CONSENT] = field(default_factory=dict)
    withdrawal: Mapping[str, Any] = field(default_factory=dict)
    minor: bool = False
    guardian: str | None = None
    unknown: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsentEvent(Record):
    """One step in what a person agreed to: the consent before and after it, and how it was said.

    `at` is an ISO text with offset, `action` one of the consent actions; `scopes` are those that changed,
    to the answer they have since, `was` the same scopes before. `takes_back` is the id of a step that was written
    by mistake: both stay. The history is a record a step, so that steps
    taken on two devices are all there; a list in the person's own record would be two lists in conflict.

    Of one that was withdrawn: the `channel` by which that came ("message"), in which `words`, and what is to be
    erased and may be kept, as it was said.
    """

    kind_of_record: ClassVar[str] = "consent-event"

    person: str
    at: Instant
    action: str
    state: str
    mode: str | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    takes_back: str | None = None
    channel: str | None = None
    words: str | None = None
    erase: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Place(Record):
    """Where things happen. `lat` and `lon` are WGS 84 degrees, optional."""

    kind_of_record: ClassVar[str] = "place"

    code: str
    name: str = ""
    name_zh: str | None = None
    kind: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, kw_only=True)
class Scene(Record):
    """A scene by the slate's code, *episode-scene* ("34-2"); `ie` is INT or EXT, `dn` D or N."""

    kind_of_record: ClassVar[str] = "scene"

    code: str
    episode: int | None = None
    place: str | None = None
    ie: str | None = None
    dn: str | None = None
    synopsis: str | None = None


@dataclass(frozen=True, kw_only=True)
class Take(Record):
    """One take of a scene. `secs` is its length; `day` the ISO date of its production day, `at` an ISO time.

    `during` ties it to the memo that ran, as on an entry.
    """

    kind_of_record: ClassVar[str] = "take"

    scene: str
    take: str
    result: str | None = None
    secs: Seconds | None = None
    day: IsoDate | None = None
    at: Instant | None = None
    during: During = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Code(Record):
    """An analytic code; `code` is its dotted name ("metrics.roi"), `memo` its definition."""

    kind_of_record: ClassVar[str] = "code"

    code: str
    label: str = ""
    label_zh: str | None = None
    parent: str | None = None
    colour: str | None = None
    memo: str = ""
    status: str = "open"


def someone_id(study: str) -> str:
    """The id of *someone*, who may be anybody: made from the study's, so that devices agree."""
    return imported_id(0, study, "person", "someone")


class Consent(TypedDict):
    """What a person agreed to, as it is read: `scopes` has an answer for every scope, `since` is an ISO date."""

    state: str
    mode: NotRequired[str | None]
    since: NotRequired[str]
    scopes: Mapping[str, str]


def consent_of(person: Mapping[str, Any]) -> Consent:
    """What a person's document says of consent; where devices disagree, the strictest of it.

    Every scope has an answer. Of several states the most reserved stands, and with it its mode and date.
    """
    said: list[Mapping[str, Any]] = conflicts(person).get("consent") or [person.get("consent") or {}]
    told = [{**one, "state": one.get("state") or "pending"} for one in said if one] or [{"state": "pending"}]
    scopes = [one.get("scopes") or {} for one in told]
    strictest = max(told, key=lambda one: _RESERVE.get(one["state"], len(_RESERVE)))
    read = {name: max((_answer(one, name) for one in scopes), key=_STRICTNESS.index) for name in CONSENT_SCOPES}
    return cast("Consent", {**strictest, "scopes": read})


def refuses_notes(said: Mapping[str, Any]) -> bool:
    """Whether a consent as it is stored says that nothing may be written of this person by their name."""
    return said.get("state") in ("declined", "withdrawn") or (said.get("scopes") or {}).get("notes") == "no"


_RESERVE = {"granted": 0, "pending": 1, "lapsed": 2, "partly-withdrawn": 3, "withdrawn": 4, "declined": 5}
_STRICTNESS = ("yes", "ask", "no")


def _answer(scopes: Mapping[str, Any], name: str) -> str:
    said = scopes.get(name)
    return said if said in _STRICTNESS else "ask"


def numbered(code: str) -> tuple[str, int]:
    """The letters of a code and its number; one without a number comes as number 0."""
    found = re.fullmatch(r"(\D*)(\d{1,9})", code)
    return (found[1], int(found[2])) if found else (code, 0)


def scene_code(typed: str) -> str:
    """The slate's code from what was typed: "342" is 34-2; anything with a dash stays as it is."""
    plain = typed.strip()
    return f"{plain[:-1]}-{plain[-1]}" if re.fullmatch(r"\d{2,}", plain) else plain
