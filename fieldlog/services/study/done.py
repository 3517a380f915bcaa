"""What a verb did, in one value: what came of it, how it is said, and what takes it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
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

    def with_back(self, also: Callable[[], object]) -> Done[T]:
        """The same; once it is taken back, this is done, too."""
        back = self.back
        if back is None:
            return self

        async def first_back() -> None:
            await back()
            also()

        return replace(self, back=first_back)


def both(one: Done[T], other: Done[T]) -> Done[T]:
    """Two parts of one deed, of which either may have changed nothing; `made` is what came of the first."""
    first, second = one.back, other.back
    if first is None or second is None:
        return Done(made=one.made, said=one.said or other.said, back=first or second)

    async def back() -> None:
        await first()
        await second()

    return Done(made=one.made, said=one.said, back=back)
