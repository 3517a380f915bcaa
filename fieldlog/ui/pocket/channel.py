"""A line to the page and its service worker, for the app in a browser without a server. Imported late."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping
from typing import Any

import js
from pyodide.ffi import create_proxy, to_js


class Channel:
    """A BroadcastChannel: `hear` gets what others say there, as dicts, in a copy of the context."""

    def __init__(self, name: str, hear: Callable[[dict[str, Any]], None], *, context: contextvars.Context) -> None:
        def heard(event: Any) -> None:
            # What the browser calls knows nothing of the page that is drawn.
            context.copy().run(hear, event.data.to_py())

        self._line = js.BroadcastChannel.new(name)
        self._heard = create_proxy(heard)
        self._line.addEventListener("message", self._heard)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Say something to all who listen there."""
        self._line.postMessage(to_js(dict(message), dict_converter=js.Object.fromEntries))

    def close(self) -> None:
        self._line.close()
