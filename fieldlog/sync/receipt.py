"""Receipts: what a device has read back from its own disk, and from places, and hashed. Pure.

    {"receipt":{"device":…,"form":"laptop","name":…,"former":[…],"seq":7,"own":{…},"places":{key:{…}}},"sha256":…}
    own, places   {"at":…,"name":…,"lines":{writer:[[first,last,head],…]},"originals":{"2025-03-16":"3f9a…"}}

Lines are told in stretches: of each number from the first to the last the line is there with its words, and
follows the one before; the last one's head hashes to that. So whoever has that head knows every line before it,
whatever the journal is called there. What was erased or lost is in no stretch. Originals stand by the day on which
they were read, each as the first 16 hex digits of its sha256, sorted.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model import gate
from fieldlog.model.line import Line, compact
from fieldlog.model.sentence import Sentence
from fieldlog.model.strict_json import read_json
from fieldlog.sync.layout import PROOF

HEX = 16
LAPTOP, PHONE = "laptop", "phone"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The lines `first` to `last` of a writer, each whole; `head` is the hash of the last one's head."""

    writer: str
    first: int
    last: int
    head: str

    def told(self) -> list[Any]:
        return [self.first, self.last, self.head]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one disk, or one place, holds that was read back: `at` is when the last of it was, an ISO text, `name`
    what a place is called. `originals` leads from the beginning of a sha256 (`short`) to the date of reading."""

    at: str = ""
    name: str = ""
    stretches: tuple[Stretch, ...] = ()
    originals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a device publishes. `former` are ids that it had: what they published counts for nothing. `seq` goes up
    whenever it says something else. A `laptop` keeps every original, a `phone` may let some go."""

    device: str
    form: str
    name: str = ""
    former: tuple[str, ...] = ()
    seq: int = 0
    own: Holding = field(default_factory=Holding)
    places: Mapping[str, Holding] = field(default_factory=dict)


def proof_name(device: str) -> str:
    return f"{PROOF}/{device}.json"


def is_proof(name: str) -> bool:
    """Whether a listed file is called as a receipt is."""
    device = name.removeprefix(f"{PROOF}/").removesuffix(".json")
    return name == proof_name(device) and gate.identifier(device) is None


def short(sha256: str) -> str:
    return sha256[:HEX]


# -- stretches


def stretches_of(writer: str, lines: Iterable[Line], behind: Iterable[Stretch] = ()) -> list[Stretch]:
    """The stretches that lines of a writer, in order, make, going on `behind` others."""
    found = list(behind)
    for line in lines:
        if line.form != "whole" or line.writer != writer:
            continue
        last = found[-1] if found else None
        if last and line.n == last.last + 1 and line.prev == last.head:
            found[-1] = Stretch(writer=writer, first=last.first, last=line.n, head=line.head_hash)
        elif last is None or line.n > last.last:
            found.append(Stretch(writer=writer, first=line.n, last=line.n, head=line.head_hash))
    return found


def heads_in(stretches: Iterable[Stretch], known: Mapping[str, tuple[int, str]]) -> set[str]:
    """The heads of the lines that stretches hold, as far as they are known here: `known` leads from the hash of a
    head to the number of its line and the hash of the head before."""
    found = set[str]()
    for one in stretches:
        head, n = one.head, one.last
        while n >= one.first and (at := known.get(head)) and at[0] == n:
            found.add(head)
            n, head = n - 1, at[1]
    return found


# -- as a file says it


def receipt_of(receipt: Receipt) -> bytes:
    said = {
        "device": receipt.device, "form": receipt.form, "name": receipt.name, "former": list(receipt.former),
        "seq": receipt.seq, "own": holding_told(receipt.own),
        "places": {key: holding_told(one) for key, one in sorted(receipt.places.items())},
    }  # fmt: skip
    return compact({"receipt": said, "sha256": _hash(said)})


def read_receipt(data: bytes) -> Receipt | None:
    """None for what is no receipt, or not as it was written."""
    try:
        whole = read_json(data)
    except ValueError:
        return None
    said: Any = whole.get("receipt") if isinstance(whole, dict) else None
    if _RECEIPT(said) is not None or whole.get("sha256") != _hash(said):
        return None
    own, places = holding_in(said["own"]), {key: holding_in(one) for key, one in said["places"].items()}
    return Receipt(
        device=said["device"], form=said["form"], name=said["name"], former=tuple(said["former"]), seq=said["seq"],
        own=own, places=places,
    )  # fmt: skip


def holding_told(holding: Holding) -> dict[str, Any]:
    lines = defaultdict[str, list[Any]](list)
    for one in holding.stretches:
        lines[one.writer].append(one.told())
    by_date = defaultdict[str, list[str]](list)
    for original, date in sorted(holding.originals.items()):
        by_date[date].append(original)
    return {
        "at": holding.at, "name": holding.name, "lines": dict(sorted(lines.items())),
        "originals": {date: "".join(some) for date, some in sorted(by_date.items())},
    }  # fmt: skip


def holding_in(said: Mapping[str, Any]) -> Holding:
    """From what passed `HOLDING`."""
    return Holding(
        at=said["at"], name=said["name"],
        stretches=tuple(
            Stretch(writer=writer, first=one[0], last=one[1], head=one[2])
            for writer, some in said["lines"].items() for one in some
        ),
        originals={one: date for date, text in said["originals"].items() for one in _cut(text)},
    )  # fmt: skip


def without(holding: Holding, originals: Collection[str], writers: Collection[str] = ()) -> Holding:
    """A holding less some originals (`short`), and less the lines of some writers."""
    return Holding(
        at=holding.at, name=holding.name,
        stretches=tuple(one for one in holding.stretches if one.writer not in writers),
        originals={one: date for one, date in holding.originals.items() if one not in originals},
    )  # fmt: skip


def _cut(text: str) -> Iterator[str]:
    return (text[at : at + HEX] for at in range(0, len(text) - HEX + 1, HEX))


def _hash(said: Any) -> str:
    return hashlib.sha256(compact(said)).hexdigest()


def _stretch(value: Any) -> Sentence | None:
    if not isinstance(value, list) or len(value) != 3:
        return gate.MISSING
    return gate.amount(value[0]) or gate.amount(value[1]) or gate.sha256(value[2])


HOLDING = gate.complete(
    at=gate.text, name=gate.text, lines=gate.mapped(gate.listed(_stretch)), originals=gate.mapped(gate.text)
)  # fmt: skip
_RECEIPT = gate.complete(
    device=gate.identifier, form=gate.text, name=gate.text, former=gate.listed(gate.identifier), seq=gate.amount,
    own=HOLDING, places=gate.mapped(HOLDING),
)  # fmt: skip
