"""FieldLog in a terminal: the same verbs as the app, and the app itself where no verb is given. One file a verb.

Exit 0 done, 1 refused with a sentence on stderr, 2 wrong usage.
"""

from __future__ import annotations

from fieldlog.cli.door import main

__all__ = ["main"]
