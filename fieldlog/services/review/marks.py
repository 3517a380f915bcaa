"""What was looked for, marked in a text as it was written."""

from __future__ import annotations

from fieldlog.store.search_marks import marked

__all__ = ["marked"]
