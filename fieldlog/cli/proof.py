"""What is proven on two devices, as the terminal says it."""

from __future__ import annotations

from fieldlog.cli.speaking import _, say, told
from fieldlog.model.called import FORMS
from fieldlog.model.sentence import joined
from fieldlog.model.state import State
from fieldlog.services.sync.proof.proven import Proof, unproven_words


def show_proof(state: State, proof: Proof, *, each: bool = False) -> None:
    """What is proven on two devices, in one sentence; with `each` who has how much, and what is not proven, by day
    and entry."""
    say(told.told(proof.sentence))
    for one in proof.standings if each else ():
        name = one.name or told.told(joined(FORMS.get(one.form, one.id)))
        at = f"{one.read_at:%Y-%m-%d %H:%M}" if one.read_at else "–"
        say(_("{name}: {n} of {total}, read back {at}").format(name=name, n=one.n, total=one.total, at=at))
    for words in unproven_words(state, proof) if each else ():
        say(told.told(words))
