"""The vocabulary of stored records: every closed list of names, in one place.

Stored names are English and never shown raw; faces translate them.
"""

from __future__ import annotations

ENTRY_KINDS = (
    "jotting", "fieldnote", "quote", "voice", "photo", "paper", "memo",
    "question", "ethics", "count", "figure", "marker",
)  # fmt: skip
IMPORTED_KINDS = {"document": "paper", "tasks": "memo"}
"""Names other files use for kinds of ours."""

NOTE_TYPES = ("ON", "TN", "MN", "PN", "none")
"""Schatzman and Strauss: observation, theory (interpretation), method; PN is personal."""

STAGES = ("raw", "expanded", "reviewed")
SESSION_TYPES = ("meeting", "shoot", "creative", "interview", "informal", "travel", "desk", "other")
DAY_TYPES = ("prep", "shoot", "move", "off", "post", "wrap", "unplanned")
PRECISIONS = ("exact", "minute", "about", "part-of-day", "day")
MOMENT_SOURCES = (
    "device", "exif", "xmp", "gps", "sound", "name", "edited", "file", "manual", "session", "corrected",
)  # fmt: skip
"""Who says when it was. Of files: EXIF, XMP, the satellites, a recording's head, its name, EXIF's last change, its
date on the disk."""
LINK_RELS = (
    "expands", "about", "supports", "contradicts", "paraphrases",
    "reflects-on", "see-also", "follows-up", "same-moment", "requires-erasure",
)  # fmt: skip
SPEECH = ("verbatim", "paraphrase", "recalled")
CERTAINTY = ("sure", "likely", "unsure")
SENSITIVITY = ("normal", "restricted", "embargo")
CONSENT_STATES = ("pending", "granted", "declined", "partly-withdrawn", "withdrawn", "lapsed")
CONSENT_SCOPES = ("notes", "quote", "audio", "photo", "share", "abroad")
CONSENT_ANSWERS = ("yes", "no", "ask")
CONSENT_ACTIONS = ("asked", "given", "declined", "narrowed", "widened", "noted", "corrected", "withdrawn")
"""A step in the history of a consent. `noted` changes how it was given, and no scope; `corrected` says that the
step it takes back was written by mistake, and that what held before holds; `withdrawn` was asked for elsewhere and
came in."""
TAKE_RESULTS = ("OK", "NG", "hold", "circled", "false-start")
MAY_RECORD = ("none", "notes", "audio", "photo")
VERDICTS = (
    "ok", "empty", "truncated", "repaired", "unplayable", "not-what-it-says",
    "too-large", "undecodable", "duplicate", "renamed",
)  # fmt: skip

LANES = ("team", "mine")
"""`mine` never leaves for the team: personal notes, day memos, mood, consent evidence."""

SET_FIELDS = frozenset({"people", "scenes", "codes", "attachments"})
"""Fields that are sets: two people who each add to one both win."""
