"""What a verb did, in one value: what came of it, how it is said, and what takes it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Back = Callable[[], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class Done(Generic[T]):
    """`made` is what came of it; `said` what was done, a `Sentence`, "" where nothing has changed; `back` takes it
    back, None where nothing can.

    What must be drawn anew is not said here: the store tells whoever listens of every change, also of those that
    came from elsewhere.
    """

    made: T
    said: str = ""
    back: Back | None = None
