"""JSON of which nobody knows who wrote it: whatever is read here can be written again.

JSON has no NaN and no infinity; lists in lists without end are none of ours. Half a character, which UTF-8 can't
hold, becomes U+FFFD.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from fieldlog.model.sentence import Sentence

DEEPEST_OF_OURS, DEEPEST_FROM_OUTSIDE = 32, 24
"""Lists in lists. Ours go six deep; what comes in lies somewhat deeper in a line of ours."""


_HALVES = re.compile("[\ud800-\udfff]")


def read_json(data: bytes | str, deepest: int = DEEPEST_FROM_OUTSIDE) -> Any:
    """What JSON says, of UTF-8. Raises ValueError."""
    said = data if isinstance(data, str) else data.decode("utf-8-sig")
    try:
        value = _STRICT.decode(said)
        if said.count("[") + said.count("{") > deepest and _deeper_than(deepest, value):
            raise ValueError(Sentence("lists in lists without end"))
    except RecursionError as why:
        raise ValueError(Sentence("lists in lists without end")) from why
    return with_whole_characters(value) if "\\u" in said else value


def with_whole_characters(value: Any) -> Any:
    """A value of JSON whose texts UTF-8 can hold: half of a surrogate pair becomes U+FFFD, all else stays."""
    told = json.dumps(value, ensure_ascii=False)
    if told.isascii() or not _HALVES.search(told):
        return value
    return _STRICT.decode(told.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _no_number(name: str) -> NoReturn:
    raise ValueError(Sentence("{name} is not a number of JSON", name=name[:40]))


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        _no_number(digits)
    return found


_STRICT = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)


def _deeper_than(levels: int, value: Any) -> bool:
    inside = value.values() if isinstance(value, dict) else value
    return any(levels == 1 or _deeper_than(levels - 1, one) for one in inside if isinstance(one, dict | list))
