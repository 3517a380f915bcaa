"""Everything FieldLog can refuse, as one tree of sentences.

`str(error)` is a sentence fit for the screen: what happened, and what to do. Facts are attributes.
"""

from __future__ import annotations

from fieldlog.model.sentence import Sentence


class FieldLogError(Exception):
    """The root of every refusal of ours."""


class StoreBusy(FieldLogError):
    """Another process or browser tab holds the writer's lock of this store."""

    def __init__(self, where: str) -> None:
        super().__init__(
            Sentence(
                "FieldLog is already open on this store ({where}). Write there, or close it first; nothing "
                "was changed.",
                where=where,
            )
        )
        self.where = where


class NotSaved(FieldLogError):
    """A write did not reach the disk; what was there before is untouched."""

    def __init__(self, why: str) -> None:
        super().__init__(Sentence("Not saved: {why}", why=why))
        self.why = why


class DiskFull(NotSaved):
    """The disk has no room left."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "this device has no space left. Everything saved before is safe; free some space and try again."
            )
        )


class MissingFile(FieldLogError):
    """A file that was asked for is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(Sentence("There is no file {path}.", path=path))
        self.path = path


class DamagedLine(FieldLogError):
    """A journal line that is not what its writer wrote."""

    def __init__(self, why: str) -> None:
        super().__init__(Sentence("This line of the journal is damaged: {why}.", why=why))
        self.why = why


class NotOpened(FieldLogError):
    """Sealed bytes that don't open: another key, or not what was sealed."""

    def __init__(self) -> None:
        super().__init__(Sentence("It does not open: it was sealed with another passphrase, or is damaged."))


class NotFound(FieldLogError):
    """Nothing of that name is in this study."""


class NotUnderstood(FieldLogError):
    """Input that cannot be read as what it claims to be; nothing was changed."""


class Cancelled(FieldLogError):
    """A person stopped what was under way; what it had not finished is not there."""


class WrongPlace(FieldLogError):
    """A folder or file that belongs to something else, or is not empty where it must be."""
