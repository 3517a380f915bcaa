"""The hub's carrier in a process of its own, that can be killed: python -m tests.server.hub.alone PORT FOLDER

Carries the small app of `apps.py`. Prints the port, and the hash of the certificate that it shows.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from fieldlog.server.hub.certificates import kept_up
from fieldlog.server.hub.webtransport import offer
from tests.server.hub.apps import Kept


async def main(port: int, folder: Path) -> None:
    certificate = kept_up((), datetime.now(UTC))[0]
    carrier = await offer(Kept(folder).app, certificate, host="127.0.0.1", port=port)
    print(carrier.port, certificate.hash, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
