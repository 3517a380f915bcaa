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
        names = cls.__dataclass_fields__
        return cls(**{name: _frozen(doc[name]) for name in names if name in doc})

    def fields(self) -> dict[str, Any]:
        """The fields as stored: those that are not at their default, without the id."""
        found = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name != "id" and not _is_default(field, value):
                found[field.name] = _thawed(value)
        return found


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default is not dataclasses.MISSING:
        return bool(value == field.default)
    return field.default_factory is not dataclasses.MISSING and bool(value == field.default_factory())


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _thawed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
