"""What was left open when the app was killed, as far as it can be read; moments as they stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fieldlog.model import gate
from fieldlog.model.moment import Moment, iso, parse
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.kept import made_of
from fieldlog.services.study.workspace import Workspace

_MOMENT = gate.shape(
    at=gate.instant, zone=gate.text, precision=gate.text, source=gate.text, wall=gate.text, mono_ms=gate.whole,
    boot=gate.text, counts_sleep=gate.truth, suspect=gate.truth,
)  # fmt: skip
_CHIPS = gate.shape(
    kind=gate.text, note_type=gate.text, session=gate.text, place=gate.text, people=gate.texts, scene=gate.text,
    take=gate.text, codes=gate.texts, speech=gate.text, certainty=gate.text, figure=gate.mapping,
    count=gate.amount, at=gate.instant, back=gate.seconds, precision=gate.text, during=gate.mapping,
    override=gate.mapping,
)  # fmt: skip
_LEFT = {
    "began": _MOMENT, "session": gate.text, "during": gate.shape(memo=gate.text, at=gate.number), "chips": _CHIPS,
    "kept": gate.instant, "drafted": gate.complete(page=gate.text, text=gate.text),
}  # fmt: skip


def readable(work: Workspace, left: Mapping[str, Any] | None, capture: Capture) -> dict[str, Any] | None:
    """What was left open, its words whatever else can't be read of it; None where there are none."""
    if left is None or not isinstance(left.get("text"), str):
        return None
    told = {name: value for name, value in left.items() if name not in _LEFT or (value and not _LEFT[name](value))}
    began = told["began"] if "at" in told.get("began", {}) else told_of(capture.now())
    record = left.get("id") if gate.identifier(left.get("id")) is None else work.machine.new_id()
    # Where its chips don't say whom it is for, it is nobody's but the writer's.
    usual = {"session": None, "during": {}, "chips": Chips(note_type="PN").told()}
    return {**usual, **told, "id": record, "began": began}


def told_of(moment: Moment) -> dict[str, Any]:
    """A moment as the open text keeps it."""
    return {**asdict(moment), "at": iso(moment.at)}


def moment_of(told: Mapping[str, Any]) -> Moment:
    """The moment that `told_of` gave."""
    return made_of(Moment, {**told, "at": parse(told["at"])})
