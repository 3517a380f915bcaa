"""What all nouns share: frozen, made from folded documents, and each field's type says what it may hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from fieldlog.model import gate
from fieldlog.model.gate import Check, Id, shape, text

Extra = Annotated[Mapping[str, Any], shape(strokes=text)]


@dataclass(frozen=True, kw_only=True)
class Record:
    """A noun with an id. `source_id` is what it was called where it was imported from.

    `extra` holds what an imported record said beyond our fields, so that nothing is dropped.
    """

    kind_of_record: ClassVar[str] = ""

    id: Id
    source_id: str | None = None
    extra: Extra = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, doc: Mapping[str, Any]) -> Self:
        """The noun a folded document holds, made of its own; fields we do not know stay in the document.

        What is only read is read by a view: `records`.
        """
        return cls(**{name: _frozen(doc[name]) for name in _names(cls) if name in doc})

    def fields(self) -> dict[str, Any]:
        """The fields as stored, without the id and without those that say nothing: None, False and empty lists."""
        said = ((name, getattr(self, name)) for name in _names(type(self)) if name != "id")
        return {name: _thawed(value) for name, value in said if not _says_nothing(value)}


def checks(cls: type[Record]) -> Mapping[str, Check]:
    """What each field of a noun must pass where it says something, by its type."""
    hints = get_type_hints(cls, include_extras=True)
    return {one.name: _check_of(hints[one.name]) for one in dataclasses.fields(cls)}


def required(cls: type[Record]) -> tuple[str, ...]:
    """The fields without which a noun is none."""
    missing = dataclasses.MISSING
    found = dataclasses.fields(cls)
    return tuple(one.name for one in found if one.default is missing and one.default_factory is missing)


_PLAIN: dict[Any, Check] = {
    str: gate.text, bool: gate.truth, int: gate.whole, float: gate.number, Any: gate.anything,
}  # fmt: skip


def _check_of(hint: Any) -> Check:
    inside = get_args(hint)
    if get_origin(hint) is Annotated:
        found: Check = inside[1]
        return found
    if get_origin(hint) in (UnionType, Union):
        return _check_of(inside[0])
    if get_origin(hint) is tuple:
        return gate.listed(_check_of(inside[0]))
    if get_origin(hint) is Mapping:
        return gate.mapping if inside[1] is Any else gate.mapped(_check_of(inside[1]))
    return _PLAIN[hint]


_NAMES: dict[type[Record], tuple[str, ...]] = {}


def _names(cls: type[Record]) -> tuple[str, ...]:
    if cls not in _NAMES:
        _NAMES[cls] = tuple(field.name for field in dataclasses.fields(cls))
    return _NAMES[cls]


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value in ((), {})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _thawed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
