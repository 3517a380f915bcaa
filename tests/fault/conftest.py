"""Where this process types and records itself, nobody waits for it; what it kills lives in real time."""

from __future__ import annotations

from collections.abc import Mapping

from tests.skipping import Skipping


def pytest_asyncio_loop_factories() -> Mapping[str, type[Skipping]]:
    """A second passes at once."""
    return {"skipping": Skipping}
