"""FieldLog in a terminal: the same verbs as the app, and the app itself where no verb is given. One file a verb.

Exit 0 done, 1 refused with a sentence on stderr, 2 wrong usage.
"""

from __future__ import annotations

from fieldlog.cli import archive, bundle, day, days, demo, erase, find, import_, log, restore, studies, verify
from fieldlog.cli.door import main

__all__ = ["VERBS", "main"]

VERBS = (log, import_, days, day, find, studies, archive, verify, bundle, restore, erase, demo)
"""Each adds itself to `main`."""
