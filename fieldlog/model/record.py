"""What all nouns share: they are frozen, and made from folded documents."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, kw_only=True)
class Record:
    """A noun with an id. `source_id` is what it was called where it was imported from.

    `extra` holds what an imported record said beyond our fields, so that nothing is dropped.
    """

    kind_of_record: ClassVar[str] = ""

    id: str
    source_id: str | None = None
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, doc: Mapping[str, Any]) -> Self:
        """The noun a folded document holds; fields we do not know stay in the document."""
        return cls(**{name: _frozen(doc[name]) for name in _names(cls) if name in doc})

    def fields(self) -> dict[str, Any]:
        """The fields as stored, without the id and without those that say nothing: None, False and empty lists."""
        said = ((name, getattr(self, name)) for name in _names(type(self)) if name != "id")
        return {name: _thawed(value) for name, value in said if not _says_nothing(value)}


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
