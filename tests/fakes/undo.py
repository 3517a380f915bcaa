"""Taking back what a verb did."""

from __future__ import annotations

from typing import Any

from fieldlog.services.study.done import Done


async def take_back(done: Done[Any]) -> None:
    """Take it back; fails where there is nothing to take back."""
    assert done.back is not None
    await done.back()
