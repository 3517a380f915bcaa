"""Ports that no other test takes meanwhile."""

from __future__ import annotations

import socket
from pathlib import Path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def port_of(data: Path) -> int:
    """The port of a store's hub: drawn once, and kept beside the store."""
    known = data.with_name(f"{data.name}.port")
    if not known.exists():
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(str(free_port()))
    return int(known.read_text())
