"""The register: where two devices say different things of a consent, the strictest of it holds."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from fieldlog.model.fold import folded
from fieldlog.model.op import Op
from fieldlog.model.register import consent_of


def person(*consents: dict[str, Any]) -> dict[str, Any]:
    """A person of whom each device says something else, none having seen the other."""
    doc = folded(None, Op(u="a", t="1", r="person", e="p", k="new", v={"code": "P07"}))
    for n, consent in enumerate(consents):
        doc = folded(doc, Op(u=f"b{n}", t=f"2{n}", r="person", e="p", k="set", v={"consent": consent}))
    return doc


YES = {"state": "granted", "mode": "written", "scopes": {"notes": "yes", "audio": "yes", "photo": "yes"}}
SOME = {"state": "partly-withdrawn", "mode": "told", "scopes": {"notes": "yes", "audio": "no"}}
ASKED = {"state": "pending", "scopes": {"notes": "ask", "photo": "yes"}}


@pytest.mark.parametrize("said", [*permutations([YES, SOME, ASKED])])
def test_each_scope_has_the_strictest_answer_and_the_most_reserved_state_stands(said: tuple[Any, ...]) -> None:
    consent = consent_of(person(*said))
    assert (consent["state"], consent["mode"]) == ("partly-withdrawn", "told")
    scopes = consent["scopes"]
    assert (scopes["notes"], scopes["audio"], scopes["photo"], scopes["share"]) == ("ask", "no", "ask", "ask")


def test_nobody_who_was_not_asked_has_agreed() -> None:
    for told in ((), ({},), ({"state": None},)):
        consent = consent_of(person(*told))
        assert consent["state"] == "pending"
        assert set(consent["scopes"].values()) == {"ask"}
