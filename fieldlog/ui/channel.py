"""A line to the page and its service worker, for the app in a browser without a server. Imported late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import js
from pyodide.ffi import create_proxy, to_js


class Channel:
    """A BroadcastChannel: `hear` gets what others say there, as dicts."""

    def __init__(self, name: str, hear: Callable[[dict[str, Any]], None] | None = None) -> None:
        self._line = js.BroadcastChannel.new(name)
        if hear is not None:
            self._heard = create_proxy(lambda event: hear(event.data.to_py()))
            self._line.addEventListener("message", self._heard)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Say something to all who listen there."""
        self._line.postMessage(to_js(dict(message), dict_converter=js.Object.fromEntries))

    def close(self) -> None:
        self._line.close()
