"""The register: people, places, scenes, takes and codes, which join notes to call sheets, script and cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fieldlog.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """Someone observed, by code and pseudonym. Real names live in the identity key, never here.

    `consent` holds `state`, `mode`, `since` and `scopes` (medium to yes, no or ask; missing means ask).
    """

    kind_of_record: ClassVar[str] = "person"

    code: str
    pseudonym: str = ""
    pseudonym_zh: str | None = None
    role: str | None = None
    role_zh: str | None = None
    dept: str | None = None
    consent: Mapping[str, Any] = field(default_factory=dict)
    withdrawal: Mapping[str, Any] = field(default_factory=dict)
    minor: bool = False
    guardian: str | None = None


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
    secs: float | None = None
    day: str | None = None
    at: str | None = None
    during: Mapping[str, Any] = field(default_factory=dict)
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


def scene_code(typed: str) -> str:
    """The slate's code from what was typed: "342" is 34-2; anything with a dash stays as it is."""
    plain = typed.strip()
    return f"{plain[:-1]}-{plain[-1]}" if re.fullmatch(r"\d{2,}", plain) else plain
