"""A hub in a process of its own, that can be killed: python -m tests.fakes.hub_alone DATA

Prints the code that it shows. It is at the port that is kept beside the data, each time it is begun.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.fakes.hubs import hub_open


async def main(data: Path) -> None:
    async with hub_open(data) as served:
        print(served.hub.new_code(), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
